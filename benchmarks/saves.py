"""Saves per second: authenticated, guarded, durable; beside a bare handler that does only the durable statement.

python -m benchmarks.saves [SECONDS_PER_ROUND]
"""

from __future__ import annotations

import random
import sys

from benchmarks import load, sitting
from benchmarks.store import Store, prepared

ROUNDS, CONNECTIONS = 5, 32


def measure(store: Store, seconds: float) -> None:
    rng = random.Random(1)  # noqa: S311 - which boxes are ticked
    passes = dict(list(sitting.tokens(store).items())[:CONNECTIONS])
    ours: list[load.Run] = []
    bare: list[load.Run] = []
    with store.serving("wsgi:app") as port, store.serving("benchmarks.bare:application") as bare_port:
        sheets = {attempt: sitting.started(port, attempt, token) for attempt, token in passes.items()}
        sources = [sitting.saving(attempt, passes[attempt], sheet, rng) for attempt, sheet in sheets.items()]
        bare_sources = [sitting.bare_saving(attempt, rng) for attempt in passes]
        load.run(port, sources, 1)
        load.run(bare_port, bare_sources, 1)
        for number in range(ROUNDS):
            cases = [(ours, port, sources), (bare, bare_port, bare_sources)]
            for runs, where, what in cases if number % 2 else reversed(cases):
                runs.append(load.run(where, what, seconds))
    print(f"saves, {CONNECTIONS} connections, gunicorn 2 workers x 8 threads, load on the same machine")
    load.report("saves", ours, bare)


def main(seconds: float = 3.0) -> None:
    with prepared(CONNECTIONS) as store:
        measure(store, seconds)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
