"""What a candidate and a proctor do to an attempt: hand in, pause, resume, extend, void."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import closing, refusals, timing
from app.delivery.closing import CLOSED, RUNNING, locked, overdue, sweep
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
    attempt = _running(session, attempt_id, now)
    if attempt.state == AttemptState.PAUSED:
        raise Refusal(
            "attempt_paused", N_("This exam is paused already. Resume it when the reason is gone."), status=409
        )
    attempt.state, attempt.paused_at = AttemptState.PAUSED, now
    audit.record(session, "attempt:paused", actor, "attempt", attempt.id, reason=reason)
    session.flush()
    return attempt


def resume(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Lets the clock run again with what was left of it."""
    attempt = _running(session, attempt_id, now)
    if attempt.state != AttemptState.PAUSED or attempt.paused_at is None or attempt.deadline is None:
        raise Refusal("attempt_not_paused", N_("This exam is not paused, so there is nothing to resume."), status=409)
    attempt.deadline = timing.resumed(attempt.deadline, attempt.paused_at, now)
    attempt.state, attempt.paused_at = AttemptState.IN_PROGRESS, None
    deadline = attempt.deadline.isoformat()
    audit.record(session, "attempt:resumed", actor, "attempt", attempt.id, reason=reason, deadline=deadline)
    session.flush()
    return attempt


def extend(session: Session, actor: Actor, attempt_id: int, seconds: int, *, reason: str, now: datetime) -> Attempt:
    """Gives more time, at once; before the start it is kept for then."""
    if seconds <= 0:
        message = N_("Time can only be added, and %(seconds)s seconds is none. Give a number above 0.")
        raise Refusal("seconds_not_positive", message, seconds=seconds)
    attempt = locked(session, attempt_id)
    if attempt is None:
        raise NotFound()
    if attempt.state != AttemptState.PREPARED:
        attempt = _running(session, attempt_id, now)
    attempt.extra_seconds += seconds
    if attempt.deadline is not None:
        attempt.deadline += timedelta(seconds=seconds)
    deadline = attempt.deadline.isoformat() if attempt.deadline else None
    audit.record(
        session, "attempt:extended", actor, "attempt", attempt.id, reason=reason, seconds=seconds, deadline=deadline
    )
    session.flush()
    return attempt


def void(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Takes the attempt out of account; the seat may be given a new paper. Not once its result is out."""
    attempt = locked(session, attempt_id)
    if attempt is None:
        raise NotFound()
    if attempt.state == AttemptState.RELEASED:
        message = N_("The result of this exam is released, so it can no longer be voided. The way is an appeal.")
        raise Refusal("attempt_released", message, status=409)
    if attempt.state == AttemptState.VOIDED:
        raise refusals.attempt_closed(attempt)
    audit.record(session, "attempt:voided", actor, "attempt", attempt.id, reason=reason, state=attempt.state)
    if attempt.submitted_at is None:
        attempt.submitted_at, attempt.closed_how = now, closing.VOIDED
    attempt.state, attempt.paused_at = AttemptState.VOIDED, None
    session.flush()
    return attempt


def _running(session: Session, attempt_id: int, now: datetime) -> Attempt:
    attempt = locked(session, attempt_id)
    if attempt is None:
        raise NotFound()
    if attempt.state == AttemptState.PREPARED:
        raise refusals.attempt_not_started()
    if attempt.state not in RUNNING or overdue(session, attempt, now):
        raise refusals.attempt_closed(attempt)
    return attempt


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
