"""How much of a holder a stranger sees, and whether a name that was typed is the holder's."""

from __future__ import annotations

import unicodedata
from hmac import compare_digest

from app.core.names import key

LONGEST_NAME = 200


def masked(name: str) -> str:
    """The first character and a star: 张*. Neither the rest nor its length shows."""
    shown = unicodedata.normalize("NFC", name).strip()
    return f"{_first(shown)}*" if shown else "*"


def same_name(one: str, other: str) -> bool:
    """By `names.key`, in a time that tells nothing."""
    given, own = (key(name).encode(errors="surrogatepass") for name in (one, other))  # JSON can bring half a character
    return compare_digest(given, own)


def _first(name: str) -> str:
    """With the marks that belong to it."""
    end = 1
    while end < len(name) and unicodedata.combining(name[end]):
        end += 1
    return name[:end]
