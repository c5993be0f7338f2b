"""How much of a holder a stranger sees, and whether a name that was typed is the holder's."""

from __future__ import annotations

import unicodedata
from hmac import compare_digest

LONGEST_NAME = 200
_DOTS = "·・•．‧∙⋅･"
"""Signs that people type for the dot within a name."""


def masked(name: str) -> str:
    """The first character and a star: 张*. Neither the rest nor its length shows."""
    shown = unicodedata.normalize("NFC", name).strip()
    return f"{_first(shown)}*" if shown else "*"


def same_name(one: str, other: str) -> bool:
    """However it was typed: blanks, width, capitals and the kind of dot do not count; every character does."""
    return compare_digest(_plain(one).encode(), _plain(other).encode())


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFC", "".join(_narrow(character) for character in name)).casefold()
    return "".join(character for character in folded if not character.isspace() and character not in _DOTS)


def _narrow(character: str) -> str:
    """Full-width letters become plain ones. Other compatibility forms stay: some are names of their own, as 﨑."""
    return unicodedata.normalize("NFKC", character) if "！" <= character <= "～" else character


def _first(name: str) -> str:
    """With the marks that belong to it."""
    end = 1
    while end < len(name) and unicodedata.combining(name[end]):
        end += 1
    return name[:end]
