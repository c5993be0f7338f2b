"""When a candidate's practical and each task began and ended, out of what all examiners' tablets said.

The earliest beginning and the earliest end count, whenever they arrive: a tablet that was without a network for hours
still knows when the candidate began. A tablet's clock may be wrong, so what it says lies neither before the session
opened nor after it arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.marking import MarkEntry
from app.models.practical import RubricSheet, SheetState
from app.models.registration import Seat
from app.models.tasks import SeatTask
from app.practical.marking.beginnings import Tap, counting, hangs
from app.practical.marking.merging import TIMED, Entry, EntryKind
from app.practical.marking.rubric import EXAMINERS

_BEGINNINGS = (EntryKind.BEGIN, EntryKind.UNDO)


def follow(session: Session, actor: Actor, sheet: RubricSheet, new: Sequence[Entry], now: datetime) -> None:
    """Bring the seat's times to what all entries say. The first mark begins the practical if nobody said so."""
    if not sheet.examines:  # who rates beside the examiners begins and ends nothing
        return
    seat, slots = sheet.seat, sorted({one.key for one in new if one.kind in TIMED and one.key})
    taps = counting(_taps(session, seat))
    began = _earliest(taps, EntryKind.BEGIN)
    if began is None and (undone := [one for one in new if one.kind == EntryKind.UNDO]):
        _follow_undone(session, actor, seat, undone[-1].note or "")
    if began is None and seat.practical_started_at is None:
        began = _first_points(session, seat) or (now if any(one.kind not in _BEGINNINGS for one in new) else None)
    set_begin(session, actor, seat, began)
    set_end(session, actor, seat, _earliest(taps, EntryKind.END, ""))
    for slot in slots:
        _follow_task(session, seat, slot, taps)


def within(seat: Seat, made_at: datetime | None, now: datetime) -> datetime:
    """What a tablet's clock says, as far as it can be."""
    opened = seat.session.opened_at or now
    return max(min(made_at or now, now), min(opened, now))


def set_begin(session: Session, actor: Actor, seat: Seat, began: datetime | None) -> None:
    if began is not None and began != seat.practical_started_at:
        tag = "practical:begun" if seat.practical_started_at is None else "practical:begun:earlier"
        before, seat.practical_started_at = seat.practical_started_at, began
        audit.record(session, tag, actor, "seat", seat.id, **({"began": began, "before": before} if before else {}))


def set_end(session: Session, actor: Actor, seat: Seat, ended: datetime | None) -> None:
    if ended is not None and (seat.practical_ended_at is None or ended < seat.practical_ended_at):
        seat.practical_ended_at = ended
        audit.record(session, "practical:ended", actor, "seat", seat.id)


def _follow_undone(session: Session, actor: Actor, seat: Seat, reason: str) -> None:
    """Nobody says any more that it began. It stays begun where somebody has marked, by the first mark."""
    before = seat.practical_started_at
    marked = select(RubricSheet.id).where(RubricSheet.seat_id == seat.id, RubricSheet.rater_group == EXAMINERS)
    done = session.scalar(marked.where((RubricSheet.revision > 0) | (RubricSheet.state == SheetState.SIGNED)).limit(1))
    if before is None or (done is not None and _first_points(session, seat) is None):
        return
    seat.practical_started_at = None
    session.flush()
    audit.record(session, "practical:begun:undone", actor, "seat", seat.id, before=before, reason=reason)


def _follow_task(session: Session, seat: Seat, slot: str, taps: Sequence[Tap]) -> None:
    task = session.scalar(select(SeatTask).where(SeatTask.seat_id == seat.id, SeatTask.slot == slot))
    if task is not None:
        task.started_at = _earliest(taps, EntryKind.BEGIN, slot)
        ended = _earliest(taps, EntryKind.END, slot)
        task.ended_at = max(ended, task.started_at) if ended and task.started_at else ended


def refuse_undo(session: Session, sheet: RubricSheet, slot: str) -> None:
    """Whoever began takes it back, and only while no end and, for the whole practical, no points hang on it."""
    own = _read(session, sheet.seat, MarkEntry.sheet_id == sheet.id)
    begins = [one.entry for one in counting(own) if one.entry.kind == EntryKind.BEGIN and one.entry.key == slot]
    if not begins:
        message = N_("You have not begun this yourself, so there is nothing to take back.")
        raise Refusal("begin_not_yours", message, status=409)
    first = min(begins, key=lambda one: one.rank)
    if any(one.entry.rank > first.rank and hangs(one.entry, slot) for one in own):
        message = N_("Points or an end are on record since. Taking the beginning back would leave them without one.")
        raise Refusal("begin_has_work", message, status=409)


def _earliest(taps: Sequence[Tap], kind: EntryKind, key: str | None = None) -> datetime | None:
    return min((one.at for one in taps if one.entry.kind == kind and key in (None, one.entry.key)), default=None)


def _taps(session: Session, seat: Seat) -> list[Tap]:
    """Every beginning, end and taking back; where something was taken back also the points given."""
    taps = _read(session, seat, MarkEntry.kind.in_(TIMED))
    if any(one.entry.kind == EntryKind.UNDO for one in taps):
        taps += _read(session, seat, MarkEntry.kind == EntryKind.POINTS)
    return taps


def _read(session: Session, seat: Seat, which: ColumnElement[bool]) -> list[Tap]:
    wanted = select(MarkEntry).join(RubricSheet, RubricSheet.id == MarkEntry.sheet_id)
    of_seat = (RubricSheet.seat_id == seat.id, RubricSheet.rater_group == EXAMINERS)
    return [_tap(seat, row) for row in session.scalars(wanted.where(*of_seat, ~MarkEntry.late, which))]


def _tap(seat: Seat, row: MarkEntry) -> Tap:
    at, opened = min(row.made_at or row.at, row.at), seat.session.opened_at
    entry = Entry(row.device, row.seq, row.stamp, row.kind, row.key, row.points, row.note, row.made_at)
    return Tap(row.sheet_id, entry, max(at, opened) if opened is not None else at)


def _first_points(session: Session, seat: Seat) -> datetime | None:
    said = func.least(func.coalesce(MarkEntry.made_at, MarkEntry.at), MarkEntry.at)
    wanted = select(func.min(said)).join(RubricSheet, RubricSheet.id == MarkEntry.sheet_id)
    of_seat = (RubricSheet.seat_id == seat.id, RubricSheet.rater_group == EXAMINERS)
    found: datetime | None = session.scalar(wanted.where(*of_seat, ~MarkEntry.late, MarkEntry.kind == EntryKind.POINTS))
    opened = seat.session.opened_at
    return max(found, opened) if found is not None and opened is not None else found
