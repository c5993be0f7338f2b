"""A panel at work: many candidates marked by two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat, StaffAssignment
from app.practical.marking.rubric import Rubric
from tests.factories import practical
from tests.factories.practical import Duty

Total = Callable[[int, int], float]
"""From the number of the seat and the place of the examiner among all: the total given."""


def signed(
    session: Session, *, candidates: int = 12, examiners: int = 4, total: Total = lambda seat, who: 70 + seat
) -> tuple[ExamSession, list[int]]:
    """An open practical in which every sheet is signed; the examiners' numbers in order."""
    exam, duties = practical.open_practical(session, candidates=candidates, examiners=examiners)
    people = sorted({duty.examiner_id for duty in duties})
    for duty in duties:
        sign(session, duty, people, total)
    session.commit()
    return exam, people


def sign(session: Session, duty: Duty, people: list[int], total: Total) -> None:
    sheet = session.get_one(RubricSheet, duty.sheet_id)
    practical.mark_and_sign(session, duty, str(total(sheet.seat.number, people.index(duty.examiner_id))))


def over_the_day(session: Session, exam: ExamSession, minutes: int = 20) -> None:
    """The candidates began one after the other."""
    for seat in session.scalars(select(Seat).where(Seat.session_id == exam.id)):
        seat.practical_started_at = exam.opens_at + timedelta(minutes=minutes * seat.number)
    session.commit()


def head(session: Session, exam: ExamSession, user_id: int) -> None:
    rows = update(StaffAssignment).where(StaffAssignment.session_id == exam.id)
    session.execute(rows.values(head=False))
    session.execute(rows.where(StaffAssignment.user_id == user_id).values(head=True))
    session.commit()


def all_points(session: Session, exam: ExamSession, total: str = "80") -> dict[str, str]:
    sheet = session.scalars(select(RubricSheet).join(Seat).where(Seat.session_id == exam.id).limit(1)).one()
    return {key: str(value) for key, value in practical.points_for(total, Rubric.kept(sheet.rubric)).items()}
