"""What saving, starting, looking on and sweeping cost in a session of 1,000, 10,000 and 100,000 attempts at work.

Told in processor time of server and database, which depends less on what else the machine does than any rate.

python -m benchmarks.size [SIZE …]
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from itertools import islice
from statistics import median

from sqlalchemy import text

from app.config import Settings
from app.core import clock
from app.core.db import db
from app.delivery import attempts
from app.factory import create_app
from app.models.registration import ExamSession
from benchmarks import load, sitting
from benchmarks.crowd import grow
from benchmarks.store import Store, prepared
from proctoring.board import picture
from proctoring.board_drawing import everything
from proctoring.presence import presence
from proctoring.views import views

SIZES = (1_000, 10_000, 100_000)
SAVERS, STARTERS, SECONDS, SWEEPS, ROOMS = 32, 80, 3.0, 20, 25
ROUNDS = 5  # the middle one is told: saves and starts scatter by more than a session's size makes
WITHIN = 0.2


def measure(store: Store, sizes: tuple[int, ...]) -> dict[str, list[float]]:
    """Milliseconds by what is done, for each size in turn."""
    passes = sitting.tokens(store)
    people = iter(sorted(passes.items()))
    found: dict[str, list[float]] = {}
    app, session_id, held = create_app(Settings.from_env(store.env)), store.demonstration["session"], 0
    for size in sizes:
        with app.test_request_context():
            grow(session_id, size - held, answering=False)
            held = size
            _tidied()
            for what, cost in _looked_on(session_id, len(passes)).items():
                found.setdefault(what, []).append(cost)
            db.session.remove()
            db.engine.dispose()
        with store.serving("wsgi:app") as port:
            for what, cost in _served(store, port, dict(islice(people, SAVERS + STARTERS * (1 + ROUNDS)))).items():
                found.setdefault(what, []).append(cost)
    return found


def _tidied() -> None:
    """What a database does in its own time after so many new rows is done now, not while a few starts are timed."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text("VACUUM (ANALYZE)"))


def _served(store: Store, port: int, passes: dict[int, str]) -> dict[str, float]:
    rng = random.Random(5)  # noqa: S311
    savers = dict(islice(passes.items(), SAVERS))
    sheets = {attempt: sitting.started(port, attempt, token) for attempt, token in savers.items()}
    sources = [sitting.saving(attempt, sheet["token"], sheet, rng) for attempt, sheet in sheets.items()]
    load.run(port, [load.made(one, 30) for one in sources], SECONDS)  # papers read, statements prepared
    saving = median(_spent(store, port, [load.made(one, 3000) for one in sources]) for _ in range(ROUNDS))
    others = iter([sitting.start_request(one, token) for one, token in passes.items() if one not in savers])
    batches = ([load.made(others.__next__, STARTERS // 4) for _ in range(4)] for _ in range(1 + ROUNDS))
    _, *starts = [_spent(store, port, batch) for batch in batches]  # the first round warms up
    return {"a save": saving, "a start": median(starts)}


def _spent(store: Store, port: int, sources: list[Callable[[], bytes | None]]) -> float:
    before = store.spent(port)
    run = load.run(port, sources, SECONDS)
    return 1000 * (sum(store.spent(port)) - sum(before)) / len(run.waits)


def _looked_on(session_id: int, crowd_from: int) -> dict[str, float]:
    """One room of the board, the whole board for each thousand candidates, and a sweep that finds nothing due."""
    exam, session = db.session.get_one(ExamSession, session_id), db.session()
    ids = list(session.scalars(text("SELECT id FROM attempt WHERE session_id = :s"), {"s": session_id}))
    parts, here, now = views(session, exam), presence(), clock.now()
    crowded = [one for one in parts if one.first > crowd_from]  # full of people at work, whatever the size
    some = random.Random(7).sample(crowded, min(ROOMS, len(crowded)))  # noqa: S311
    everything(session, exam, here, now, parts)  # everybody read once
    rooms = min(_seconds(lambda: [picture(session, exam, here, now, one) for one in some]) for _ in range(2 * ROUNDS))
    whole = min(_seconds(lambda: everything(session, exam, here, now, parts)) for _ in range(3))
    sweeps = _seconds(lambda: [attempts.sweep(session, now, session_id=session_id) for _ in range(SWEEPS)]) / SWEEPS
    return {
        "one room of the board": 1000 * rooms / len(some),
        "the board, 1,000 candidates": 1000 * whole / len(ids) * 1000,
        "a sweep, nothing due": 1000 * sweeps,
    }


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main(*sizes: int) -> None:
    asked = sizes or SIZES
    with prepared((SAVERS + STARTERS * (1 + ROUNDS)) * len(asked)) as store:
        found = measure(store, asked)
    print("cost by size of the session, milliseconds of processor time (on the board that of the server alone)")
    print(f"  {'attempts':28}" + "".join(f"{size:>12,}" for size in asked) + "   largest / smallest")
    for what, costs in found.items():
        ratio = max(costs) / min(costs)
        told = "" if ratio <= 1 + WITHIN else f"   more than {WITHIN:.0%} apart"
        print(f"  {what:28}" + "".join(f"{one:12.2f}" for one in costs) + f"   {ratio:.2f}{told}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
