"""What may stand in a text that people typed and others read."""

from __future__ import annotations

from unicodedata import category

_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


def tidy(name: str) -> str:
    """A name with single plain spaces between its parts, whichever kind of blank was typed."""
    return " ".join(name.split())


def is_plain(text: str) -> bool:
    """No control characters, and none that turn or hide what stands beside them; rare characters of names are fine."""
    return not any(category(character) in _INVISIBLE for character in text)
