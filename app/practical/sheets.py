"""An examiner's own sheets: begin, mark, end, sign. What is another's does not exist here.

Rows are locked in one order, session before seat, so that closing, signing and two tablets wait for one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.practical import Mark, RubricSheet, SheetState
from app.models.registration import ExamSession, Seat
from app.practical.rubric import Rubric
from app.practical.sittings import refuse_unless_open
from app.practical.standing import Standing, seat_standing, value_of
from app.practical.thirds import call_third
from app.registration.avoidance import refuse_tied

LONGEST_NOTE = 1000


def own_sheets(session: Session, examiner_id: int, session_id: int | None = None) -> list[RubricSheet]:
    """In the order in which the candidates come."""
    wanted = select(RubricSheet).join(Seat).join(ExamSession).where(RubricSheet.examiner_id == examiner_id)
    if session_id is not None:
        wanted = wanted.where(Seat.session_id == session_id)
    return list(session.scalars(wanted.order_by(ExamSession.opens_at, ExamSession.id, Seat.number, RubricSheet.order)))


def own_sheet(session: Session, sheet_id: int, examiner_id: int) -> RubricSheet:
    sheet = session.scalar(select(RubricSheet).where(RubricSheet.id == sheet_id))
    if sheet is None or sheet.examiner_id != examiner_id:
        raise NotFound()
    return sheet


def disclosed(session: Session, sheet: RubricSheet) -> Standing | None:
    """All sheets of the candidate and their outcome, but only once this sheet and the first two are signed."""
    if sheet.state != SheetState.SIGNED:
        return None
    standing = seat_standing(session, sheet.seat)
    return standing if standing.both_signed else None


def start_practical(session: Session, actor: Actor, sheet_id: int, examiner_id: int, now: datetime) -> RubricSheet:
    """The candidate begins. Said twice, or by both examiners, the first time counts."""
    sheet = _in_work(session, sheet_id, examiner_id)
    _begun(session, actor, sheet.seat, now)
    return sheet


def end_practical(session: Session, actor: Actor, sheet_id: int, examiner_id: int, now: datetime) -> RubricSheet:
    sheet = _in_work(session, sheet_id, examiner_id)
    if sheet.seat.practical_started_at is None:
        message = N_("This candidate's practical has not begun. Begin it when the candidate starts.")
        raise Refusal("practical_not_begun", message, status=409)
    _ended(session, actor, sheet.seat, now)
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
    texts = {rubric.criterion(key).id: _checked(key, text) for key, text in notes.items()}
    standing = {mark.criterion: mark for mark in sheet.marks}
    changes = _changes(standing, points, texts)
    if changes:
        _begun(session, actor, sheet.seat, now)
        for key, (new_points, new_note) in changes.items():
            mark = standing.get(key) or Mark(sheet_id=sheet.id, criterion=key)
            mark.points, mark.note, mark.saved_at = new_points, new_note, now
            session.add(mark)
        sheet.revision += 1
        session.flush()
        session.refresh(sheet, ["marks"])
        said = {key: [None if p is None else str(p), note] for key, (p, note) in changes.items()}
        audit.record(session, "sheet:marked", actor, "sheet", sheet.id, revision=sheet.revision, marks=said)
    value = value_of(sheet)
    return Saved(sheet, value.total(), tuple(criterion.id for criterion in value.missing()))


def sign(session: Session, actor: Actor, sheet_id: int, examiner_id: int, now: datetime) -> RubricSheet:
    """Lock the sheet for ever. Signing twice is signing once; the second signature may call a third examiner.

    It ends the candidate's practical if nobody said so before.
    """
    sheet = _locked(session, sheet_id, examiner_id)
    if sheet.state == SheetState.SIGNED:
        return sheet
    _refuse_unworkable(session, sheet)
    value = value_of(sheet)
    if missing := value.missing():
        message = N_("%(count)s criteria have no points yet, the first is %(criterion)s. Mark them, then sign.")
        raise Refusal(
            "sheet_incomplete", message, status=409, details={"missing": [criterion.id for criterion in missing]},
            count=len(missing), criterion=f"{missing[0].id} {missing[0].name}",
        )  # fmt: skip
    _begun(session, actor, sheet.seat, now)
    _ended(session, actor, sheet.seat, now)
    sheet.state, sheet.total, sheet.signed_at = SheetState.SIGNED, value.total(), now
    session.flush()
    audit.record(
        session, "sheet:signed", actor, "sheet", sheet.id,
        seat=sheet.seat_id, order=sheet.order, total=value.total(), revision=sheet.revision,
    )  # fmt: skip
    standing = seat_standing(session, sheet.seat)
    if standing.outcome.needs_third and "third" not in standing.sheets:
        call_third(session, standing)
    return sheet


def _in_work(session: Session, sheet_id: int, examiner_id: int) -> RubricSheet:
    sheet = _locked(session, sheet_id, examiner_id)
    if sheet.state == SheetState.SIGNED:
        raise Refusal("sheet_signed", N_("This sheet is signed and does not change any more."), status=409)
    _refuse_unworkable(session, sheet)
    return sheet


def _locked(session: Session, sheet_id: int, examiner_id: int) -> RubricSheet:
    """The sheet as it is now, its session shared and its seat held until the transaction ends."""
    seat_id = own_sheet(session, sheet_id, examiner_id).seat_id
    sitting = select(ExamSession.id).join(Seat).where(Seat.id == seat_id)
    session.execute(sitting.with_for_update(read=True, of=ExamSession))
    session.execute(select(Seat.id).where(Seat.id == seat_id).with_for_update())
    wanted = select(RubricSheet).where(RubricSheet.id == sheet_id, RubricSheet.examiner_id == examiner_id)
    sheet = session.scalar(wanted.execution_options(populate_existing=True))
    if sheet is None:  # taken away while this request waited
        raise NotFound()
    return sheet


def _refuse_unworkable(session: Session, sheet: RubricSheet) -> None:
    state = session.scalar(select(ExamSession.state).where(ExamSession.id == sheet.seat.session_id))
    refuse_unless_open(state)
    refuse_tied(session, sheet.seat, sheet.examiner)


def _begun(session: Session, actor: Actor, seat: Seat, now: datetime) -> None:
    if seat.practical_started_at is None:
        seat.practical_started_at = now
        audit.record(session, "practical:begun", actor, "seat", seat.id)


def _ended(session: Session, actor: Actor, seat: Seat, now: datetime) -> None:
    if seat.practical_ended_at is None:
        seat.practical_ended_at = now
        audit.record(session, "practical:ended", actor, "seat", seat.id)


def _checked(key: str, text: str) -> str:
    if len(text.strip()) > LONGEST_NOTE:
        message = N_("The note at %(criterion)s is longer than %(most)s characters. Shorten it.")
        raise Refusal("note_too_long", message, criterion=key, most=LONGEST_NOTE)
    return text.strip()


def _changes(
    standing: Mapping[str, Mark], points: Mapping[str, Decimal | None], notes: Mapping[str, str]
) -> dict[str, tuple[Decimal | None, str]]:
    """What each criterion touched will hold, without those that hold it already."""
    changes = {}
    for key in [*points, *(key for key in notes if key not in points)]:
        mark = standing.get(key)
        before = (mark.points if mark else None, mark.note if mark else "")
        after = (points.get(key, before[0]), notes.get(key, before[1]))
        if after != before:
            changes[key] = after
    return changes
