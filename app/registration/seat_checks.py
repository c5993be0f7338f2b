"""What keeps an application out of a session, found for all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.models.certificate import Certificate, CertificateStatus, PartResult
from app.models.registration import (
    Application,
    ApplicationStatus,
    Candidate,
    ExamSession,
    Seat,
    SessionState,
    Site,
    StaffAssignment,
)
from app.registration.locks import locked

_TO_COME = (SessionState.PLANNED, SessionState.PREPARED, SessionState.OPEN)
_WORDS = {
    "application_unknown": N_("There is no such application."),
    "not_admitted": N_("The application is not admitted."),
    "other_level": N_("The application is for another scheme or level."),
    "demonstration_mixed": N_("Demonstration and real applications cannot share a session."),
    "part_passed": N_("This part is already passed and still counts."),
    "already_certified": N_("The person already holds this certificate."),
    "overlapping": N_("The person has a place in another session at the same time."),
    "on_staff": N_("The person is on the staff of this session."),
}


def problems_with(
    session: Session, row: ExamSession, numbers: Sequence[int], found: Mapping[int, Application], now: datetime
) -> Iterator[dict[str, Any]]:
    barred = _barred(session, row, numbers, now)
    staff = set(session.scalars(select(StaffAssignment.user_id).where(StaffAssignment.session_id == row.id)))
    for number in numbers:
        code = _unfit(row, found.get(number), staff) or barred.get(number)
        if code:
            application = found.get(number)
            yield {
                "application": number,
                "name": application.candidate.name if application else None,
                "code": code,
                "reason": _WORDS[code],
            }


def _unfit(row: ExamSession, application: Application | None, staff: set[int]) -> str | None:
    if application is None:
        return "application_unknown"
    if application.status != ApplicationStatus.ADMITTED:
        return "not_admitted"
    if (application.scheme, application.level) != (row.scheme, row.level):
        return "other_level"
    if application.demonstration != row.demonstration:
        return "demonstration_mixed"
    return "on_staff" if application.candidate.user_id in staff else None


def _barred(session: Session, row: ExamSession, numbers: Sequence[int], now: datetime) -> dict[int, str]:
    """Who is kept out by something on record: a part that still counts, a certificate, another session."""
    passed = select(PartResult.application_id).where(
        PartResult.application_id.in_(numbers), PartResult.part == row.part, PartResult.passed,
        or_(PartResult.valid_until.is_(None), PartResult.valid_until > now),
    )  # fmt: skip
    certified = (
        select(Application.id)
        .join(Candidate)
        .join(
            Certificate,
            and_(Certificate.person == Candidate.identity_hash, Certificate.scheme == Application.scheme,
                 Certificate.level == Application.level,
                 Certificate.status.in_((CertificateStatus.VALID, CertificateStatus.SUSPENDED))),
        )
        .where(Application.id.in_(numbers))
    )  # fmt: skip
    barred = dict.fromkeys(session.scalars(passed), "part_passed")
    barred |= dict.fromkeys(session.scalars(certified), "already_certified")
    if not row.demonstration:  # a demonstration holds both parts open at once, to try them side by side
        barred |= dict.fromkeys(_busy(session, row, numbers), "overlapping")
    return barred


def _busy(session: Session, row: ExamSession, numbers: Sequence[int]) -> Sequence[int]:
    """Of these applications, whose person sits elsewhere at that time, under whatever application."""
    mine = select(Application.id, Application.candidate_id).where(Application.id.in_(numbers)).subquery()
    others = (
        select(mine.c.id)
        .join(Candidate, Candidate.id == mine.c.candidate_id)
        .join(Application, Application.candidate_id == Candidate.id)
        .join(Seat, Seat.application_id == Application.id)
        .join(ExamSession, ExamSession.id == Seat.session_id)
        .where(ExamSession.id != row.id, ExamSession.state.in_(_TO_COME),
               ExamSession.opens_at < row.closes_at, row.opens_at < ExamSession.closes_at)
    )  # fmt: skip
    return session.scalars(others).all()


def refuse_full(session: Session, row: ExamSession, more: int) -> None:
    """The places of a site are shared by all sessions held there at the same time."""
    site = locked(session, Site, row.site_id)
    taken = session.scalar(
        select(func.count())
        .select_from(Seat)
        .join(ExamSession)
        .where(ExamSession.site_id == site.id, ExamSession.state.in_(_TO_COME),
               ExamSession.opens_at < row.closes_at, row.opens_at < ExamSession.closes_at)
    )  # fmt: skip
    if (taken or 0) + more > site.capacity:
        raise Refusal(
            "site_full",
            N_("“%(site)s” has %(capacity)s places, %(taken)s are taken in that time and %(more)s more are asked for."),
            status=409,
            details={"capacity": site.capacity, "taken": taken, "more": more},
            site=site.name,
            capacity=site.capacity,
            taken=taken,
            more=more,
        )
