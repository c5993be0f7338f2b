"""When a task at a computer may begin and when it ends; the same rule stands in the statement that stores entries."""

from __future__ import annotations

from datetime import datetime, timedelta

AHEAD = timedelta(minutes=5)
"""So long before its turn a task may be begun at the earliest."""


def allowed(minutes: int, extra_seconds: int, seat_extra: int, session_minutes: int) -> timedelta:
    """The task's minutes, what was added to it, and its part of the extra time that the person has for everything."""
    share = seat_extra * minutes // session_minutes if session_minutes else 0
    return timedelta(minutes=minutes, seconds=extra_seconds + share)


def not_before(turn_at: datetime | None) -> datetime | None:
    return turn_at - AHEAD if turn_at else None


def may_begin(turn_at: datetime | None, now: datetime) -> bool:
    """A session without turns leaves the order to the candidates."""
    earliest = not_before(turn_at)
    return earliest is None or now >= earliest
