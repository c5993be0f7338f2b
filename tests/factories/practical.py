"""Practical sessions with candidates and examiners, as rows; marks on sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.models.account import Role, User
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Part, Seat, Site, StaffAssignment, StaffRole
from app.practical.marking import sheets
from app.practical.marking.rubric import Rubric
from app.practical.panels import panels
from tests.factories import people, theory

REGISTRAR = Actor(None, "registrar", "test")
_numbers = count(1)


def practical_session(
    session: Session, *, candidates: int = 1, examiners: int = 2, present: bool = True, fit_site: bool = True
) -> ExamSession:
    """A planned practical with seated candidates and rostered examiners."""
    opens_at = clock_now() - timedelta(minutes=1)
    site = Site(name=f"hall {next(_numbers)}", capacity=100, has_network=True, has_monitoring=fit_site)
    session.add(site)
    session.flush()
    exam = ExamSession(
        scheme=theory.SCHEME, level=theory.LEVEL, part=Part.PRACTICAL, site_id=site.id, opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=8), minutes=120, late_entry_minutes=30, hold_minutes=0,
    )  # fmt: skip
    session.add(exam)
    session.flush()
    for number in range(1, candidates + 1):
        theory.seat(session, exam, theory.application(session), number)
    for _ in range(examiners):
        examiner(session, exam, present=present)
    return exam


def examiner(session: Session, exam: ExamSession, *, present: bool = True) -> User:
    user = people.user(session, Role.EXAMINER)
    since = exam.opens_at if present else None
    session.add(StaffAssignment(session_id=exam.id, user_id=user.id, role=StaffRole.EXAMINER, present_since=since))
    session.flush()
    return user


@dataclass(frozen=True)
class Duty:
    """One sheet and whose it is."""

    sheet_id: int
    examiner_id: int
    actor: Actor

    @classmethod
    def of(cls, sheet: RubricSheet) -> Duty:
        return cls(sheet.id, sheet.examiner_id, Actor(sheet.examiner_id, sheet.examiner.name, "test"))


def open_practical(session: Session, **how: int) -> tuple[ExamSession, list[Duty]]:
    """An open practical; the sheets by seat, first before second; committed."""
    exam = practical_session(session, **how)
    panels.open_practical(session, REGISTRAR, exam.id, clock_now())
    session.commit()
    return exam, duties(session, exam.id)


def duties(session: Session, session_id: int) -> list[Duty]:
    found = select(RubricSheet).join(Seat).where(Seat.session_id == session_id)
    return [Duty.of(sheet) for sheet in session.scalars(found.order_by(Seat.number, RubricSheet.order))]


def points_for(total: Decimal | str, rubric: Rubric) -> dict[str, Decimal]:
    """Points for every criterion that make `total`, the critical ones first so that none of them is missed."""
    left, points = Decimal(total), {}
    for criterion in sorted(rubric.criteria, key=lambda one: not one.critical):
        points[criterion.id] = min(left, criterion.points)
        left -= points[criterion.id]
    return points


def mark(session: Session, duty: Duty, total: Decimal | str) -> None:
    sheet = sheets.own_sheet(session, duty.sheet_id, duty.examiner_id)
    points = points_for(total, Rubric.kept(sheet.rubric))
    sheets.save_marks(session, duty.actor, duty.sheet_id, duty.examiner_id, points, notes={}, now=clock_now())


def mark_and_sign(session: Session, duty: Duty, total: Decimal | str) -> RubricSheet:
    mark(session, duty, total)
    return sheets.sign(session, duty.actor, duty.sheet_id, duty.examiner_id, clock_now())
