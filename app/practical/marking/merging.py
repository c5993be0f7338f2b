"""How entries of several tablets become one sheet: of each key the highest (stamp, device, seq) stands.

The rule looks at the entries alone, so neither the order of their arrival nor a second copy of one changes anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from uuid import UUID


class EntryKind(StrEnum):
    POINTS = "points"
    NOTE = "note"
    BEGIN = "begin"
    END = "end"
    UNDO = "undo"
    """Takes back a beginning tapped by mistake; its note says why."""


SERVER = UUID(int=0)
"""The device of whatever comes without a tablet's numbering: the page without script and programs."""
TIMED = (EntryKind.BEGIN, EntryKind.END, EntryKind.UNDO)
Register = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """One tap: points, a note, a beginning, an end or a beginning taken back; with its number and Lamport stamp."""

    device: UUID
    seq: int
    stamp: int
    kind: str
    key: str
    points: Decimal | None = None
    note: str | None = None
    made_at: datetime | None = None

    @property
    def rank(self) -> tuple[int, int, int]:
        return self.stamp, self.device.int, self.seq

    @property
    def register(self) -> Register:
        return self.kind, self.key

    @property
    def content(self) -> tuple[object, ...]:
        """What must be the same if the number is the same."""
        return self.stamp, self.kind, self.key, self.points, self.note


def winners(entries: Iterable[Entry]) -> dict[Register, Entry]:
    """What stands for each key."""
    standing: dict[Register, Entry] = {}
    for entry in entries:
        before = standing.get(entry.register)
        if before is None or entry.rank > before.rank:
            standing[entry.register] = entry
    return standing


def marks_of(entries: Iterable[Entry]) -> dict[str, tuple[Decimal | None, str]]:
    """Points and note by criterion, as they stand."""
    marks: dict[str, tuple[Decimal | None, str]] = {}
    for (kind, key), entry in winners(entries).items():
        points, note = marks.get(key, (None, ""))
        if kind == EntryKind.POINTS:
            marks[key] = (entry.points, note)
        elif kind == EntryKind.NOTE:
            marks[key] = (points, entry.note or "")
    return marks


def digest_of(sheet_id: int, marks: Mapping[str, tuple[Decimal | None, str]]) -> str:
    """Names exactly what is on a sheet; the tablet computes the same from what it shows."""
    lines = [
        [key, "" if points is None else plain(points), note]
        for key, (points, note) in sorted(marks.items())
        if points is not None or note
    ]
    return sha256(json.dumps([sheet_id, lines], ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def plain(points: Decimal) -> str:
    """Without needless zeros: 5.5, 6."""
    text = format(points, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
