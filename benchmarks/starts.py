"""Starts per second: log-in checked, start stamped durably, whole paper sent; beside a bare durable statement.

python -m benchmarks.starts [CANDIDATES]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence

from benchmarks import load, sitting
from benchmarks.store import Store, prepared

ROUNDS, CONNECTIONS, LONG = 5, 16, 600.0


def shared(requests: Iterator[bytes]) -> list[Callable[[], bytes | None]]:
    """Every connection takes the next one that is waiting."""
    return [lambda: next(requests, None)] * CONNECTIONS


def measure(store: Store) -> None:
    rng = random.Random(1)  # noqa: S311 - numbers of rows
    waiting = [sitting.start_request(attempt, token) for attempt, token in sitting.tokens(store).items()]
    each, warm = divmod(len(waiting), ROUNDS + 1)
    ours: list[load.Run] = []
    bare: list[load.Run] = []
    with store.serving("wsgi:app") as port, store.serving("benchmarks.bare:application") as bare_port:
        source = sitting.bare_saving(1, rng)

        def round_of(requests: Sequence[bytes]) -> load.Run:
            return load.run(port, shared(iter(requests)), LONG)

        def bare_round(count: int) -> load.Run:
            return load.run(bare_port, shared(source() for _ in range(count)), LONG)

        round_of(waiting[: each + warm])
        bare_round(500)
        for number in range(ROUNDS):
            first = each + warm + number * each
            ours.append(round_of(waiting[first : first + each]))
            bare.append(bare_round(2000))
    print(f"starts, {CONNECTIONS} connections, {each} candidates a round")
    load.report("starts", ours, bare)


def main(candidates: float = 600) -> None:
    with prepared(int(candidates)) as store:
        measure(store)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
