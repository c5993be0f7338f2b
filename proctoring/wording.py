"""What a decision in the room is explained with."""

from __future__ import annotations

from app.core.errors import N_, Refusal
from app.core.texts import LONGEST_REASON, said

LONGEST_DESCRIPTION = 2000


def given_reason(reason: str) -> str:
    """The reason as it is kept; refuses an empty or over-long one."""
    kept = said(reason)
    if not 1 <= len(kept) <= LONGEST_REASON:
        raise Refusal(
            "reason_missing",
            N_("Give the reason, with at most %(most)s characters. It is kept in the log."),
            most=LONGEST_REASON,
        )
    return kept


def given_description(description: str) -> str:
    kept = said(description)
    if not 1 <= len(kept) <= LONGEST_DESCRIPTION:
        raise Refusal(
            "description_missing",
            N_("Say what happened, with at most %(most)s characters."),
            most=LONGEST_DESCRIPTION,
        )
    return kept
