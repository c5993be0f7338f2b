"""Taking in what tablets send: append-only entries, and the sheet that follows from all of them.

Entries may come late, twice and in any order. What comes when the sheet is signed or the session over changes nothing,
but is kept and shown to the head of the panel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.marking import MarkEntry
from app.models.practical import Mark, RubricSheet
from app.practical.marking import times
from app.practical.marking.entry_checks import checked
from app.practical.marking.holding import locked_sheet, refuse_unworkable, too_late
from app.practical.marking.merging import SERVER, TIMED, Entry, EntryKind, winners
from app.practical.marking.rubric import Rubric

FURTHEST_AHEAD = 100_000
"""By how much a stamp may outrun what is at the server: more than anybody taps while without a network."""


@dataclass(frozen=True)
class Taken:
    """What became of a batch."""

    sheet: RubricSheet
    new: int
    late: bool


def take_in(
    session: Session, actor: Actor, sheet_id: int, examiner_id: int, sent: Sequence[Entry], now: datetime
) -> Taken:
    """Store what is new of a batch, all or none, and let the sheet follow from it."""
    sheet = locked_sheet(session, sheet_id, examiner_id)
    rubric, ahead = Rubric.kept(sheet.rubric), highest_stamp(session, sheet.id) + FURTHEST_AHEAD
    fresh = _unknown(session, sheet, [checked(session, sheet, rubric, one, ahead) for one in sent])
    if not fresh:
        return Taken(sheet, 0, late=False)
    late = too_late(session, sheet)
    if not late:
        refuse_unworkable(session, sheet)
    store(session, sheet, fresh, now, late=late)
    if late:
        told = [{"kind": one.kind, "key": one.key, "made_at": one.made_at} for one in fresh]
        audit.record(session, "sheet:late_entries", actor, "sheet", sheet.id, seat=sheet.seat_id, entries=told)
    else:
        follow(session, actor, sheet, fresh, now)
    return Taken(sheet, len(fresh), late)


def store(session: Session, sheet: RubricSheet, entries: Iterable[Entry], now: datetime, *, late: bool = False) -> None:
    session.add_all(
        MarkEntry(
            sheet_id=sheet.id, device=one.device, seq=one.seq, stamp=one.stamp, kind=one.kind, key=one.key,
            points=one.points, note=one.note, made_at=one.made_at, late=late, at=now,
        )
        for one in entries
    )  # fmt: skip
    session.flush()


def of_server(session: Session, sheet: RubricSheet, wanted: Iterable[Entry]) -> list[Entry]:
    """Numbered and stamped after everything that is here: the page without script and programs know of it."""
    stamp = highest_stamp(session, sheet.id)
    last = select(func.max(MarkEntry.seq)).where(MarkEntry.sheet_id == sheet.id, MarkEntry.device == SERVER)
    number = session.scalar(last) or 0
    return [replace(one, seq=number + n, stamp=stamp + n) for n, one in enumerate(wanted, 1)]


def highest_stamp(session: Session, sheet_id: int) -> int:
    return session.scalar(select(func.max(MarkEntry.stamp)).where(MarkEntry.sheet_id == sheet_id)) or 0


def late_entries(session: Session, sheet_ids: Iterable[int]) -> list[MarkEntry]:
    """What came too late to count, in the order in which it came."""
    wanted = select(MarkEntry).where(MarkEntry.sheet_id.in_(sheet_ids), MarkEntry.late)
    return list(session.scalars(wanted.order_by(MarkEntry.at, MarkEntry.device, MarkEntry.seq)))


def follow(session: Session, actor: Actor, sheet: RubricSheet, new: Sequence[Entry], now: datetime) -> None:
    """Bring times and marks to what all entries together say, after `new` ones were stored."""
    times.follow(session, actor, sheet, new, now)
    touched = {one.key for one in new if one.kind not in TIMED}
    standing = {mark.criterion: mark for mark in sheet.marks}
    won = winners(_counting(session, sheet, touched))
    changes = {key: after for key in sorted(touched) if (after := _after(key, won, standing)) != _before(key, standing)}
    if not changes:
        return
    for key, (points, note) in changes.items():
        mark = standing.get(key) or Mark(sheet_id=sheet.id, criterion=key)
        mark.points, mark.note, mark.saved_at = points, note, now
        session.add(mark)
    sheet.revision += 1
    session.flush()
    session.refresh(sheet, ["marks"])
    said = {key: [None if p is None else str(p), note] for key, (p, note) in changes.items()}
    audit.record(session, "sheet:marked", actor, "sheet", sheet.id, revision=sheet.revision, marks=said)


def _before(key: str, standing: Mapping[str, Mark]) -> tuple[Decimal | None, str]:
    mark = standing.get(key)
    return (mark.points, mark.note) if mark else (None, "")


def _after(key: str, won: Mapping[tuple[str, str], Entry], standing: Mapping[str, Mark]) -> tuple[Decimal | None, str]:
    """What no entry speaks of stays as it is."""
    points, note = _before(key, standing)
    if (entry := won.get((EntryKind.POINTS, key))) is not None:
        points = entry.points
    if (entry := won.get((EntryKind.NOTE, key))) is not None:
        note = entry.note or ""
    return points, note


def _counting(session: Session, sheet: RubricSheet, keys: Iterable[str]) -> Iterator[Entry]:
    wanted = select(MarkEntry).where(
        MarkEntry.sheet_id == sheet.id, MarkEntry.key.in_(keys), MarkEntry.kind.not_in(TIMED), ~MarkEntry.late
    )
    for row in session.scalars(wanted):
        yield Entry(row.device, row.seq, row.stamp, row.kind, row.key, row.points, row.note, row.made_at)


def _unknown(session: Session, sheet: RubricSheet, sent: Sequence[Entry]) -> list[Entry]:
    """Those that are not here yet. One number never stands for two different entries."""
    numbers = {(one.device, one.seq) for one in sent}
    wanted = select(MarkEntry).where(
        MarkEntry.sheet_id == sheet.id, tuple_(MarkEntry.device, MarkEntry.seq).in_(numbers)
    )
    known: dict[tuple[UUID, int], tuple[object, ...]] = {
        (row.device, row.seq): (row.stamp, row.kind, row.key, row.points, row.note) for row in session.scalars(wanted)
    }
    fresh = []
    for one in sent:
        before = known.get((one.device, one.seq))
        if before is None:
            known[one.device, one.seq] = one.content
            fresh.append(one)
        elif before != one.content:
            message = N_("Number %(seq)s of this tablet already stands for another entry. Send it under a new number.")
            raise Refusal("entry_number_taken", message, status=409, details={"seq": one.seq}, seq=one.seq)
    return fresh
