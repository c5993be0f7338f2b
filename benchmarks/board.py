"""The proctors' board: what one picture of a session costs by its size, and 3,500 boards that ask every five seconds.

python -m benchmarks.board [CANDIDATES] [POLLERS] [SECONDS]
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle

from flask import Flask
from sqlalchemy import text

from app.config import Settings
from app.core import clock
from app.core.db import db
from app.factory import create_app
from app.models.account import Login, LoginKind, Role, RoleGrant, User
from app.models.registration import ExamSession, StaffAssignment, StaffRole
from app.web import access
from benchmarks import load
from benchmarks.crowd import grow
from benchmarks.store import Store, prepared
from proctoring import snapshot
from proctoring.board_drawing import everything
from proctoring.presence import Sign, presence
from proctoring.views import views

EVERY, CONNECTIONS, LOOKS = 5.0, 64, 7
SAVING_EVERY = 40.0
"""A candidate saves once in so many seconds."""


def main(candidates: float = 10_000, pollers: float = 3500, seconds: float = 20) -> None:
    with prepared(2) as store:
        app = create_app(Settings.from_env(store.env))
        session_id = store.demonstration["session"]
        with app.test_request_context():
            grow(session_id, int(candidates))
            _price(session_id, int(candidates))
            requests = _requests(app, session_id)
            db.session.remove()
            db.engine.dispose()
        _polled(store, requests, int(pollers), seconds)


def _price(session_id: int, candidates: int) -> None:
    """The first look counts every answer; a later one those of who saved since."""
    rng, found = random.Random(1), list[float]()  # noqa: S311 - who saves
    ids = list(db.session.scalars(text("SELECT id FROM attempt WHERE session_id = :s"), {"s": session_id}))
    presence().beats({one: Sign(clock.now(), 0, 0) for one in ids})
    exam = db.session.get_one(ExamSession, session_id)
    for _ in range(LOOKS):
        parts, now, began = views(db.session(), exam), clock.now(), time.process_time()
        sent = everything(db.session(), exam, presence(), now, parts)
        found.append((time.process_time() - began) * 1000)
        saved = rng.sample(ids, max(1, int(len(ids) * snapshot.FRESH / SAVING_EVERY)))
        db.session.execute(text("UPDATE attempt SET last_seq = last_seq + 1 WHERE id = ANY(:ids)"), {"ids": saved})
        db.session.commit()
    size = statistics.mean(len(one.text) for one in sent.values())
    print(f"one picture of {candidates:,} candidates, {len(parts)} rooms, processor time: first {found[0]:,.0f} ms,"
          f" then {statistics.median(found[1:]):,.0f} ms ({1000 * statistics.median(found[1:]) / candidates:.1f} µs"
          f" a candidate); a room is {size / 1024:.1f} kB")  # fmt: skip


def _requests(app: Flask, session_id: int) -> list[bytes]:
    """One board for each room, each of a proctor of its own."""
    exam, now, made = db.session.get_one(ExamSession, session_id), clock.now(), []
    for place, view in enumerate(views(db.session(), exam)):
        user = User(username=f"watcher-{place}", password_hash="", name=f"Watcher {place}")
        user.grants.append(RoleGrant(role=Role.PROCTOR))
        login = Login(user=user, kind=LoginKind.TOKEN, created_at=now, expires_at=now.replace(year=now.year + 1))
        staff = StaffAssignment(session_id=session_id, user=user, role=StaffRole.PROCTOR, present_since=now)
        db.session.add_all([user, login, staff])
        db.session.flush()
        head = (f"GET /api/v1/sessions/{session_id}/board?view={view.first} HTTP/1.1", "Host: 127.0.0.1",
                f"Authorization: Bearer {access.bearer_token(login)}", "", "")  # fmt: skip
        made.append("\r\n".join(head).encode())
    db.session.commit()
    return made


def _polled(store: Store, requests: list[bytes], pollers: int, seconds: float) -> None:
    rng = random.Random(2)  # noqa: S311 - when boards ask
    every: Iterator[bytes] = cycle(requests)
    source: Callable[[], bytes | None] = lambda: next(every)  # noqa: E731
    with store.serving("wsgi:app") as port:
        load.held(port, [source] * CONNECTIONS, load.arriving(pollers / EVERY, 5, rng))
        before = store.spent(port)
        run = load.held(port, [source] * CONNECTIONS, load.arriving(pollers / EVERY, seconds, rng))
        server, database = (1000 * (late - early) for early, late in zip(before, store.spent(port), strict=True))
    polls = len(run.waits)
    print(f"{pollers:,} boards every {EVERY:.0f} s, {len(requests)} rooms: {run.rate:,.0f} polls/s"
          f"   p50 {run.percentile(0.5):.1f} ms   p99 {run.percentile(0.99):.1f} ms   a poll costs"
          f" {server / polls:.2f} ms of the server, {database / polls:.2f} ms of the database")  # fmt: skip


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
