"""A sheet taken hold of by its examiner, and whether it may still be worked on.

Rows are locked in one order, session before seat, so that closing, signing and two tablets wait for one another.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.models.practical import RubricSheet, SheetOrder, SheetState
from app.models.registration import ExamSession, Seat, SessionState
from app.practical.marking.standing import seat_standing
from app.practical.sittings import refuse_unless_open
from app.registration.avoidance import refuse_tied

OVER = (SessionState.CLOSED, SessionState.RELEASED)


def own_sheet(session: Session, sheet_id: int, examiner_id: int) -> RubricSheet:
    sheet = session.scalar(select(RubricSheet).where(RubricSheet.id == sheet_id))
    if sheet is None or sheet.examiner_id != examiner_id:
        raise NotFound()
    return sheet


def locked_sheet(session: Session, sheet_id: int, examiner_id: int) -> RubricSheet:
    """The sheet as it is now, its session shared and its seat held until the transaction ends."""
    hold_seat(session, own_sheet(session, sheet_id, examiner_id).seat_id)
    wanted = select(RubricSheet).where(RubricSheet.id == sheet_id, RubricSheet.examiner_id == examiner_id)
    sheet = session.scalar(wanted.execution_options(populate_existing=True))
    if sheet is None:  # taken away while this request waited
        raise NotFound()
    return sheet


def hold_seat(session: Session, seat_id: int) -> None:
    sitting = select(ExamSession.id).join(Seat).where(Seat.id == seat_id)
    session.execute(sitting.with_for_update(read=True, of=ExamSession))
    session.execute(select(Seat.id).where(Seat.id == seat_id).with_for_update())


def state_of(session: Session, seat: Seat) -> str | None:
    """Of the session, as it is now."""
    return session.scalar(select(ExamSession.state).where(ExamSession.id == seat.session_id))


def refuse_unworkable(session: Session, sheet: RubricSheet) -> None:
    """Marks are taken while the session is open; a third sheet that a correction called for also after closing."""
    state = state_of(session, sheet.seat)
    if not (state == SessionState.CLOSED and awaited_third(session, sheet)):
        refuse_unless_open(state)
    if sheet.examines:  # ties bind those who examine, not those who rate beside them
        refuse_tied(session, sheet.seat, sheet.examiner)


def too_late(session: Session, sheet: RubricSheet) -> bool:
    """Whether what arrives now can only be kept as evidence."""
    if sheet.state == SheetState.SIGNED:
        return True
    return state_of(session, sheet.seat) in OVER and not awaited_third(session, sheet)


def awaited_third(session: Session, sheet: RubricSheet) -> bool:
    third = sheet.order == SheetOrder.THIRD and sheet.state != SheetState.SIGNED
    return third and seat_standing(session, sheet.seat).outcome.needs_third


def refuse_released(state: str | None) -> None:
    if state == SessionState.RELEASED:
        message = N_("The results of this session are released. What is to change now goes by way of an appeal.")
        raise Refusal("results_released", message, status=409)
