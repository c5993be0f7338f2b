"""Two people's typing of one paper sheet, laid side by side. Nothing here ever chooses between them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.practical.marking.rubric import Rubric

SIGNED = "signed"
"""The line on which the examiner wrote day and time."""


@dataclass(frozen=True)
class Line:
    """Points, or times of a deduction, and the note beside them."""

    points: Decimal | None
    note: str = ""

    def same(self, other: Line) -> bool:
        return self.points == other.points and tidy(self.note) == tidy(other.note)


NOTHING = Line(None)


@dataclass(frozen=True)
class Typing:
    """A whole sheet as one person typed it."""

    lines: Mapping[str, Line]
    signed_at: datetime

    def line(self, key: str) -> Line:
        return self.lines.get(key, NOTHING)


def keys_of(rubric: Rubric) -> list[str]:
    return [*(one.id for one in rubric.criteria), *(one.id for one in rubric.deductions)]


def differences(keys: Iterable[str], one: Typing, other: Typing) -> list[str]:
    """Where the two are not the same, in the order of the sheet; whose is which makes no difference."""
    found = [key for key in keys if not one.line(key).same(other.line(key))]
    return [*found, SIGNED] if one.signed_at != other.signed_at else found


def tidy(note: str) -> str:
    """Blanks and full-width forms are a matter of the keyboard, not of what was written."""
    return " ".join(unicodedata.normalize("NFKC", note).split())
