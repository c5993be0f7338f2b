"""What a candidate and a proctor do to an attempt: hand in, pause, resume, extend, void."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import acts, closing, refusals, timing
from app.delivery.acts import Order
from app.delivery.closing import CLOSED, locked, sweep
from app.delivery.starting import Sitter, start
from app.models.exam import Attempt, AttemptState
from app.models.registration import ExamSession

__all__ = ["Sitter", "close_if_due", "extend", "of_user", "pause", "resume", "start", "submit", "sweep", "void"]

OVER = (*CLOSED, AttemptState.MARKED, AttemptState.RELEASED)


def close_if_due(session: Session, attempt_id: int, now: datetime) -> bool:
    """Closes the attempt at its deadline if that has passed. Commit when True, before anything that may refuse."""
    attempt = locked(session, attempt_id)
    closed = attempt is not None and closing.close_if_overdue(session, attempt, now)
    session.flush()
    return closed


def of_user(session: Session, user_id: int) -> Sequence[Attempt]:
    """A candidate's own attempts, the newest first; seat and session come along."""
    query = select(Attempt).where(Attempt.user_id == user_id).order_by(Attempt.id.desc())
    return session.scalars(query.options(lazyload(Attempt.seat))).all()


def submit(session: Session, actor: Actor, attempt_id: int, client: UUID, now: datetime) -> Attempt:
    """Hands in and marks. A second time, or after the deadline closed it, it answers the same and changes nothing."""
    attempt = locked(session, attempt_id)
    if attempt is None or attempt.user_id != actor.user_id:
        raise NotFound()
    if attempt.state not in OVER and not closing.close_if_overdue(session, attempt, now):
        refusal = refusals.against_change(attempt, client)
        if refusal is not None:
            raise refusal
        _require_hold_over(session, attempt, now)
        at = min(now, attempt.deadline or now)
        closing.close(session, attempt, actor, closing.BY_CANDIDATE, at=at, now=now)
    session.flush()
    return attempt


def pause(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Stops the candidate's clock."""
    return acts.one(session, attempt_id, "pause", Order(actor, reason, now))


def resume(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Lets the clock run again with what was left of it."""
    return acts.one(session, attempt_id, "resume", Order(actor, reason, now))


def extend(session: Session, actor: Actor, attempt_id: int, seconds: int, *, reason: str, now: datetime) -> Attempt:
    """Gives more time, at once; before the start it is kept for then."""
    return acts.one(session, attempt_id, "extend", Order(actor, reason, now, seconds))


def void(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Takes the attempt out of account; the seat may be given a new paper. Not once its result is out."""
    return acts.one(session, attempt_id, "void", Order(actor, reason, now))


def _require_hold_over(session: Session, attempt: Attempt, now: datetime) -> None:
    exam = session.get_one(ExamSession, attempt.session_id)
    if attempt.started_at is None or attempt.deadline is None:
        raise refusals.attempt_not_started()
    hold = timedelta(minutes=exam.hold_minutes)
    earliest = timing.earliest_hand_in(attempt.started_at, hold, attempt.deadline)
    if now < earliest:
        message = N_("Nobody hands in during the first %(minutes)s minutes. Use the time to look over your answers.")
        details = {"earliest": earliest.isoformat()}
        raise Refusal("too_early", message, status=409, details=details, minutes=exam.hold_minutes)
