"""What a proctor on duty does to a running attempt. In force at once; the candidate's page learns of it by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import attempts
from app.models.exam import Attempt
from proctoring import duty
from proctoring.wording import given_reason

MOST_SECONDS = 7200


def pause(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Stops the clock until somebody resumes."""
    _require_duty(session, actor, attempt_id)
    return attempts.pause(session, actor, attempt_id, given_reason(reason), now)


def resume(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Lets the clock run on with what was left."""
    _require_duty(session, actor, attempt_id)
    return attempts.resume(session, actor, attempt_id, given_reason(reason), now)


def extend(session: Session, actor: Actor, attempt_id: int, seconds: int, *, reason: str, now: datetime) -> Attempt:
    """Gives more time to one candidate."""
    _require_duty(session, actor, attempt_id)
    if not 1 <= seconds <= MOST_SECONDS:
        raise Refusal(
            "seconds_out_of_range",
            N_("Extra time is from 1 second to %(most)s minutes at once. Give a figure between them."),
            most=MOST_SECONDS // 60,
        )
    return attempts.extend(session, actor, attempt_id, seconds, reason=given_reason(reason), now=now)


def void(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Takes the attempt out of account; it ends at once and never counts."""
    _require_duty(session, actor, attempt_id)
    return attempts.void(session, actor, attempt_id, given_reason(reason), now)


def session_of(session: Session, attempt_id: int) -> int:
    found = session.scalar(select(Attempt.session_id).where(Attempt.id == attempt_id))
    if found is None:
        raise NotFound()
    return found


def _require_duty(session: Session, actor: Actor, attempt_id: int) -> None:
    duty.require_duty(session, actor, session_of(session, attempt_id))
