"""When a one-time code lets in. Values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.errors import N_, Refusal

HOURS_BEFORE = 2
BEFORE = timedelta(hours=HOURS_BEFORE)
"""So early a candidate may log in on the day and wait in the lobby."""
AGAIN = timedelta(minutes=15)
"""So long a code that was used lets in once more after a proctor has opened it again."""


@dataclass(frozen=True)
class Standing:
    """What is on record about a code and its session."""

    opens_at: datetime
    closes_at: datetime
    over: bool
    """The session is closed, or the account."""
    attempt: bool
    """There is a paper to come to."""
    used_at: datetime | None
    open_until: datetime | None

    def opened_again(self, now: datetime) -> bool:
        return self.open_until is not None and now < self.open_until


def obstacle(standing: Standing, now: datetime) -> Refusal | None:
    """Why the right code does not let in now. A proctor who opens it again may do so past the planned end:
    extra time of a person outlasts it."""
    begins = standing.opens_at - BEFORE
    if standing.over or (now >= standing.closes_at and not standing.opened_again(now)):
        message = N_("This exam is over, so its admission code lets nobody in any more.")
        return Refusal("admission_over", message, status=409)
    if now < begins:
        message = N_("It is too early: the admission code lets in from %(hours)s hours before the exam opens.")
        return Refusal("admission_early", message, status=409, details={"from": begins.isoformat()}, hours=HOURS_BEFORE)
    if not standing.attempt:
        message = N_("Your exam is not prepared yet. Wait a moment and try again, or ask the proctor.")
        return Refusal("admission_unprepared", message, status=409)
    if standing.used_at is not None and not standing.opened_again(now):
        message = N_("This admission code has been used. To log in once more, ask the proctor to open it again.")
        return Refusal("admission_used", message, status=409)
    return None
