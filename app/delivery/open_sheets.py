"""Marking an open answer: points for its criteria, a signature, and what the signed sheets come to.

A script is its number: no name, no seat, no other examiner's points.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import closing
from app.delivery.open_rules import Line, lines_of, marks_for, points_given, settle
from app.delivery.papers import level_of
from app.models.account import User
from app.models.exam import Attempt
from app.models.open_marking import OpenAnswer, OpenSheet
from app.models.practical import SheetOrder, SheetState
from app.models.registration import ExamSession, Seat
from app.registration.avoidance import refuse_tied
from app.registration.returned_sheets import given_back
from app.schemes.scheme import OpenRules

LONGEST_NOTE = 1000


def give_back(session: Session, actor: Actor, sheet_id: int, examiner_id: int) -> None:
    """An unsigned sheet goes, with its points, and its place is free for another examiner."""
    given_back(session, actor, _unsigned(session, sheet_id, examiner_id))


def own_sheet(session: Session, sheet_id: int, examiner_id: int) -> OpenSheet:
    sheet = session.get(OpenSheet, sheet_id)
    if sheet is None or sheet.examiner_id != examiner_id:
        raise NotFound()
    return sheet


def lines(sheet: OpenSheet) -> tuple[Line, ...]:
    return lines_of(sheet.answer.item.criteria)


def rules(session: Session, answer: OpenAnswer) -> OpenRules:
    exam = session.get_one(ExamSession, answer.session_id)
    return level_of(exam.scheme, exam.level).theory.open_answers


def save_points(
    session: Session, actor: Actor, sheet_id: int, examiner_id: int, points: Mapping[str, object], note: str | None
) -> OpenSheet:
    """Set the points of the criteria given, all or none; others stay. None takes points away again."""
    sheet = _unsigned(session, sheet_id, examiner_id)
    _refuse_tied(session, sheet, examiner_id)
    known, step = lines(sheet), rules(session, sheet.answer).step
    after = dict(sheet.points)
    for number, given in points.items():
        if given is None:
            after.pop(number, None)
        else:
            after[number] = format(points_given(known, number, given, step), "f")
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


def _settle(session: Session, answer: OpenAnswer, now: datetime) -> None:
    session.refresh(answer, ["sheets"])
    signed = {one.order: one.marks for one in answer.sheets if one.state == SheetState.SIGNED}
    first, second, third = (signed.get(order) for order in SheetOrder)
    found = settle(first, second, third, answer.marks, rules(session, answer).gap)
    answer.needs_third, answer.settled = found.needs_third, found.marks
    if found.marks is None:
        session.flush()
        return
    answer.settled_at = now
    session.flush()
    attempt = closing.locked(session, answer.attempt_id)
    if attempt is not None:
        closing.mark_closed(session, attempt, now)


def _unsigned(session: Session, sheet_id: int, examiner_id: int) -> OpenSheet:
    sheet = _locked(session, sheet_id, examiner_id)
    if sheet.state == SheetState.SIGNED:
        raise Refusal("sheet_signed", N_("This sheet is signed and does not change any more."), status=409)
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


def _refuse_tied(session: Session, sheet: OpenSheet, examiner_id: int) -> None:
    attempt = session.get_one(Attempt, sheet.answer.attempt_id)
    refuse_tied(session, session.get_one(Seat, attempt.seat_id), session.get_one(User, examiner_id))
