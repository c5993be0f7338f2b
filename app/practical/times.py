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
from app.models.marking import MarkEntry
from app.models.practical import RubricSheet
from app.models.registration import Seat
from app.models.tasks import SeatTask
from app.practical.merging import TIMED, Entry, EntryKind
from app.practical.rubric import EXAMINERS


def follow(session: Session, actor: Actor, sheet: RubricSheet, new: Sequence[Entry], now: datetime) -> None:
    """Bring the seat's times to what all entries say. The first mark begins the practical if nobody said so."""
    if not sheet.examines:  # who rates beside the examiners begins and ends nothing
        return
    seat = sheet.seat
    began = _earliest(session, seat, MarkEntry.kind == EntryKind.BEGIN)
    if began is None and seat.practical_started_at is None:
        began = _earliest(session, seat, MarkEntry.kind == EntryKind.POINTS) or now
    set_begin(session, actor, seat, began)
    set_end(session, actor, seat, _earliest(session, seat, MarkEntry.kind == EntryKind.END, MarkEntry.key == ""))
    for slot in sorted({one.key for one in new if one.kind in TIMED and one.key}):
        _follow_task(session, seat, slot)


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


def _follow_task(session: Session, seat: Seat, slot: str) -> None:
    task = session.scalar(select(SeatTask).where(SeatTask.seat_id == seat.id, SeatTask.slot == slot))
    if task is not None:
        task.started_at = _earliest(session, seat, MarkEntry.kind == EntryKind.BEGIN, MarkEntry.key == slot)
        ended = _earliest(session, seat, MarkEntry.kind == EntryKind.END, MarkEntry.key == slot)
        task.ended_at = max(ended, task.started_at) if ended and task.started_at else ended


def _earliest(session: Session, seat: Seat, *which: ColumnElement[bool]) -> datetime | None:
    said = func.least(func.coalesce(MarkEntry.made_at, MarkEntry.at), MarkEntry.at)
    wanted = select(func.min(said)).join(RubricSheet, RubricSheet.id == MarkEntry.sheet_id)
    of_seat = (RubricSheet.seat_id == seat.id, RubricSheet.rater_group == EXAMINERS)
    found: datetime | None = session.scalar(wanted.where(*of_seat, ~MarkEntry.late, *which))
    opened = seat.session.opened_at
    return max(found, opened) if found is not None and opened is not None else found
