"""What may stand in a text that people typed and others read."""

from __future__ import annotations

from unicodedata import category

from app.core.errors import N_, Refusal

LONGEST_REASON = 500
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


def tidy(name: str) -> str:
    """A name with single plain spaces between its parts, whichever kind of blank was typed."""
    return " ".join(name.split())


def said(text: str) -> str:
    """What is written there for a reader: empty where it is nothing but blanks and characters that nobody sees."""
    return text.strip() if any(not one.isspace() and category(one) not in _INVISIBLE for one in text) else ""


def check_reason(reason: str) -> None:
    """Reasons and notes are read by people, so they stay short; whether one is needed is for the decision to say."""
    if len(reason) > LONGEST_REASON:
        raise Refusal("reason_too_long", N_("A reason takes at most %(count)s characters."), count=LONGEST_REASON)


def is_plain(text: str) -> bool:
    """No control characters, and none that turn or hide what stands beside them; rare characters of names are fine."""
    return not any(category(character) in _INVISIBLE for character in text)
