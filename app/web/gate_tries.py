"""Wrong gate codes are counted per attempt, so that six digits cannot be tried out, by new log-ins neither."""

from __future__ import annotations

from limits import parse

from app.core import store
from app.core.errors import N_, Refusal
from app.web.limits import limiter

MOST = parse("10 per 10 minutes")


def refuse_too_many(attempt_id: int, *, count: bool = False) -> None:
    """Counts one more if asked to; without its store it lets everybody try."""
    try:
        counted = limiter.enabled and limiter.limiter
        if not counted:
            return
        within = counted.hit(MOST, "gate", str(attempt_id)) if count else counted.test(MOST, "gate", str(attempt_id))
    except store.VANISHED:
        return
    if not within:
        message = N_("Too many wrong gate codes. Wait ten minutes, or ask the proctor to let you in.")
        raise Refusal("gate_tries", message, status=429)
