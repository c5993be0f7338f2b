"""When the proof in a file is due to be renewed, and when a failed renewal is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

LEAD = timedelta(days=180)
"""A time stamp is renewed so long before the certificate behind it ends."""
LEAST_GAIN = timedelta(days=30)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(days=1)
WARN_BEFORE = timedelta(days=90)
"""So long before a key or root ends, whoever runs the service is told."""


def due_before(now: datetime) -> datetime:
    """A proof that weakens before this is due."""
    return now + LEAD


def gains(weakens_at: datetime | None, renewed_until: datetime, now: datetime) -> bool:
    """Would the new time stamp prolong the proof, and by enough to be worth the room it takes?"""
    if weakens_at is None:
        return renewed_until > now
    least = LEAST_GAIN if weakens_at > now + LEAST_GAIN else timedelta()
    return renewed_until > weakens_at + least


def next_try(tries: int, now: datetime) -> datetime:
    """After so many tries in vain; the time doubles up to a day."""
    wait: timedelta = FIRST_WAIT * 2 ** min(tries - 1, 20)
    return now + min(wait, LONGEST_WAIT)


def ends_soon(ends_at: datetime, now: datetime) -> bool:
    return ends_at <= now + WARN_BEFORE
