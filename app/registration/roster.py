"""Who staffs a session, and who of them is there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Exists, exists, func, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.account import Role, User
from app.models.practical import RubricSheet
from app.models.registration import (
    Application,
    Candidate,
    ExamSession,
    Part,
    Seat,
    SessionState,
    StaffAssignment,
    StaffRole,
)
from app.registration.locks import locked
from app.registration.returned_sheets import take_back
from app.registration.staffing import Gate, needed
from app.schemes.scheme import scheme as scheme_of
from question_bank.item_types import ITEM_TYPES

_GATED = {Part.THEORY: StaffRole.PROCTOR, Part.PRACTICAL: StaffRole.EXAMINER}
"""The role that a session's doors wait for."""
_OVER = (SessionState.CLOSED, SessionState.RELEASED)


def assign_staff(session: Session, actor: Actor, session_id: int, user_id: int, role: str) -> StaffAssignment:
    """Put a proctor (theory) or examiner on the roster; being there is a step of its own.

    Examiners of a theory session mark its open answers, so they may still come after it has closed.
    """
    row = locked(session, ExamSession, session_id)
    _refuse_over(row, marking=role == StaffRole.EXAMINER and row.part == Part.THEORY)
    user = _fitting_user(session, row, user_id, role)
    kept = _assignment(session, row.id, user_id)
    if kept:
        return kept
    if session.scalar(select(_is_seated(row.id, user.id))):
        raise Refusal(
            "own_session",
            N_("%(name)s is a candidate of this session and cannot staff it."),
            status=409,
            name=user.name,
        )
    assignment = StaffAssignment(session_id=row.id, user=user, role=role)
    session.add(assignment)
    session.flush()
    session.expire(row, ["staff"])
    audit.record(session, "session:staff:assigned", actor, "session", row.id, user=user.id, role=role)
    return assignment


def remove_staff(session: Session, actor: Actor, session_id: int, user_id: int) -> None:
    row = locked(session, ExamSession, session_id)
    assignment = _own_assignment(session, row.id, user_id)
    _refuse_over(row, marking=assignment.role == StaffRole.EXAMINER and row.part == Part.THEORY)
    at_work = exists().where(
        RubricSheet.examiner_id == user_id, RubricSheet.seat_id == Seat.id, Seat.session_id == row.id
    )
    if assignment.present or session.scalar(select(at_work)):
        raise Refusal(
            "staff_at_work",
            N_("%(name)s is present or has candidates allocated and stays on the roster."),
            status=409,
            name=assignment.user.name,
        )
    take_back(session, actor, row.id, user_id)
    session.delete(assignment)
    session.flush()
    session.expire(row, ["staff"])
    audit.record(session, "session:staff:removed", actor, "session", row.id, user=user_id)


def mark_present(session: Session, actor: Actor, session_id: int, user_id: int, now: datetime) -> StaffAssignment:
    """Nobody is in two rooms at once, so presence elsewhere has to end first."""
    row = locked(session, ExamSession, session_id)
    _refuse_over(row)
    assignment = _own_assignment(session, row.id, user_id)
    if assignment.present:
        return assignment
    locked(session, User, user_id)
    elsewhere = exists().where(
        StaffAssignment.user_id == user_id, StaffAssignment.session_id != row.id,
        StaffAssignment.present_since.is_not(None), StaffAssignment.left_at.is_(None),
        ExamSession.id == StaffAssignment.session_id, ExamSession.state.not_in(_OVER),
    )  # fmt: skip
    if session.scalar(select(elsewhere)):
        raise Refusal(
            "present_elsewhere",
            N_("%(name)s is marked as present in another session. Mark them as gone there first."),
            status=409,
            name=assignment.user.name,
        )
    assignment.present_since, assignment.left_at = now, None
    audit.record(session, "session:staff:present", actor, "session", row.id, user=user_id)
    return assignment


def mark_left(session: Session, actor: Actor, session_id: int, user_id: int, now: datetime) -> StaffAssignment:
    row = locked(session, ExamSession, session_id)
    assignment = _own_assignment(session, row.id, user_id)
    if assignment.present:
        assignment.left_at = now
        audit.record(session, "session:staff:left", actor, "session", row.id, user=user_id)
    return assignment


def gate_of(session: Session, row: ExamSession) -> Gate:
    """Have and need of the session's staff, counted in the database on those who are present."""
    level = scheme_of(row.scheme).level(row.level)
    role = _GATED[Part(row.part)]
    present = session.scalar(
        select(func.count())
        .select_from(StaffAssignment)
        .join(User)
        .where(StaffAssignment.session_id == row.id, StaffAssignment.role == role, User.active,
               StaffAssignment.present_since.is_not(None), StaffAssignment.left_at.is_(None))
    )  # fmt: skip
    seats = session.scalar(select(func.count()).select_from(Seat).where(Seat.session_id == row.id)) or 0
    if role == StaffRole.PROCTOR:
        need = needed(seats, level.theory.proctor_ratio, at_least=1)
    else:
        need = needed(seats, level.practical.examiner_ratio, level.practical.examiners_at_least)
    return Gate(role.value, present or 0, need, seats)


def _fitting_user(session: Session, row: ExamSession, user_id: int, role: str) -> User:
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise Refusal("user_unknown", N_("There is no active account with this number. Choose one of the list."))
    if role not in set(StaffRole):
        raise Refusal("staff_role_unknown", N_("Staff of a session are proctors or examiners. Choose one of them."))
    if role not in fitting_roles(row):
        raise Refusal(
            "staff_role_unfitting",
            N_(
                "A theory session is staffed by proctors, and by examiners where its papers hold open answers; a"
                " practical one by examiners. Choose the other role."
            ),
        )
    if Role(role) not in user.roles:
        raise Refusal(
            "role_not_held",
            N_("%(name)s does not hold the role needed. An administrator can grant it."),
            name=user.name,
        )
    return user


def fitting_roles(row: ExamSession) -> tuple[StaffRole, ...]:
    """Theory papers with items that people mark need examiners beside the proctors."""
    types = scheme_of(row.scheme).level(row.level).theory.paper.types
    by_people = row.part == Part.THEORY and any(ITEM_TYPES[kind].marked_by_people for kind in types)
    return (_GATED[Part(row.part)], StaffRole.EXAMINER) if by_people else (_GATED[Part(row.part)],)


def _assignment(session: Session, session_id: int, user_id: int) -> StaffAssignment | None:
    return session.scalar(
        select(StaffAssignment).where(StaffAssignment.session_id == session_id, StaffAssignment.user_id == user_id)
    )


def _is_seated(session_id: int, user_id: int) -> Exists:
    seated = exists().where(Seat.session_id == session_id, Seat.application_id == Application.id)
    return seated.where(Application.candidate_id == Candidate.id, Candidate.user_id == user_id)


def _own_assignment(session: Session, session_id: int, user_id: int) -> StaffAssignment:
    assignment = _assignment(session, session_id, user_id)
    if assignment is None:
        raise NotFound
    return assignment


def _refuse_over(row: ExamSession, *, marking: bool = False) -> None:
    if row.state == SessionState.RELEASED or (row.state in _OVER and not marking):
        raise Refusal("session_over", N_("The session is over; its staff cannot change any more."), status=409)
