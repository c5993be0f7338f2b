"""Handing in one by one, and closing and marking one large session beside a bare UPDATE of the same rows.

python -m benchmarks.closing [ATTEMPTS] [HANDING_IN]
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.cli import worker
from app.config import Settings
from app.core import clock
from app.core.audit import SYSTEM
from app.core.db import db
from app.delivery import marking_job, sessions
from app.factory import create_app
from benchmarks import load, sitting
from benchmarks.store import Store, prepared

ATTEMPTS, ANSWERED, HANDING_IN, CONNECTIONS = 10_000, 85, 300, 32
PEOPLE = (
    "INSERT INTO user_account (username, password_hash, name) SELECT 'crowd-' || n, '', 'crowd' FROM {many} n",
    "INSERT INTO candidate (user_id, name, identity_type, identity_cipher, identity_hash, identity_masked)"
    " SELECT id, name, 'passport', '', username, '' FROM user_account WHERE starts_with(username, 'crowd-')",
    "INSERT INTO application (candidate_id, scheme, level, status) SELECT c.id, s.scheme, s.level, 'admitted'"
    " FROM candidate c, exam_session s WHERE c.name = 'crowd' AND s.id = {session}",
    "INSERT INTO seat (session_id, application_id, number) SELECT {session}, a.id, 10000 + a.id"
    " FROM application a JOIN candidate c ON c.id = a.candidate_id WHERE c.name = 'crowd'",
    "INSERT INTO paper (session_id, snapshot_id, seed, items, totals, digest, draw)"
    " SELECT {session}, p.snapshot_id, s.id::text, p.items, p.totals, p.digest, '{{}}' FROM seat s"
    " JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS drawn FROM paper"
    " WHERE session_id = {session}) p ON p.place = mod(s.id, p.drawn)"
    " WHERE s.session_id = {session} AND s.number > 10000",
    "INSERT INTO attempt (session_id, seat_id, user_id, paper_id, state, started_at, deadline, last_seq, last_saved_at)"
    " SELECT {session}, s.id, c.user_id, p.id, 'in_progress', now() - interval '1 hour', now() + interval '1 hour',"
    " {answered}, now() FROM seat s JOIN paper p ON p.seed = s.id::text JOIN application a ON a.id = s.application_id"
    " JOIN candidate c ON c.id = a.candidate_id WHERE s.session_id = {session} AND s.number > 10000",
    "INSERT INTO response (attempt_id, position, answer, seq, saved_at)"
    " SELECT a.id, n, CASE WHEN n <= 20 THEN ARRAY['T'] WHEN n <= 80 THEN ARRAY[chr(65 + mod(a.id + n, 4)::int)]"
    " ELSE ARRAY['A', 'C'] END, n, now() FROM attempt a, generate_series(1, {answered}) n"
    " WHERE a.session_id = {session} AND a.state = 'in_progress'",
    "ANALYZE",
)
RUNNING = (
    "UPDATE exam_session SET state = 'open', closed_at = NULL WHERE id = {session}",
    "UPDATE attempt SET state = 'in_progress', submitted_at = NULL, closed_how = '', receipt = '', score = NULL,"
    " marks_by_row = NULL, marked_at = NULL, deadline = now() + interval '{left}'"
    " WHERE session_id = {session} AND state <> 'voided'",
    "DELETE FROM job",
)
BARE_CLOSING = (
    "UPDATE attempt SET state = 'expired', submitted_at = now(), closed_how = 'session_closed',"
    " receipt = md5(id::text) || md5(id::text) WHERE session_id = {session} AND state = 'in_progress'"
)
BARE_MARKING = (
    "UPDATE attempt SET state = 'marked', score = 50, marked_at = now(), marks_by_row ="
    """ '{{"rows": [{{"no": "5", "name": "a row of the table", "marks": "30", "of": "60"}}]}}'"""
    " WHERE session_id = {session} AND state = 'expired'"
)


def measure(env: Mapping[str, str], session_id: int, attempts: int) -> None:
    os.environ.update(env)
    app = create_app(Settings.from_env())
    with app.app_context():
        session = db.session()
        told = {"session": session_id, "many": f"generate_series(1, {attempts})", "answered": ANSWERED}
        _run(session, PEOPLE, told)

        def again(left: str = "1 hour") -> None:
            _run(session, RUNNING, {**told, "left": left})

        def bare(statement: str) -> None:
            _run(session, (statement,), told)

        again()
        closing, marking = _timed(lambda: bare(BARE_CLOSING)), _timed(lambda: bare(BARE_MARKING))
        again()
        closed = _timed(lambda: _close(session, session_id))
        marked = _timed(worker.work_on_jobs)
        left = marking_job.unmarked(session, session_id)
        again("-1 hour")
        swept = _timed(worker.sweep)
    assert left == 0
    _told("bare UPDATE that closes", attempts, closing)
    _told("session closed for everybody: receipts and log", attempts, closed, closing)
    _told("bare UPDATE that marks", attempts, marking)
    _told("job: marked by its rules, batch by batch, logged", attempts, marked, marking)
    _told("sweeper: closed at their deadline and marked", attempts, swept, closing + marking)
    print(f"  largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def rush(store: Store) -> None:
    """Everybody hands in as fast as they are answered; then the worker marks them."""
    rng = random.Random(6)  # noqa: S311
    with store.serving("wsgi:app") as port:
        passes = sitting.tokens(store)
        sheets = {attempt: sitting.started(port, attempt, token) for attempt, token in passes.items()}
        saves = [sitting.saving(attempt, one["token"], one, rng) for attempt, one in sheets.items()]
        load.run(port, [load.made(one, 5) for one in saves], 60)
        wishes = [_wish(attempt, one) for attempt, one in sheets.items()]
        warm, rest = wishes[:CONNECTIONS], iter(wishes[CONNECTIONS:])
        load.run(port, [load.made(iter([one]).__next__, 1) for one in warm], 60)
        before = store.spent(port)
        run = load.run(port, [lambda: next(rest, None)] * CONNECTIONS, 60)
        server, database = (1000 * (late - early) for early, late in zip(before, store.spent(port), strict=True))
    count = len(run.waits)
    print(f"  {count} hand in, {CONNECTIONS} at once: {run.rate:,.0f}/s   p99 {run.percentile(0.99):.0f} ms"
          f"   processor time {server / count:.2f} + database {database / count:.2f} ms each")  # fmt: skip
    app = create_app(Settings.from_env(store.env))
    with app.app_context():
        began, cpu = time.perf_counter(), time.process_time()
        marked = worker.mark()
        print(f"  the worker marks {marked} of them in {time.perf_counter() - began:.2f} s, processor time"
              f" {1000 * (time.process_time() - cpu) / marked:.2f} ms each")  # fmt: skip
        db.session.remove()
        db.engine.dispose()


def _wish(attempt: int, sheet: Mapping[str, Any]) -> bytes:
    body = json.dumps({"client": sheet["client"]}).encode()
    return load.post(f"/api/v1/attempts/{attempt}/submit", body, sheet["token"])


def _close(session: Session, session_id: int) -> None:
    sessions.close_session(session, SYSTEM, session_id, clock.now())
    session.commit()


def _run(session: Session, statements: tuple[str, ...], values: Mapping[str, object]) -> None:
    for one in statements:
        session.connection().exec_driver_sql(one.format(**values))
    session.commit()


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _told(what: str, attempts: int, seconds: float, beside: float = 0) -> None:
    ratio = f", {seconds / beside:5.1f} times the bare UPDATE" if beside else ""
    print(f"  {what:50} {seconds:7.2f} s {attempts / seconds:9.0f} a second{ratio}")


def main(attempts: int = ATTEMPTS, handing_in: int = HANDING_IN) -> None:
    print(f"closing and marking a session of {attempts:,}")
    with prepared(max(30, handing_in)) as store:
        rush(store)
        measure(store.env, store.demonstration["session"], attempts)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
