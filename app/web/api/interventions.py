"""What a proctor on duty does to attempts; each with a reason, in force at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.accounts.permissions import Permission
from app.core.texts import LONGEST_REASON
from app.web.api.operation import Body, operation
from app.web.errors import render
from app.web.watching import intervene, intervene_on
from proctoring import notices
from proctoring.interventions import MOST_SECONDS, Outcome, Wish
from proctoring.targets import Targets

Number = Annotated[int, Field(ge=1, le=2**62, strict=True)]


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


class Act(Body):
    """Meant for `attempts`, for the seats of a `room`, or for `all`: exactly one of the three."""

    action: Literal["let_in", "pause", "resume", "extend", "hand_over", "message", "end", "void"]
    reason: str = Field(default="", max_length=LONGEST_REASON, description="May be left out for a message alone")
    seconds: int = Field(default=0, ge=0, le=MOST_SECONDS, strict=True, description="Of extra time")
    text: str = Field(default="", max_length=notices.LONGEST, description="Of a message")
    attempts: list[Number] = Field(default=[], max_length=20_000)
    room: Number | None = None
    all: bool = Field(default=False, strict=True)


class SeatOutcome(Body):
    """`done`, or the `code` and `message` of what stood against it."""

    seat: int
    attempt: int | None
    done: bool
    code: str
    message: str


class Acted(Body):
    done: int
    refused: int
    outcomes: list[SeatOutcome]


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


@operation(
    "POST", "/sessions/<id:session_id>/interventions", Permission.INTERVENE, "Act on several, a room or everybody",
    body=Act, returns=Acted, errors=(409,),
)  # fmt: skip
def act(session_id: int, body: Act) -> Acted:
    """In one transaction. Whoever it does not fit is listed with the reason, and it is done to the others."""
    wanted = Targets(attempts=tuple(body.attempts), room=body.room, everybody=body.all)
    outcomes = intervene_on(session_id, wanted, Wish(body.action, body.reason, body.seconds, body.text))
    shown = [_outcome(one) for one in outcomes]
    done = sum(one.done for one in shown)
    return Acted(done=done, refused=len(shown) - done, outcomes=shown)


def _outcome(one: Outcome) -> SeatOutcome:
    code, message = (one.refusal.code, render(one.refusal)) if one.refusal else ("", "")
    return SeatOutcome(seat=one.place.number, attempt=one.place.attempt_id, done=one.done, code=code, message=message)


def _done(action: str, attempt_id: int, body: InterventionReason, seconds: int = 0) -> AttemptNow:
    attempt = intervene(action, attempt_id, body.reason, seconds)
    return AttemptNow(
        attempt=attempt.id,
        state=attempt.state,
        deadline=attempt.deadline,
        paused_at=attempt.paused_at,
        extra_seconds=attempt.extra_seconds,
    )
