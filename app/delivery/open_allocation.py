"""Who is handed which open answer: two examiners apart and blind, a third where they are far apart.

Whoever asks for the next one gets an answer that nobody else is being handed at the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from app.core import audit
from app.core.audit import Actor
from app.core.errors import NotFound
from app.delivery import closing
from app.models.account import User
from app.models.exam import Attempt, AttemptState
from app.models.open_marking import OpenAnswer, OpenSheet
from app.models.practical import SheetOrder, SheetState
from app.models.registration import ExamSession, Seat, StaffAssignment, StaffRole
from app.registration.avoidance import forbidden
from app.registration.returned_sheets import given_back


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
        given_back(session, actor, sheet)
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


def _require_rostered(session: Session, session_id: int, examiner_id: int) -> None:
    wanted = select(StaffAssignment.id).where(
        StaffAssignment.session_id == session_id, StaffAssignment.user_id == examiner_id,
        StaffAssignment.role == StaffRole.EXAMINER,
    )  # fmt: skip
    if session.scalar(wanted) is None:
        raise NotFound()
