"""Log-in on the day by admission number and one-time code. No password is hashed, so a herd costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from psycopg import Cursor
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.accounts.users import LOGIN_LASTS, Visit
from app.core import audit
from app.core.audit import Actor
from app.core.crypto import derived
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import LONGEST_REASON, said
from app.models.registration import ExamSession, Seat, SessionState
from app.registration import admission_code
from app.registration.admission_window import AGAIN, BEFORE, Standing, obstacle
from app.registration.locks import locked
from app.registration.seating import seat_of


class Line(Protocol):
    """How a piece of work gets its cursor, in autocommit."""

    def __call__(self, work: Callable[[Cursor[Any]], tuple[UUID, int] | None], /) -> tuple[UUID, int] | None: ...


FIND = text("""
SELECT s.id, s.code_issue, s.code_used_at, s.code_open_until, e.opens_at, e.closes_at, e.state, a.id AS attempt,
       u.id AS user_id, u.name, u.active
  FROM seat s
  JOIN exam_session e ON e.id = s.session_id AND e.part = 'theory'
  JOIN application p ON p.id = s.application_id
  JOIN candidate c ON c.id = p.candidate_id
  JOIN user_account u ON u.id = c.user_id
  LEFT JOIN attempt a ON a.seat_id = s.id AND a.state <> 'voided'
 WHERE s.id = :seat
""")
USE = text("""
WITH used AS (
    UPDATE seat SET code_used_at = :now, code_open_until = NULL
     WHERE id = :seat AND code_issue = :issue AND (code_used_at IS NULL OR code_open_until > :now) RETURNING id
)
INSERT INTO login (user_id, kind, created_at, expires_at, address, agent, attempt_id)
SELECT :user, :kind, :now, :expires, :address, :agent, :attempt FROM used RETURNING id
""")
"""Used up and logged in at once: of two who type the same code in the same instant, one comes in."""

AT_ONCE = """
WITH used AS (
    UPDATE seat s SET code_used_at = t.now
      FROM exam_session e, application p, candidate c, user_account u, attempt a, (SELECT clock_timestamp() AS now) t
     WHERE s.id = %(seat)s AND s.code_issue = %(issue)s AND s.code_used_at IS NULL
       AND e.id = s.session_id AND e.part = 'theory' AND e.state NOT IN ('closed', 'released')
       AND t.now >= e.opens_at - %(before)s AND t.now < e.closes_at
       AND p.id = s.application_id AND c.id = p.candidate_id AND u.id = c.user_id AND u.active
       AND a.seat_id = s.id AND a.state <> 'voided'
    RETURNING a.id AS attempt, u.id AS user_id, u.name, t.now
), begun AS (
    INSERT INTO login (user_id, kind, created_at, expires_at, address, agent, attempt_id)
    SELECT user_id, 'admission', now, now + %(lasts)s, %(address)s, %(agent)s, attempt FROM used RETURNING id
), line AS (
    INSERT INTO audit_line (at, tag, actor_id, actor_name, via, subject, subject_id, data)
    SELECT clock_timestamp(), 'login:begun', user_id, name, 'admission', 'user', user_id::text,
           jsonb_build_object('address', %(address)s::text, 'attempt', attempt)
      FROM used
)
SELECT begun.id, used.attempt FROM begun, used
"""
"""All of `log_in` in one statement, for a code that nothing stands against."""
ISSUES = range(1, 4)
"""Of the codes given out for one seat, those that are tried at once."""


def key_of(secret: str) -> bytes:
    """Made once for a whole list of tickets."""
    return derived(secret, "admission-code")


def log_in(session: Session, key: bytes, number: str, code: str, visit: Visit) -> tuple[UUID, int]:
    """A new log-in that reaches one attempt: both numbers. An unknown number and a wrong code are refused alike."""
    seat_id = admission_code.seat_of(number)
    found = session.execute(FIND, {"seat": seat_id}).one_or_none()
    expected = admission_code.code_of(key, seat_id, found.code_issue if found else 1)
    if not admission_code.fits(code, expected) or found is None:
        message = N_("Admission number and code do not fit together. Compare both with your ticket and try again.")
        raise Refusal("admission_failed", message, status=401)
    if (refused := obstacle(_standing(found), visit.at)) is not None:
        raise refused
    login_id = session.scalar(USE, _values(found, visit))
    if login_id is None:
        again = obstacle(_standing(session.execute(FIND, {"seat": seat_id}).one()), visit.at)
        raise again or RuntimeError("a code that nothing stands against let nobody in")
    actor = Actor(found.user_id, found.name, visit.kind)
    audit.record(session, "login:begun", actor, "user", found.user_id, address=visit.address, attempt=found.attempt)
    return login_id, found.attempt


def log_in_at_once(line: Line, key: bytes, number: str, code: str, address: str, agent: str) -> tuple[UUID, int] | None:
    """The same, committed, as nearly everybody logs in; None leaves it to `log_in`, which knows every reason.

    The code is compared with those of the first issues of its seat, and the statement demands that the one it fits is
    the issue that counts.
    """
    seat_id = admission_code.seat_of(number)
    fitting = [issue for issue in ISSUES if admission_code.fits(code, admission_code.code_of(key, seat_id, issue))]
    if not fitting:
        return None
    values = {
        "seat": seat_id, "issue": fitting[0], "before": BEFORE, "lasts": LOGIN_LASTS, "address": address,
        "agent": agent[:300],
    }  # fmt: skip

    def work(cursor: Cursor[Any]) -> tuple[UUID, int] | None:
        return cursor.execute(AT_ONCE, values).fetchone()

    return line(work)


def _standing(found: Row[tuple[object, ...]]) -> Standing:
    over = found.state in (SessionState.CLOSED, SessionState.RELEASED) or not found.active
    used, until = found.code_used_at, found.code_open_until
    return Standing(found.opens_at, found.closes_at, over, found.attempt is not None, used, until)


def _values(found: Row[tuple[object, ...]], visit: Visit) -> dict[str, object]:
    return {
        "seat": found.id, "issue": found.code_issue, "user": found.user_id, "kind": str(visit.kind), "now": visit.at,
        "expires": visit.at + LOGIN_LASTS, "address": visit.address, "agent": visit.agent[:300],
        "attempt": found.attempt,
    }  # fmt: skip


def open_again(session: Session, actor: Actor, seat_id: int, reason: str, now: datetime) -> datetime:
    """Lets the seat's code in once more, for another computer; until when. Who may is decided by the caller."""
    seat = locked(session, Seat, seat_id, key_share=True)
    seat.code_open_until = now + AGAIN
    audit.record(session, "seat:code:opened", actor, "seat", seat.id, reason=_given(reason),
                 until=seat.code_open_until.isoformat())  # fmt: skip
    session.flush()
    return seat.code_open_until


def renew(session: Session, actor: Actor, session_id: int, seat_id: int, reason: str) -> Seat:
    """A new code for a ticket that was lost or seen by others; the old one is dead at once."""
    row = locked(session, ExamSession, session_id)
    if row.state in (SessionState.CLOSED, SessionState.RELEASED):
        raise Refusal("admission_over", N_("The session is over; nobody logs in to it any more."), status=409)
    seat = seat_of(session, session_id, seat_id)
    if row.part != "theory":
        raise NotFound()
    seat.code_issue += 1
    seat.code_used_at = seat.code_open_until = None
    audit.record(session, "seat:code:renewed", actor, "seat", seat.id, issue=seat.code_issue, reason=_given(reason))
    session.flush()
    return seat


def _given(reason: str) -> str:
    if not said(reason) or len(reason) > LONGEST_REASON:
        raise Refusal("reason_missing", N_("Give the reason, with at most %(most)s characters. It is kept in the log."),
                      most=LONGEST_REASON)  # fmt: skip
    return reason.strip()
