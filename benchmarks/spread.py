"""Saves held at a rate over very many attempts in turn: each request is another candidate's, as in a real exam.

Every attempt has a paper, a log-in and a token of its own; the row, its indexes and whatever a process keeps of an
attempt are touched as seldom as that makes them. Open loop: waiting counts from the moment a save was due. At the end
SQL of its own counts what is stored.

python -m benchmarks.spread [ATTEMPTS] [SECONDS] [ARRIVALS_A_SECOND]
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.config import Settings
from app.core.db import db
from app.factory import create_app
from app.web import attempt_token
from benchmarks import load
from benchmarks.crowd import grow
from benchmarks.store import Store, prepared

ATTEMPTS, SECONDS, RATE = 100_000, 60.0, 2500.0
CONNECTIONS = 256
"""As many as a buffering proxy keeps to the processes; the candidates' own end there."""
LIMIT = 200.0
_PAPERS = """
WITH mine AS (
    SELECT a.id, nextval(pg_get_serial_sequence('paper', 'id')) AS paper FROM attempt a
      JOIN user_account u ON u.id = a.user_id WHERE a.session_id = :session AND u.username LIKE 'crowd-%'
), copied AS (
    INSERT INTO paper SELECT (jsonb_populate_record(p, jsonb_build_object('id', m.paper))).*
      FROM mine m JOIN attempt a ON a.id = m.id JOIN paper p ON p.id = a.paper_id RETURNING id
), entered AS (
    INSERT INTO login (user_id, kind, expires_at, attempt_id)
    SELECT a.user_id, 'admission', now() + interval '1 day', a.id FROM mine m JOIN attempt a ON a.id = m.id
    RETURNING id, attempt_id
), allowed AS (
    INSERT INTO role_grant (user_id, role) SELECT a.user_id, 'candidate' FROM mine m JOIN attempt a ON a.id = m.id
)
UPDATE attempt a SET paper_id = m.paper, login_id = e.id, deadline = now() + interval '1 day'
  FROM mine m JOIN copied c ON c.id = m.paper JOIN entered e ON e.attempt_id = m.id WHERE a.id = m.id
RETURNING a.id, a.user_id, a.login_id, a.client, a.last_seq
"""


Options = Sequence[Sequence[str]]


class Sitting(NamedTuple):
    """An attempt at work, as far as its token and its next change need it."""

    id: int
    user_id: int
    login_id: UUID
    client: UUID
    last_seq: int


def sittings(store: Store, count: int) -> tuple[list[Sitting], Options]:
    """`count` candidates at work, made in the database in one go, and what the paper of each offers."""
    app, session_id = create_app(Settings.from_env(store.env)), store.demonstration["session"]
    with app.test_request_context():
        grow(session_id, count, answering=False)
        found = [Sitting(*row) for row in db.session.execute(text(_PAPERS), {"session": session_id})]
        items = db.session.scalar(text("SELECT items FROM paper ORDER BY id DESC LIMIT 1")) or []
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
            link.execute(text("VACUUM (ANALYZE)"))
        db.engine.dispose()
    return found, [entry["options"] for entry in items]


def saves(people: list[Sitting], offered: Options, secret: str, rng: random.Random) -> Iterator[bytes]:
    """One change of each candidate, then the next of each, in an order that nobody could foresee."""
    rng.shuffle(people)
    tokens = [attempt_token.issue(_begun(one), secret) for one in people]
    further = 0
    while True:
        further += 1
        for one, token in zip(people, tokens, strict=True):
            place = rng.randrange(len(offered))
            answer = [rng.choice(offered[place])]
            change = {"seq": one.last_seq + further, "position": place + 1, "answer": answer}
            body = json.dumps({"client": str(one.client), "changes": [change]}).encode()
            yield load.post(f"/api/v1/attempts/{one.id}/changes", body, token)


def _begun(one: Sitting) -> Any:
    return one


def measure(store: Store, attempts: int, seconds: float, rate: float) -> None:
    rng = random.Random(8)  # noqa: S311 - who saves what, and when
    people, offered = sittings(store, attempts)
    moments = load.arriving(rate, seconds, rng)
    source = saves(people, offered, Settings.from_env(store.env).secret_key, rng)
    ready = iter([next(source) for _ in moments])
    with store.serving("wsgi:app") as port:
        before = store.spent(port)
        run = load.held(port, [lambda: next(ready, None)] * CONNECTIONS, moments)
        app, database = (b - a for a, b in zip(before, store.spent(port), strict=True))
    asked = len(run.waits)
    print(f"saves held at {rate:,.0f}/s for {seconds:g} s over {attempts:,} attempts, {CONNECTIONS} connections")
    p50, p95, p99, longest = (run.percentile(share) for share in (0.5, 0.95, 0.99, 1.0))
    print(f"  p50 {p50:.1f}   p95 {p95:.1f}   p99 {p99:.1f}   longest {longest:.0f} ms   (limit for p99 {LIMIT:g} ms)")
    each = [1000 * spent / asked for spent in (app, database)]
    print(f"  answered {run.rate:,.0f}/s, processor time {each[0]:.3f} + database {each[1]:.3f} ms")
    _check(store, asked)


def _check(store: Store, acknowledged: int) -> None:
    app = create_app(Settings.from_env(store.env))
    with app.test_request_context():
        stored = db.session.scalar(text("SELECT count(*) FROM attempt_change")) or 0
        standing = db.session.scalar(text("SELECT count(*) FROM attempt WHERE receipt <> ''")) or 0
        db.session.remove()
        db.engine.dispose()
    print(f"  acknowledged {acknowledged:,}, stored {stored:,}, of {standing:,} attempts")
    if stored != acknowledged:
        sys.exit("what is stored is not what was acknowledged")


def main(attempts: float = ATTEMPTS, seconds: float = SECONDS, rate: float = RATE) -> None:
    with prepared(1) as store:
        measure(store, int(attempts), seconds, rate)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
