"""Examiners mark open answers: two of them apart and blind, a third where they are far apart.

A script is its number: no name, no seat, no other examiner's points. Whoever asks for the next one gets an answer that
nobody else is being handed at the same moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import closing
from app.delivery.open_rules import Line, lines_of, marks_for, points_given, settle
from app.models.account import User
from app.models.exam import Attempt, AttemptState
from app.models.open_marking import OpenAnswer, OpenSheet
from app.models.practical import SheetOrder, SheetState
from app.models.registration import ExamSession, Seat, StaffAssignment, StaffRole
from app.registration.avoidance import forbidden

LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Work:
    """What a session still holds for one examiner."""

    exam: ExamSession
    answers: int
    settled: int
    signed: int
    """Sheets this examiner has signed."""
    begun: int | None
    """The sheet this examiner has begun and not signed."""


def work_of(session: Session, examiner_id: int) -> list[Work]:
    """The sessions whose open answers this examiner is to mark, the oldest first."""
    rostered = (
        select(ExamSession)
        .join(StaffAssignment, StaffAssignment.session_id == ExamSession.id)
        .where(
            StaffAssignment.user_id == examiner_id,
            StaffAssignment.role == StaffRole.EXAMINER,
            select(OpenAnswer.id).where(OpenAnswer.session_id == ExamSession.id).exists(),
        )
        .order_by(ExamSession.opens_at, ExamSession.id)
    )
    found = [_work(session, exam, examiner_id) for exam in session.scalars(rostered)]
    return [work for work in found if work.answers]


def _work(session: Session, exam: ExamSession, examiner_id: int) -> Work:
    counted = (
        select(func.count(), func.count(OpenAnswer.settled))
        .join(Attempt, Attempt.id == OpenAnswer.attempt_id)
        .where(OpenAnswer.session_id == exam.id, Attempt.state != AttemptState.VOIDED)
    )
    answers, settled = session.execute(counted).one()
    own = select(OpenSheet.id, OpenSheet.state).join(OpenAnswer).where(
        OpenAnswer.session_id == exam.id, OpenSheet.examiner_id == examiner_id
    )  # fmt: skip
    sheets = session.execute(own).all()
    begun = next((row.id for row in sheets if row.state == SheetState.OPEN), None)
    return Work(exam, answers, settled, sum(row.state == SheetState.SIGNED for row in sheets), begun)


def next_sheet(session: Session, actor: Actor, session_id: int, examiner_id: int) -> OpenSheet | None:
    """The sheet begun, or one for the next answer this examiner may mark; None when there is none left for them.

    A sheet begun for an attempt that was voided since goes back. Only when every answer seems taken is there any
    waiting for those that others are being handed at the same moment.
    """
    _require_rostered(session, session_id, examiner_id)
    examiner = session.get_one(User, examiner_id, with_for_update={"of": User})
    begun = select(OpenSheet).join(OpenAnswer).where(
        OpenAnswer.session_id == session_id, OpenSheet.examiner_id == examiner_id, OpenSheet.state == SheetState.OPEN
    )  # fmt: skip
    for sheet in session.scalars(begun):
        attempt = session.get_one(Attempt, sheet.answer.attempt_id, populate_existing=True)
        free = not forbidden(session, session.get_one(Seat, attempt.seat_id), examiner)
        if free and attempt.state != AttemptState.VOIDED:
            return sheet
        _given_back(session, actor, sheet)
    answer = _free_answer(session, session_id, examiner, skip_locked=True)
    if answer is None:
        answer = _free_answer(session, session_id, examiner, skip_locked=False)
    return _new_sheet(session, actor, answer, examiner_id) if answer else None


def _free_answer(session: Session, session_id: int, examiner: User, *, skip_locked: bool) -> OpenAnswer | None:
    """Held until the transaction ends; when there is none, nothing stays held of what was looked at."""
    after = 0
    held = session.begin_nested()
    while (answer := _waiting(session, session_id, examiner.id, after, skip_locked)) is not None:
        if not forbidden(session, session.get_one(Seat, answer.attempt.seat_id), examiner):
            held.commit()
            return answer
        after = answer.id
    held.rollback()
    return None


def give_back(session: Session, actor: Actor, sheet_id: int, examiner_id: int) -> None:
    """An unsigned sheet goes, with its points, and its place is free for another examiner."""
    sheet = _locked(session, sheet_id, examiner_id)
    if sheet.state == SheetState.SIGNED:
        raise Refusal("sheet_signed", N_("This sheet is signed and does not change any more."), status=409)
    _given_back(session, actor, sheet)


def own_sheet(session: Session, sheet_id: int, examiner_id: int) -> OpenSheet:
    sheet = session.get(OpenSheet, sheet_id)
    if sheet is None or sheet.examiner_id != examiner_id:
        raise NotFound()
    return sheet


def lines(sheet: OpenSheet) -> tuple[Line, ...]:
    return lines_of(sheet.answer.item.criteria)


def save_points(
    session: Session, actor: Actor, sheet_id: int, examiner_id: int, points: Mapping[str, object], note: str | None
) -> OpenSheet:
    """Set the points of the criteria given, all or none; others stay. None takes points away again."""
    sheet = _in_work(session, sheet_id, examiner_id)
    known = lines(sheet)
    after = dict(sheet.points)
    for number, given in points.items():
        if given is None:
            after.pop(number, None)
        else:
            after[number] = format(points_given(known, number, given), "f")
    said = sheet.note if note is None else note.strip()
    if len(said) > LONGEST_NOTE:
        message = N_("The note is longer than %(most)s characters. Shorten it.")
        raise Refusal("note_too_long", message, most=LONGEST_NOTE)
    if (after, said) != (sheet.points, sheet.note):
        sheet.points, sheet.note = after, said
        audit.record(session, "open_sheet:marked", actor, "open_sheet", sheet.id, points=after, note=said)
    session.flush()
    return sheet


def sign(session: Session, actor: Actor, sheet_id: int, examiner_id: int, now: datetime) -> OpenSheet:
    """Lock the sheet for ever; the sheet that settles the attempt's last open answer has it marked."""
    sheet = _locked(session, sheet_id, examiner_id)
    if sheet.state == SheetState.SIGNED:
        return sheet
    _refuse_tied(session, sheet, examiner_id)
    known = lines(sheet)
    missing = [line for line in known if line.number not in sheet.points]
    if missing:
        message = N_("%(count)s criteria have no points yet, the first is number %(criterion)s. Mark them, then sign.")
        raise Refusal(
            "sheet_incomplete", message, status=409, details={"missing": [line.number for line in missing]},
            count=len(missing), criterion=missing[0].number,
        )  # fmt: skip
    answer = sheet.answer
    given = {number: Decimal(points) for number, points in sheet.points.items()}
    sheet.marks = marks_for(given, known, answer.marks)
    sheet.state, sheet.signed_at = SheetState.SIGNED, now
    session.flush()
    audit.record(session, "open_sheet:signed", actor, "open_sheet", sheet.id, answer=answer.id, marks=str(sheet.marks))
    _settle(session, answer, now)
    return sheet


def _given_back(session: Session, actor: Actor, sheet: OpenSheet) -> None:
    data = {"answer": sheet.answer_id, "order": sheet.order, "points": sheet.points}
    audit.record(session, "open_sheet:given_back", actor, "open_sheet", sheet.id, **data)
    session.delete(sheet)
    session.flush()


def _settle(session: Session, answer: OpenAnswer, now: datetime) -> None:
    session.refresh(answer, ["sheets"])
    signed = {one.order: one.marks for one in answer.sheets if one.state == SheetState.SIGNED}
    first, second, third = (signed.get(order) for order in SheetOrder)
    found = settle(first, second, third, answer.marks)
    answer.needs_third, answer.settled = found.needs_third, found.marks
    if found.marks is None:
        session.flush()
        return
    answer.settled_at = now
    session.flush()
    attempt = closing.locked(session, answer.attempt_id)
    if attempt is not None:
        closing.mark_closed(session, attempt, now)


def _waiting(session: Session, session_id: int, examiner_id: int, after: int, skip_locked: bool) -> OpenAnswer | None:
    """The first answer after `after` with a free place for this examiner."""
    sheets = select(func.count()).where(OpenSheet.answer_id == OpenAnswer.id).correlate(OpenAnswer).scalar_subquery()
    own = select(OpenSheet.id).where(OpenSheet.answer_id == OpenAnswer.id, OpenSheet.examiner_id == examiner_id)
    places = case((OpenAnswer.needs_third, 3), else_=2)
    wanted = (
        select(OpenAnswer)
        .join(Attempt, Attempt.id == OpenAnswer.attempt_id)
        .where(
            OpenAnswer.session_id == session_id, OpenAnswer.settled.is_(None), OpenAnswer.id > after,
            Attempt.state.in_(closing.CLOSED), sheets < places, ~own.exists(),
        )
        .order_by(OpenAnswer.id)
        .limit(1)
        .options(joinedload(OpenAnswer.attempt))
        .with_for_update(of=OpenAnswer, skip_locked=skip_locked)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return session.scalars(wanted).first()


def _new_sheet(session: Session, actor: Actor, answer: OpenAnswer, examiner_id: int) -> OpenSheet:
    """The first of the three places that is free; the answer is locked, so nobody else takes it."""
    taken = set(session.scalars(select(OpenSheet.order).where(OpenSheet.answer_id == answer.id)))
    order = next(place for place in SheetOrder if place not in taken)
    sheet = OpenSheet(answer_id=answer.id, examiner_id=examiner_id, order=order)
    session.add(sheet)
    session.flush()
    audit.record(session, "open_sheet:begun", actor, "open_sheet", sheet.id, answer=answer.id, order=order)
    return sheet


def _in_work(session: Session, sheet_id: int, examiner_id: int) -> OpenSheet:
    sheet = _locked(session, sheet_id, examiner_id)
    if sheet.state == SheetState.SIGNED:
        raise Refusal("sheet_signed", N_("This sheet is signed and does not change any more."), status=409)
    _refuse_tied(session, sheet, examiner_id)
    return sheet


def _locked(session: Session, sheet_id: int, examiner_id: int) -> OpenSheet:
    """The sheet as it is now; its answer is held, so that two signatures settle it one after the other."""
    answer_id = own_sheet(session, sheet_id, examiner_id).answer_id
    wanted = select(OpenAnswer).where(OpenAnswer.id == answer_id).with_for_update(of=OpenAnswer)
    answer = session.scalars(wanted.execution_options(populate_existing=True)).one()
    sheet = session.get_one(OpenSheet, sheet_id, populate_existing=True)
    state = session.scalar(select(Attempt.state).where(Attempt.id == answer.attempt_id))
    if sheet.state != SheetState.SIGNED and state not in closing.CLOSED:
        message = N_("This answer is not to be marked any more: its attempt was voided.")
        raise Refusal("answer_void", message, status=409)
    return sheet


def _require_rostered(session: Session, session_id: int, examiner_id: int) -> None:
    wanted = select(StaffAssignment.id).where(
        StaffAssignment.session_id == session_id, StaffAssignment.user_id == examiner_id,
        StaffAssignment.role == StaffRole.EXAMINER,
    )  # fmt: skip
    if session.scalar(wanted) is None:
        raise NotFound()


def _refuse_tied(session: Session, sheet: OpenSheet, examiner_id: int) -> None:
    attempt = session.get_one(Attempt, sheet.answer.attempt_id)
    if forbidden(session, session.get_one(Seat, attempt.seat_id), session.get_one(User, examiner_id)):
        message = N_(
            "A tie between you and this candidate is on file, so you may not mark them."
            " Tell the registrar, who will call another examiner."
        )
        raise Refusal("examiner_tied", message, status=409)
