"""The number on a printed sheet, by which it is typed in later: the sheet's own, and a check figure behind it.

ISO 7064 MOD 11,10 finds every single wrong figure and nearly every exchange of two, so that a slip of the pen leads to
no sheet instead of to another candidate's.
"""

from __future__ import annotations

import re
import unicodedata

_FORM = re.compile(r"[0-9]{2,18}")


def code_of(sheet_id: int) -> str:
    """`000123-7`"""
    body = f"{sheet_id:06}"
    return f"{body}-{_check(body)}"


def sheet_id_of(typed: str) -> int | None:
    """Which sheet a number names; None for what is none, or has a slip in it."""
    plain = re.sub(r"[\s\-‐-―_.]+", "", unicodedata.normalize("NFKC", typed[:60]))
    if not _FORM.fullmatch(plain) or not plain.isascii() or _check(plain[:-1]) != plain[-1]:
        return None
    return int(plain[:-1])


def _check(body: str) -> str:
    remainder = 10
    for figure in body:
        remainder = (remainder + int(figure)) % 10 or 10
        remainder = remainder * 2 % 11
    return str((11 - remainder) % 10)
