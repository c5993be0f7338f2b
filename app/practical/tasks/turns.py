"""Where and when a candidate's tasks have their turn; a session without stations has none."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.stations import StationTurn
from app.models.tasks import SeatTask


def turn_of(session: Session, task: SeatTask) -> StationTurn | None:
    return turns_by_slot(session, task.seat_id).get(task.slot)


def turns_by_slot(session: Session, seat_id: int) -> dict[str, StationTurn]:
    return {turn.slot: turn for turn in session.scalars(select(StationTurn).where(StationTurn.seat_id == seat_id))}
