"""Which beginnings count: one tapped by mistake is taken back by its examiner, as long as nothing hangs on it.

A rule over what a tablet's taps say, so that neither the order of their arrival nor a second copy changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.practical.marking.merging import Entry, EntryKind


@dataclass(frozen=True)
class Tap:
    """An entry, the sheet it was made on, and when, as far as its tablet's clock can be right."""

    sheet: int
    entry: Entry
    at: datetime


def counting(taps: Sequence[Tap]) -> list[Tap]:
    """All but the beginnings that were taken back."""
    undone = [tap for tap in taps if tap.entry.kind == EntryKind.UNDO]
    return [tap for tap in taps if not any(_takes_back(undo, tap, taps) for undo in undone)]


def hangs(entry: Entry, key: str) -> bool:
    """Whether it needs that the practical, or this task, has begun: an end of it; for the practical also points."""
    if entry.kind == EntryKind.END:
        return key == "" or entry.key in ("", key)
    return key == "" and entry.kind == EntryKind.POINTS and entry.points is not None


def _takes_back(undo: Tap, begin: Tap, taps: Sequence[Tap]) -> bool:
    """By whoever tapped it, later, and with nothing in between that hangs on it."""
    if begin.entry.kind != EntryKind.BEGIN or (begin.sheet, begin.entry.key) != (undo.sheet, undo.entry.key):
        return False
    own = (tap.entry for tap in taps if tap.sheet == begin.sheet)
    between = (one for one in own if begin.entry.rank < one.rank < undo.entry.rank)
    return begin.entry.rank < undo.entry.rank and not any(hangs(one, begin.entry.key) for one in between)
