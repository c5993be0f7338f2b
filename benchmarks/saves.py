"""Saves: authenticated, guarded, chained, counted, durable; beside a bare handler that does only a durable statement.

First closed, to see what fits; then held at a rate of arrivals, where waiting counts from the moment a request was due.

python -m benchmarks.saves [SECONDS_PER_ROUND] [ARRIVALS_A_SECOND]
"""

from __future__ import annotations

import random
import statistics
import sys

from benchmarks import load, sitting
from benchmarks.store import Store, prepared

ROUNDS, CONNECTIONS, CANDIDATES = 5, 32, 400
MOST_A_SECOND = 10_000
BARE = "benchmarks.bare:application"
HELD = 2500.0


def measure(store: Store, seconds: float, rate: float = HELD) -> None:
    rng = random.Random(1)  # noqa: S311 - which boxes are ticked
    passes = dict(list(sitting.tokens(store).items())[:CANDIDATES])
    ours: list[load.Run] = []
    bare: list[load.Run] = []
    kept: list[load.Run] = []
    with store.serving("wsgi:app") as port, store.serving(BARE, WORKER_CLASS="gevent") as bare_port:
        sheets = {attempt: sitting.started(port, attempt, token) for attempt, token in passes.items()}
        sources = [sitting.saving(attempt, sheet["token"], sheet, rng) for attempt, sheet in sheets.items()]
        bare_sources = [sitting.bare_saving(attempt, rng) for attempt in list(passes)[:CONNECTIONS]]
        each = int(MOST_A_SECOND * seconds / CONNECTIONS)

        def one_round(runs: list[load.Run], where: int, what: list[sitting.Source], length: float) -> None:
            made = [load.made(source, each) for source in what[:CONNECTIONS]]
            before = store.spent(where)
            run = load.run(where, made, length)
            spent = (1000 * (b - a) for a, b in zip(before, store.spent(where), strict=True))
            run.app, run.database = (one / max(1, len(run.waits)) for one in spent)
            runs.append(run)

        def held_round() -> None:
            moments = load.arriving(rate, seconds, rng)
            share = len(moments) // len(sources) + 1
            kept.append(load.held(port, [load.made(source, share) for source in sources], moments))

        one_round([], port, sources, 1)
        one_round([], bare_port, bare_sources, 1)
        for number in range(ROUNDS):
            cases = [(ours, port, sources), (bare, bare_port, bare_sources)]
            for runs, where, what in cases if number % 2 else reversed(cases):
                one_round(runs, where, what, seconds)
            held_round()
    print(f"saves, {CONNECTIONS} connections, one process a core, load on the same machine")
    load.report("saves", ours, bare)
    print(f"saves held, {len(sources)} connections, {rate:,.0f}/s arriving at random")
    for share in (0.5, 0.95, 0.99):
        values = sorted(run.percentile(share) for run in kept)
        middle = statistics.median(values)
        print(f"  p{100 * share:.0f} {middle:6.1f} ms ({values[0]:.1f} to {values[-1]:.1f} over {len(values)} rounds)")
    print(f"  answered {statistics.median(run.rate for run in kept):,.0f}/s")


def main(seconds: float = 3.0, rate: float = HELD) -> None:
    with prepared(CANDIDATES) as store:
        measure(store, seconds, rate)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
