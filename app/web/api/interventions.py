"""What a proctor on duty does to an attempt; each with a reason, in force at once."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.accounts.permissions import Permission
from app.core.texts import LONGEST_REASON
from app.web.api.operation import Body, operation
from app.web.watching import intervene
from proctoring.interventions import MOST_SECONDS


class InterventionReason(Body):
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class ExtraSeconds(InterventionReason):
    seconds: int = Field(ge=1, le=MOST_SECONDS, strict=True)


class AttemptNow(Body):
    attempt: int
    state: str
    deadline: datetime | None
    paused_at: datetime | None
    extra_seconds: int


@operation(
    "POST", "/attempts/<id:attempt_id>/pause", Permission.INTERVENE, "Stop the candidate's clock",
    body=InterventionReason, returns=AttemptNow, errors=(409,),
)  # fmt: skip
def pause(attempt_id: int, body: InterventionReason) -> AttemptNow:
    return _done("pause", attempt_id, body)


@operation(
    "POST", "/attempts/<id:attempt_id>/resume", Permission.INTERVENE, "Let the clock run on",
    body=InterventionReason, returns=AttemptNow, errors=(409,),
)  # fmt: skip
def resume(attempt_id: int, body: InterventionReason) -> AttemptNow:
    return _done("resume", attempt_id, body)


@operation(
    "POST", "/attempts/<id:attempt_id>/extend", Permission.INTERVENE, "Give extra time",
    body=ExtraSeconds, returns=AttemptNow, errors=(409,),
)  # fmt: skip
def extend(attempt_id: int, body: ExtraSeconds) -> AttemptNow:
    return _done("extend", attempt_id, body, body.seconds)


@operation(
    "POST", "/attempts/<id:attempt_id>/void", Permission.INTERVENE, "Take the attempt out of account",
    body=InterventionReason, returns=AttemptNow, errors=(409,),
)  # fmt: skip
def void(attempt_id: int, body: InterventionReason) -> AttemptNow:
    return _done("void", attempt_id, body)


def _done(action: str, attempt_id: int, body: InterventionReason, seconds: int = 0) -> AttemptNow:
    attempt = intervene(action, attempt_id, body.reason, seconds)
    return AttemptNow(
        attempt=attempt.id,
        state=attempt.state,
        deadline=attempt.deadline,
        paused_at=attempt.paused_at,
        extra_seconds=attempt.extra_seconds,
    )
