"""Lists for registrars and candidates; what is asked for twice has its name here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.models.account import Role, RoleGrant, User
from app.models.registration import (
    Application,
    ApplicationStatus,
    Candidate,
    ExamSession,
    Seat,
    SessionState,
    StaffAssignment,
)

PAGE = 50


@dataclass(frozen=True)
class Filter:
    status: str = ""
    scheme: str = ""
    level: str = ""
    text: str = ""


def applications(session: Session, wanted: Filter, page: int = 1) -> tuple[Sequence[Application], int]:
    """One page in the order of handing in, and how many there are in all."""
    fitting = _fitting(wanted)
    total = session.scalar(select(func.count(Application.id)).join(Candidate).where(*fitting)) or 0
    rows = session.scalars(
        select(Application)
        .join(Candidate)
        .where(*fitting)
        .order_by(Application.submitted_at.asc().nulls_last(), Application.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return rows.all(), total


def _fitting(wanted: Filter) -> list[ColumnElement[bool]]:
    fitting: list[ColumnElement[bool]] = [Application.status != ApplicationStatus.DRAFT]
    for column, value in (
        (Application.status, wanted.status),
        (Application.scheme, wanted.scheme),
        (Application.level, wanted.level),
    ):
        if value:
            fitting.append(column == value)
    if text := wanted.text.strip():
        names = (Candidate.name, Candidate.employer, Candidate.school)
        fitting.append(or_(*(name.contains(text, autoescape=True) for name in names)))
    return fitting


def handed_in(session: Session, application_id: int) -> Application:
    """An application as registrars see it: a draft is the applicant's own business."""
    application = session.get(Application, application_id)
    if application is None or application.status == ApplicationStatus.DRAFT:
        raise NotFound
    return application


def applications_of(session: Session, user_id: int) -> Sequence[Application]:
    return session.scalars(
        select(Application).join(Candidate).where(Candidate.user_id == user_id).order_by(Application.id.desc())
    ).all()


def seats_of_person(session: Session, user_id: int) -> Sequence[Seat]:
    return session.scalars(
        select(Seat)
        .join(ExamSession, ExamSession.id == Seat.session_id)
        .join(Application, Application.id == Seat.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Candidate.user_id == user_id)
        .order_by(ExamSession.opens_at)
    ).all()


def sessions(session: Session, *, state: str = "", part: str = "", page: int = 1) -> Sequence[ExamSession]:
    """One page, the latest first."""
    query = select(ExamSession).order_by(ExamSession.opens_at.desc(), ExamSession.id.desc())
    if state:
        query = query.where(ExamSession.state == state)
    if part:
        query = query.where(ExamSession.part == part)
    return session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)).all()


def sessions_count(session: Session, *, state: str = "", part: str = "") -> int:
    query = select(func.count(ExamSession.id))
    if state:
        query = query.where(ExamSession.state == state)
    if part:
        query = query.where(ExamSession.part == part)
    return session.scalar(query) or 0


def account_number(session: Session, username: str) -> int:
    """Of the account with this user name; 0, which is nobody's, if there is none."""
    return session.scalar(select(User.id).where(User.username == username)) or 0


def seat_counts(session: Session, ids: Sequence[int]) -> dict[int, int]:
    counted = select(Seat.session_id, func.count()).where(Seat.session_id.in_(ids)).group_by(Seat.session_id)
    return dict(session.execute(counted).all())


def seats_of(session: Session, session_id: int, *, page: int, size: int) -> Sequence[Seat]:
    query = select(Seat).where(Seat.session_id == session_id).order_by(Seat.number)
    return session.scalars(query.offset((page - 1) * size).limit(size)).all()


def seat_names(session: Session, session_id: int) -> list[tuple[int, str]]:
    """Every place of a session by its number, with the name of who sits there."""
    query = select(Seat.number, Candidate.name).join(Application, Application.id == Seat.application_id)
    query = query.join(Candidate, Candidate.id == Application.candidate_id).where(Seat.session_id == session_id)
    return [(number, name) for number, name in session.execute(query.order_by(Seat.number))]


def seatable(session: Session, row: ExamSession, limit: int = 500) -> Sequence[Application]:
    """Admitted applications of the session's level without a place in any session of this part still to come."""
    seated = (
        select(Seat.application_id)
        .join(ExamSession, ExamSession.id == Seat.session_id)
        .where(ExamSession.part == row.part, ExamSession.state != SessionState.RELEASED)
    )
    return session.scalars(
        select(Application)
        .where(
            Application.status == ApplicationStatus.ADMITTED,
            Application.scheme == row.scheme,
            Application.level == row.level,
            Application.demonstration == row.demonstration,
            Application.id.not_in(seated),
        )
        .order_by(Application.decided_at, Application.id)
        .limit(limit)
    ).all()


def staffable(session: Session, row: ExamSession, role: str) -> Sequence[User]:
    """Active accounts with the role, not yet on the roster."""
    rostered = select(StaffAssignment.user_id).where(StaffAssignment.session_id == row.id)
    return session.scalars(
        select(User)
        .join(RoleGrant)
        .where(RoleGrant.role == role, User.active, User.id.not_in(rostered))
        .order_by(User.name, User.id)
        .limit(500)
    ).all()


def waiting_count(session: Session) -> int:
    return (
        session.scalar(
            select(func.count()).select_from(Application).where(Application.status == ApplicationStatus.SUBMITTED)
        )
        or 0
    )


def unseated_count(session: Session) -> int:
    """Admitted applications that have no place in any session yet."""
    seated = select(Seat.id).where(Seat.application_id == Application.id).exists()
    admitted = select(func.count()).select_from(Application).where(Application.status == ApplicationStatus.ADMITTED)
    return session.scalar(admitted.where(~seated)) or 0


def people_with(session: Session, role: Role, limit: int = 500) -> Sequence[User]:
    """Active accounts that hold a role, by name."""
    held = select(User).join(RoleGrant).where(RoleGrant.role == role, User.active)
    return session.scalars(held.order_by(User.name, User.id).limit(limit)).all()
