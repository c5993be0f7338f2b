"""Closing attempts. Whoever touches one past its time closes it at its deadline; the sweeper touches them all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload
from sqlalchemy.orm.interfaces import ORMOption

from app.core import audit
from app.core.audit import SYSTEM, Actor
from app.core.errors import NotFound, Refusal
from app.delivery import marking, papers, receipts, refusals, timing
from app.models.exam import Attempt, AttemptState
from app.models.registration import ExamSession
from app.schemes.scheme import schemes

BY_CANDIDATE = "submitted"
BY_DEADLINE = "deadline"
BY_SESSION = "session_closed"
ABSENT = "absent"
VOIDED = "voided"
RUNNING = (AttemptState.IN_PROGRESS, AttemptState.PAUSED)
CLOSED = (AttemptState.SUBMITTED, AttemptState.EXPIRED)
"""Handed in and waiting for examiners; what needs none is marked at once."""


def locked(session: Session, attempt_id: int, *along: ORMOption) -> Attempt | None:
    """The attempt as it is now, held until the transaction ends; `along` names what never changes and comes too."""
    query = select(Attempt).where(Attempt.id == attempt_id).options(lazyload("*"), *along)
    return session.scalar(query.with_for_update(of=Attempt).execution_options(populate_existing=True))


def overdue(session: Session, attempt: Attempt, now: datetime) -> bool:
    if attempt.state != AttemptState.IN_PROGRESS or attempt.deadline is None:
        return False
    return timing.is_over(attempt.deadline, grace_of(session, attempt), now)


def grace_of(session: Session, attempt: Attempt) -> timedelta:
    exam = session.get_one(ExamSession, attempt.session_id)
    return papers.level_of(exam.scheme, exam.level).theory.grace


def close(
    session: Session, attempt: Attempt, actor: Actor, how: str, *, at: datetime, now: datetime, reason: str = ""
) -> None:
    """Ends a locked attempt, and marks it unless examiners have to; `at` is when it counts as handed in."""
    attempt.state = AttemptState.SUBMITTED if how == BY_CANDIDATE else AttemptState.EXPIRED
    attempt.submitted_at, attempt.closed_how, attempt.paused_at = at, how, None
    attempt.receipt = receipts.chained(receipts.key_of(attempt.id), attempt.receipt, receipts.closing_line(how, at))
    tag = "attempt:submitted" if how == BY_CANDIDATE else "attempt:expired"
    data = {"how": how, "at": at.isoformat(), "receipt": attempt.receipt, **({"reason": reason} if reason else {})}
    audit.record(session, tag, actor, "attempt", attempt.id, **data)
    mark_closed(session, attempt, now)


def mark_closed(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Marks a locked attempt that is closed; False while an answer of it waits for its examiners."""
    if attempt.state not in CLOSED or not marking.mark(session, attempt, now):
        return False
    audit.record(session, "attempt:marked", SYSTEM, "attempt", attempt.id, score=str(attempt.score))
    return True


def close_if_overdue(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Closes a locked attempt at its deadline once nothing can be accepted for it any more."""
    if not overdue(session, attempt, now) or attempt.deadline is None:
        return False
    close(session, attempt, SYSTEM, BY_DEADLINE, at=attempt.deadline, now=now)
    return True


def changeable(session: Session, user_id: int, attempt_id: int, client: UUID, now: datetime) -> Attempt | Refusal:
    """The candidate's attempt, locked, or why this client may not change it.

    The refusal is returned, not raised: an attempt closed on the way must be committed beside it.
    """
    attempt = locked(session, attempt_id)
    if attempt is None or attempt.user_id != user_id:
        return NotFound()
    close_if_overdue(session, attempt, now)
    return refusals.against_change(attempt, client) or attempt


def sweep(session: Session, now: datetime, limit: int = 100, session_id: int | None = None) -> int:
    """Closes up to `limit` attempts past their time, leaving alone those that someone else is closing."""
    least = min((level.theory.grace for one in schemes().values() for level in one.levels), default=timedelta())
    query = select(Attempt).where(Attempt.state == AttemptState.IN_PROGRESS, Attempt.deadline < now - least)
    if session_id is not None:
        query = query.where(Attempt.session_id == session_id)
    query = query.order_by(Attempt.deadline).limit(limit).options(lazyload("*"))
    query = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    found: Sequence[Attempt] = session.scalars(query).all()
    closed = [close_if_overdue(session, attempt, now) for attempt in found]
    session.flush()
    return sum(closed)
