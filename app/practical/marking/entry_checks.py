"""Whether an entry from a tablet can stand on its sheet: a known key, fitting points, a note of bearable length."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.core.texts import check_reason, said
from app.models.practical import RubricSheet
from app.models.tasks import SeatTask
from app.practical.marking.merging import TIMED, Entry, EntryKind
from app.practical.marking.rubric import Rubric
from app.practical.sittings import practical_part

LONGEST_NOTE = 1000


def checked(session: Session, sheet: RubricSheet, rubric: Rubric, entry: Entry, ahead: int) -> Entry:
    """The entry with exact points and a tidy note; a refusal names the entry by its number."""
    try:
        if entry.stamp > ahead:
            message = N_("The stamp %(stamp)s lies far ahead of all others. Take one above the highest you were told.")
            raise Refusal("stamp_too_high", message, stamp=entry.stamp)
        return _fit(session, sheet, rubric, entry)
    except Refusal as refusal:
        refusal.details["seq"] = entry.seq
        raise


def _fit(session: Session, sheet: RubricSheet, rubric: Rubric, entry: Entry) -> Entry:
    if entry.kind in TIMED:
        refuse_untimed(session, sheet, entry.key)
        return replace(entry, points=None, note=why(entry.note) if entry.kind == EntryKind.UNDO else None)
    if entry.kind == EntryKind.POINTS:
        points = None if entry.points is None else rubric.points(entry.key, entry.points)
        return replace(entry, key=rubric.knows(entry.key), points=points, note=None)
    return replace(entry, key=rubric.knows(entry.key), points=None, note=tidy_note(entry.key, entry.note or ""))


def refuse_untimed(session: Session, sheet: RubricSheet, slot: str) -> None:
    """Examiners time the whole practical and the tasks that are played before them."""
    if not slot:
        return
    attended = [one.id for one in practical_part(sheet.seat.session).tasks if one.attended]
    drawn = select(SeatTask.id).where(SeatTask.seat_id == sheet.seat_id, SeatTask.slot == slot)
    if slot not in attended or session.scalar(drawn) is None:
        message = N_("This candidate has no task “%(slot)s” that examiners begin and end.")
        raise Refusal("task_unknown", message, details={"criterion": ""}, slot=slot[:80])


def why(reason: str | None) -> str:
    """The reason for taking a beginning back."""
    if not said(reason or ""):
        raise Refusal("reason_missing", N_("Say why: a beginning that is taken back is kept with its reason."))
    check_reason(reason or "")
    return (reason or "").strip()


def tidy_note(key: str, text: str) -> str:
    if len(text.strip()) > LONGEST_NOTE:
        message = N_("The note at %(criterion)s is longer than %(most)s characters. Shorten it.")
        raise Refusal("note_too_long", message, details={"criterion": key}, criterion=key, most=LONGEST_NOTE)
    return text.strip()
