"""An examiner's own sheets: begin, mark, end, sign. What is another's does not exist here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.practical import RubricSheet, SheetState
from app.models.registration import ExamSession, Seat
from app.models.tasks import SeatTask
from app.practical.marking import times, versions
from app.practical.marking.entries import follow, of_server, store
from app.practical.marking.entry_checks import LONGEST_NOTE, refuse_untimed, tidy_note, why
from app.practical.marking.holding import locked_sheet, own_sheet, refuse_unworkable
from app.practical.marking.merging import SERVER, Entry, EntryKind, digest_of
from app.practical.marking.rubric import EXAMINERS, Rubric
from app.practical.marking.standing import Standing, seat_standing, value_of
from app.practical.marking.thirds import call_third
from app.practical.tasks.proposed import refuse_unexplained

__all__ = ["LONGEST_NOTE", "own_sheet"]


def own_sheets(session: Session, examiner_id: int, session_id: int | None = None) -> list[RubricSheet]:
    """In the order in which the candidates come."""
    own = (RubricSheet.examiner_id == examiner_id, RubricSheet.rater_group == EXAMINERS)
    wanted = select(RubricSheet).join(Seat).join(ExamSession).where(*own)
    if session_id is not None:
        wanted = wanted.where(Seat.session_id == session_id)
    return list(session.scalars(wanted.order_by(ExamSession.opens_at, ExamSession.id, Seat.number, RubricSheet.order)))


def disclosed(session: Session, sheet: RubricSheet) -> Standing | None:
    """All sheets of the candidate and their outcome, but only once this sheet and the first two are signed.

    To another rater than an examiner the others' sheets never show.
    """
    if sheet.state != SheetState.SIGNED or not sheet.examines:
        return None
    standing = seat_standing(session, sheet.seat)
    return standing if standing.both_signed else None


def start_practical(
    session: Session, actor: Actor, sheet_id: int, examiner_id: int, now: datetime, *, slot: str = ""
) -> RubricSheet:
    """The candidate begins, or one of the tasks does. Said twice, or by both examiners, the first time counts."""
    sheet = _in_work(session, sheet_id, examiner_id)
    refuse_untimed(session, sheet, slot)
    if _began(session, sheet, slot) is None:
        _by_server(session, actor, sheet, [Entry(SERVER, 0, 0, EntryKind.BEGIN, slot)], now)
    return sheet


def end_practical(
    session: Session, actor: Actor, sheet_id: int, examiner_id: int, now: datetime, *, slot: str = ""
) -> RubricSheet:
    sheet = _in_work(session, sheet_id, examiner_id)
    refuse_untimed(session, sheet, slot)
    if _began(session, sheet, slot) is None:
        message = N_("This candidate's practical has not begun. Begin it when the candidate starts.")
        raise Refusal("practical_not_begun", message, status=409)
    task = _task(session, sheet, slot)
    if (task.ended_at if task else sheet.seat.practical_ended_at) is None:
        _by_server(session, actor, sheet, [Entry(SERVER, 0, 0, EntryKind.END, slot)], now)
    return sheet


def undo_begin(
    session: Session, actor: Actor, sheet_id: int, examiner_id: int, now: datetime, *, slot: str = "", reason: str
) -> RubricSheet:
    """Take back a beginning tapped by mistake: the candidate, or the task, waits again."""
    sheet = _in_work(session, sheet_id, examiner_id)
    refuse_untimed(session, sheet, slot)
    reason = why(reason)
    times.refuse_undo(session, sheet, slot)
    _by_server(session, actor, sheet, [Entry(SERVER, 0, 0, EntryKind.UNDO, slot, note=reason)], now)
    return sheet


@dataclass(frozen=True)
class Saved:
    """What stands on a sheet after saving."""

    sheet: RubricSheet
    total: Decimal
    missing: tuple[str, ...]


def save_marks(
    session: Session,
    actor: Actor,
    sheet_id: int,
    examiner_id: int,
    marks: Mapping[str, object],
    *,
    notes: Mapping[str, str],
    now: datetime,
) -> Saved:
    """Set the points and notes of the criteria given, all or none; others stay. None takes points away again.

    The first mark begins the candidate's practical if nobody said so before.
    """
    sheet = _in_work(session, sheet_id, examiner_id)
    rubric = Rubric.kept(sheet.rubric)
    points = {key: None if given is None else rubric.points(key, given) for key, given in marks.items()}
    texts = {rubric.knows(key): tidy_note(key, text) for key, text in notes.items()}
    standing = {mark.criterion: (mark.points, mark.note) for mark in sheet.marks}
    changed = [
        Entry(SERVER, 0, 0, EntryKind.POINTS, key, points=given)
        for key, given in points.items()
        if given != standing.get(key, (None, ""))[0]
    ] + [
        Entry(SERVER, 0, 0, EntryKind.NOTE, key, note=text)
        for key, text in texts.items()
        if text != standing.get(key, (None, ""))[1]
    ]
    if changed:
        _by_server(session, actor, sheet, changed, now)
    value = value_of(sheet)
    return Saved(sheet, value.total(), tuple(criterion.id for criterion in value.missing()))


def seen_digest(sheet: RubricSheet) -> str:
    """Names what stands on the sheet; who signs names what they saw."""
    return digest_of(sheet.id, {mark.criterion: (mark.points, mark.note) for mark in sheet.marks})


def sign(
    session: Session,
    actor: Actor,
    sheet_id: int,
    examiner_id: int,
    now: datetime,
    *,
    seen: str | None = None,
    made_at: datetime | None = None,
) -> RubricSheet:
    """Lock the sheet. Signing twice is signing once; the second signature may call a third examiner.

    With `seen`, only if the sheet still is what was seen: another tablet may have changed it. `made_at` is when the
    examiner signed on a tablet without a network. It ends the practical if nobody said so before.
    """
    sheet = locked_sheet(session, sheet_id, examiner_id)
    if sheet.state == SheetState.SIGNED:
        return sheet
    refuse_unworkable(session, sheet)
    _refuse_unseen(sheet, seen)
    refuse_incomplete(sheet)
    refuse_unexplained(session, sheet)
    lock(session, actor, sheet, now, made_at)
    return sheet


def refuse_incomplete(sheet: RubricSheet) -> None:
    if missing := value_of(sheet).missing():
        message = N_("%(count)s criteria have no points yet, the first is %(criterion)s. Mark them, then sign.")
        raise Refusal(
            "sheet_incomplete", message, status=409, details={"missing": [criterion.id for criterion in missing]},
            count=len(missing), criterion=f"{missing[0].id} {missing[0].name}",
        )  # fmt: skip


def lock(
    session: Session, actor: Actor, sheet: RubricSheet, now: datetime, made_at: datetime | None, **said: object
) -> None:
    """What signing does to a whole sheet, whether its examiner signed on a tablet or on paper."""
    value, when = value_of(sheet), times.within(sheet.seat, made_at, now)
    if sheet.examines and sheet.seat.practical_started_at is None:
        times.set_begin(session, actor, sheet.seat, when)
    if sheet.examines and sheet.seat.practical_ended_at is None:
        times.set_end(session, actor, sheet.seat, when)
    sheet.state, sheet.total, sheet.signed_at, sheet.sign_made_at = SheetState.SIGNED, value.total(), now, made_at
    versions.first(session, sheet, now)
    session.flush()
    audit.record(
        session, "sheet:signed", actor, "sheet", sheet.id,
        seat=sheet.seat_id, order=sheet.order, total=value.total(), revision=sheet.revision, made_at=made_at, **said,
    )  # fmt: skip
    standing = seat_standing(session, sheet.seat)
    if standing.outcome.needs_third and "third" not in standing.sheets:
        call_third(session, standing)


def _began(session: Session, sheet: RubricSheet, slot: str) -> datetime | None:
    task = _task(session, sheet, slot)
    return task.started_at if task else sheet.seat.practical_started_at


def _task(session: Session, sheet: RubricSheet, slot: str) -> SeatTask | None:
    return session.scalar(select(SeatTask).where(SeatTask.seat_id == sheet.seat_id, SeatTask.slot == slot))


def _refuse_unseen(sheet: RubricSheet, seen: str | None) -> None:
    if seen is not None and seen != seen_digest(sheet):
        message = N_(
            "The sheet changed since you looked at it, on another tablet or another page. Look at it again, then sign."
        )
        raise Refusal("sheet_changed", message, status=409, details={"digest": seen_digest(sheet)})


def _by_server(session: Session, actor: Actor, sheet: RubricSheet, wanted: list[Entry], now: datetime) -> None:
    entries = of_server(session, sheet, wanted)
    store(session, sheet, entries, now)
    follow(session, actor, sheet, entries, now)


def _in_work(session: Session, sheet_id: int, examiner_id: int) -> RubricSheet:
    sheet = locked_sheet(session, sheet_id, examiner_id)
    if sheet.state == SheetState.SIGNED:
        raise Refusal("sheet_signed", N_("This sheet is signed and does not change any more."), status=409)
    refuse_unworkable(session, sheet)
    return sheet
