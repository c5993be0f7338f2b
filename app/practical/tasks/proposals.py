"""Points that the engine proposes for what a candidate did at a computer. The examiner decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat
from app.models.task_work import TaskScore
from app.models.tasks import SeatTask
from app.practical.marking.rubric import Rubric
from app.practical.sittings import practical_part


@dataclass(frozen=True)
class Proposal:
    slot: str
    share: Decimal
    points: Decimal
    """Share of the criterion's points, floored to the sheet's step."""
    facts: dict[str, Any] = field(default_factory=dict)


def proposals(session: Session, seat_id: int) -> dict[str, Proposal]:
    """By criterion. Only tasks that were begun and have ended propose anything: who never came is not proposed 0."""
    scored = select(SeatTask, TaskScore).join(TaskScore, TaskScore.seat_task_id == SeatTask.id)
    found = session.execute(scored.where(SeatTask.seat_id == seat_id, TaskScore.share.is_not(None))).all()
    if not found:
        return {}
    sitting = session.scalars(select(ExamSession).join(Seat).where(Seat.id == seat_id)).one()
    part, rubric = practical_part(sitting), _rubric(session, seat_id, sitting)
    points = {criterion.id: criterion.points for criterion in rubric.criteria}
    proposed = {}
    for task, score in found:
        slot = part.task(task.slot)
        if slot and slot.proposes in points and score.share is not None:
            given = points_for(score.share, points[slot.proposes], rubric.step)
            proposed[slot.proposes] = Proposal(task.slot, score.share, given, score.facts)
    return proposed


def points_for(share: Decimal, most: Decimal, step: Decimal) -> Decimal:
    return (share * most / step).to_integral_value(ROUND_FLOOR) * step


def _rubric(session: Session, seat_id: int, sitting: ExamSession) -> Rubric:
    """As it was frozen for this candidate's sheets; before there are any, as the scheme has it."""
    stored = session.scalar(select(RubricSheet.rubric).where(RubricSheet.seat_id == seat_id).limit(1))
    return Rubric.kept(stored) if stored else Rubric.of(practical_part(sitting))
