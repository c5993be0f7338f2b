"""What the use cases of a practical share: its session under lock, its level, its examiners."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.models.account import User
from app.models.registration import ExamSession, Part, SessionState, StaffAssignment, StaffRole
from app.registration.locks import locked
from app.schemes.scheme import PracticalPart, scheme


def locked_sitting(session: Session, session_id: int) -> ExamSession:
    """The practical session, held against changes by others until the caller's transaction ends."""
    sitting = locked(session, ExamSession, session_id)
    if sitting.part != Part.PRACTICAL:
        message = N_("Session %(session)s is a theory session. Examiners mark in practical sessions only.")
        raise Refusal("not_practical", message, status=409, session=session_id)
    return sitting


def practical_session(session: Session, session_id: int) -> ExamSession:
    """To read it; what is no practical session has no panel."""
    sitting = session.get(ExamSession, session_id)
    if sitting is None or sitting.part != Part.PRACTICAL:
        raise NotFound
    return sitting


def refuse_unless_open(sitting_state: str | None) -> None:
    if sitting_state != SessionState.OPEN:
        message = N_("The practical session is not open. Marks are taken from its opening to its closing.")
        raise Refusal("session_not_open", message, status=409, details={"state": sitting_state})


def refuse_if_over(sitting: ExamSession) -> None:
    if sitting.state in (SessionState.CLOSED, SessionState.RELEASED):
        raise Refusal("session_over", N_("This session is closed; nothing in it can be changed."), status=409)


def practical_part(sitting: ExamSession) -> PracticalPart:
    return scheme(sitting.scheme).level(sitting.level).practical


def examiners_of(session: Session, sitting: ExamSession, *, present_only: bool = False) -> list[User]:
    """Those rostered who have not left, in the order of the roster."""
    wanted = (
        select(StaffAssignment)
        .where(StaffAssignment.session_id == sitting.id, StaffAssignment.role == StaffRole.EXAMINER)
        .order_by(StaffAssignment.id)
        .execution_options(populate_existing=True)
    )
    return [
        place.user
        for place in session.scalars(wanted)
        if place.user.active and place.left_at is None and (place.present or not present_only)
    ]
