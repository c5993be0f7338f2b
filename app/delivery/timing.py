"""The candidate's clock: when it ends, who may still enter, when one may hand in. Values in, values out."""

from __future__ import annotations

from datetime import datetime, timedelta


def deadline(started_at: datetime, allowed: timedelta, closes_at: datetime, extra: timedelta = timedelta()) -> datetime:
    """Extra time belongs to the person, so it may outlast the closing of the room."""
    return min(started_at + allowed, closes_at) + extra


def late_entry_closes(opens_at: datetime, opened_at: datetime | None, allowed: timedelta) -> datetime:
    """Counted from the later of plan and fact: doors that open late, or early, shut nobody out."""
    return max(opens_at, opened_at or opens_at) + allowed


def earliest_hand_in(started_at: datetime, hold: timedelta, ends_at: datetime) -> datetime:
    """Nobody is held beyond their own time."""
    return min(started_at + hold, ends_at)


def is_over(ends_at: datetime, grace: timedelta, now: datetime) -> bool:
    """Nothing is accepted any more, not even what was under way."""
    return now > ends_at + grace


def resumed(ends_at: datetime, paused_at: datetime, now: datetime) -> datetime:
    """The end after a pause: what was left when it began is left when it ends."""
    return ends_at + max(now - paused_at, timedelta())


def time_left(ends_at: datetime, now: datetime, paused_at: datetime | None = None) -> timedelta:
    """What the countdown shows; a pause stops it."""
    return max(ends_at - (paused_at or now), timedelta())
