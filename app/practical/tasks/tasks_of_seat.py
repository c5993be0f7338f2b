"""The tasks that were drawn for a candidate, in the order of the scheme."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.models.registration import Seat
from app.models.tasks import SeatTask
from app.schemes.scheme import TaskSlot, scheme


def tasks_of(session: Session, seat_id: int) -> list[SeatTask]:
    seat = session.get(Seat, seat_id)
    if seat is None:
        raise NotFound
    query = select(SeatTask).where(SeatTask.seat_id == seat_id).order_by(SeatTask.id)
    return in_order(slots_of(seat.session.scheme, seat.session.level), session.scalars(query).all())


def tasks_by_seat(session: Session, session_id: int) -> dict[int, list[SeatTask]]:
    """Of all seats of a session, each in the order of the scheme; seats without any are left out."""
    query = select(SeatTask).join(Seat, Seat.id == SeatTask.seat_id).where(Seat.session_id == session_id)
    found: dict[int, list[SeatTask]] = {}
    for one in session.scalars(query.order_by(SeatTask.id)):
        found.setdefault(one.seat_id, []).append(one)
    if not found:
        return {}
    sitting = next(iter(found.values()))[0].seat.session
    slots = slots_of(sitting.scheme, sitting.level)
    return {seat: in_order(slots, tasks) for seat, tasks in found.items()}


def in_order(slots: Sequence[TaskSlot], tasks: Sequence[SeatTask]) -> list[SeatTask]:
    """What a scheme no longer names comes last."""
    places = {slot.id: place for place, slot in enumerate(slots)}
    return sorted(tasks, key=lambda one: (places.get(one.slot, len(places)), one.id))


def slots_of(scheme_code: str, level: str) -> tuple[TaskSlot, ...]:
    return scheme(scheme_code).level(level).practical.tasks
