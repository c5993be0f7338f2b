"""A candidate's tasks in the order in which they come: by their turns, else as the scheme names them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.registration import Application, Candidate, ExamSession, Part, Seat, SessionState
from app.models.tasks import SeatTask
from app.practical.sittings import practical_part
from app.practical.tasks import closing as task_closing
from app.practical.tasks import view as task_view
from app.practical.tasks.turns import turns_by_slot

SHOWN = (SessionState.PLANNED, SessionState.PREPARED, SessionState.OPEN)


def sittings_of(session: Session, user_id: int) -> Sequence[Seat]:
    """Places of a person in practical sessions that are not over."""
    wanted = select(Seat).join(ExamSession).join(Application, Application.id == Seat.application_id).join(Candidate)
    wanted = wanted.where(Candidate.user_id == user_id, ExamSession.part == Part.PRACTICAL)
    return session.scalars(wanted.where(ExamSession.state.in_(SHOWN)).order_by(ExamSession.opens_at, Seat.id)).all()


def listed(session: Session, seat: Seat, now: datetime) -> list[dict[str, Any]]:
    """What is past its time is closed on the way."""
    task_closing.settle_seat(session, seat.id, now)
    turns = turns_by_slot(session, seat.id)
    order = {slot.id: place for place, slot in enumerate(practical_part(seat.session).tasks)}
    tasks = session.scalars(select(SeatTask).where(SeatTask.seat_id == seat.id)).all()
    entries = [task_view.summary(task, turns.get(task.slot), now) for task in tasks]
    return sorted(
        entries, key=lambda one: (one["turn_at"] or seat.session.opens_at, order.get(one["slot"], len(order)))
    )
