"""The tasks drawn for a candidate as their examiners see them: in the order of the scheme, who times which."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.practical import RubricSheet
from app.models.tasks import SeatTask
from app.practical.sittings import practical_part
from app.schemes.tasks import TaskSlot


def slots_of_sheet(sheet: RubricSheet) -> dict[str, TaskSlot]:
    return {slot.id: slot for slot in practical_part(sheet.seat.session).tasks}


def tasks_of_sheet(session: Session, sheet: RubricSheet) -> Sequence[SeatTask]:
    order = list(slots_of_sheet(sheet))
    drawn = session.scalars(select(SeatTask).where(SeatTask.seat_id == sheet.seat_id, SeatTask.slot.in_(order)))
    return sorted(drawn, key=lambda task: order.index(task.slot))
