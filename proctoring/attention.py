"""Why a candidate needs a proctor's eye, the most urgent reason first. Values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SILENT_AFTER = timedelta(seconds=45)
"""The exam page gives a sign every 20 seconds; two of them are missing then."""

UNSENT_AFTER = 30
"""Seconds a change may wait at the candidate's computer before somebody should look."""

TAKEOVER, SILENT, UNSENT, INCIDENT = "takeover", "silent", "unsent", "incident"
PAUSED, NOT_STARTED = "paused", "not_started"
ORDER = (TAKEOVER, SILENT, UNSENT, INCIDENT, PAUSED, NOT_STARTED)
URGENT = (TAKEOVER, SILENT, UNSENT, INCIDENT)
"""What somebody should go and look at; the others are as they may be."""


@dataclass(frozen=True)
class Signs:
    """What is known of one candidate. `last_sign` None with `signs_known` means: none since the start."""

    state: str | None
    session_open: bool
    last_sign: datetime | None
    signs_known: bool
    open_takeovers: int
    open_others: int
    lag: int = 0
    """Seconds the oldest change has waited to be sent, as the page told."""


def reasons(signs: Signs, now: datetime) -> list[str]:
    holds = {
        TAKEOVER: signs.open_takeovers > 0,
        SILENT: signs.state == "in_progress" and signs.signs_known and _silent(signs.last_sign, now),
        UNSENT: signs.state == "in_progress" and signs.lag >= UNSENT_AFTER,
        INCIDENT: signs.open_others > 0,
        PAUSED: signs.state == "paused",
        NOT_STARTED: signs.state == "prepared" and signs.session_open,
    }
    return [reason for reason in ORDER if holds[reason]]


def urgency(found: list[str]) -> int:
    """Smaller comes first; nothing to see comes last."""
    return min((ORDER.index(reason) for reason in found), default=len(ORDER))


def _silent(last_sign: datetime | None, now: datetime) -> bool:
    return last_sign is None or now - last_sign > SILENT_AFTER
