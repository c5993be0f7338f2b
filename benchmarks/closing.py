"""Closing and marking one large session, beside a bare UPDATE of the same rows in the same run.

python -m benchmarks.closing [ATTEMPTS]
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from app.cli import worker
from app.config import Settings
from app.core import clock
from app.core.audit import SYSTEM
from app.core.db import db
from app.delivery import marking_job, sessions
from app.factory import create_app
from benchmarks.store import prepared

ATTEMPTS, ANSWERED = 10_000, 85
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


def main(attempts: int = ATTEMPTS) -> None:
    print(f"closing and marking a session of {attempts:,}")
    with prepared(30) as store:
        measure(store.env, store.demonstration["session"], attempts)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ATTEMPTS)
