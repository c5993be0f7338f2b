"""The tasks that were drawn for candidates, in the order of the scheme."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.practical import RubricSheet
from app.models.registration import Seat
from app.models.tasks import SeatTask
from app.schemes.scheme import TaskSlot, scheme


def tasks_of_sheet(session: Session, sheet: RubricSheet) -> list[SeatTask]:
    """Those that the examiner of a sheet sees: of the slots that the scheme names."""
    slots = slots_of_sheet(sheet)
    wanted = select(SeatTask).where(SeatTask.seat_id == sheet.seat_id, SeatTask.slot.in_(slots))
    return in_order(tuple(slots.values()), session.scalars(wanted).all())


def slots_of_sheet(sheet: RubricSheet) -> dict[str, TaskSlot]:
    return {slot.id: slot for slot in slots_of(sheet.seat.session.scheme, sheet.seat.session.level)}


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
