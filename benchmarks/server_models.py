"""Server models and ways of writing side by side, interleaved: what docs/decisions/0006 rests on.

python -m benchmarks.server_models [SECONDS_PER_ROUND] [ROUNDS]
"""

from __future__ import annotations

import random
import statistics
import sys
from contextlib import ExitStack

from benchmarks import load, sitting
from benchmarks.store import prepared

CONNECTIONS, MOST_A_SECOND = 32, 10_000
BARE = "bare, gevent"
OURS = {"gevent": "", "gthread": "gthread"}
"""Left empty: the gevent worker of gunicorn.conf.py."""
CASES = {
    BARE: ("benchmarks.bare:application", {"WORKER_CLASS": "gevent"}),
    "bare, gthread": ("benchmarks.bare:application", {"WORKER_CLASS": "gthread"}),
    **{
        f"{way}, {model}": ("benchmarks.variants:application", {"WORKER_CLASS": OURS[model], "VARIANT": way})
        for model, way in (
            ("gevent", "one commit each"),
            ("gevent", "one writer"),
            ("gevent", "two writers"),
            ("gthread", "one commit each"),
            ("gthread", "one writer"),
        )
    },
}


def main(seconds: float = 3.0, rounds: float = 5) -> None:
    rng = random.Random(1)  # noqa: S311 - which boxes are ticked
    found: dict[str, list[load.Run]] = {name: [] for name in CASES}
    with prepared(CONNECTIONS) as store, ExitStack() as ending:
        ports = {name: ending.enter_context(store.serving(case[0], **case[1])) for name, case in CASES.items()}
        first = next(port for name, port in ports.items() if not name.startswith("bare"))
        passes = dict(list(sitting.tokens(store).items())[:CONNECTIONS])
        sheets = {attempt: sitting.started(first, attempt, token) for attempt, token in passes.items()}
        ours = [sitting.saving(attempt, sheet["token"], sheet, rng) for attempt, sheet in sheets.items()]
        bare = [sitting.bare_saving(attempt, rng) for attempt in passes]
        each = int(MOST_A_SECOND * seconds / CONNECTIONS)

        def one_round(name: str, length: float) -> load.Run:
            sources = bare if name.startswith("bare") else ours
            port, made = ports[name], [load.made(source, each) for source in sources]
            before = store.spent(port)
            run = load.run(port, made, length)
            spent = (1000 * (b - a) for a, b in zip(before, store.spent(port), strict=True))
            run.app, run.database = (one / max(1, len(run.waits)) for one in spent)
            return run

        for name in CASES:
            one_round(name, 1)
        for number in range(int(rounds)):
            for name in CASES if number % 2 else reversed(CASES):
                found[name].append(one_round(name, seconds))
    _report(found)


def _report(found: dict[str, list[load.Run]]) -> None:
    print(f"saves, {CONNECTIONS} connections, one process a core, load on the same machine")
    for name, runs in found.items():
        rates = sorted(run.rate for run in runs)
        ratio = statistics.median(run.rate / bare.rate for run, bare in zip(runs, found[BARE], strict=True))
        p50, p99 = (statistics.median(run.percentile(share) for run in runs) for share in (0.5, 0.99))
        print(
            f"  {name:<24} {rates[0]:6,.0f} / {statistics.median(rates):6,.0f} / {rates[-1]:6,.0f} /s"
            f"   p50 {p50:5.1f} ms   p99 {p99:5.1f} ms   {ratio:.2f} of the bare one"
            f"   processor time {statistics.median(run.app for run in runs):.3f} ms"
            f" + database {statistics.median(run.database for run in runs):.3f} ms"
        )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
