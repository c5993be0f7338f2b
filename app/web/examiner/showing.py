"""What the marking page starts from: times of the practical and its tasks, and what stands, for the tablet's script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.models import practical as tables
from app.models.tasks import SeatTask
from app.practical.tasks.drawn import slots_of_sheet, tasks_of_sheet
from app.schemes.tasks import TaskSlot
from app.web.api.sheet_entries import stands


@dataclass(frozen=True)
class Span:
    """How the practical or a task stands in time."""

    slot: str
    minutes: int
    began_at: datetime | None
    ended_at: datetime | None
    now: datetime

    @property
    def stage(self) -> str:
        if self.began_at is None:
            return "waiting"
        return "running" if self.ended_at is None else "ended"

    @property
    def seconds(self) -> int:
        """How long it has run so far."""
        return int(((self.ended_at or self.now) - self.began_at).total_seconds()) if self.began_at else 0


@dataclass(frozen=True)
class TaskShown:
    task: SeatTask
    slot: TaskSlot
    span: Span


@dataclass(frozen=True)
class Times:
    whole: Span
    tasks: tuple[TaskShown, ...]


def shown_times(session: Session, sheet: tables.RubricSheet, now: datetime) -> Times:
    seat, slots = sheet.seat, slots_of_sheet(sheet)
    whole = Span("", seat.session.minutes, seat.practical_started_at, seat.practical_ended_at, now)
    return Times(
        whole,
        tuple(
            TaskShown(one, slots[one.slot], Span(one.slot, one.minutes, one.started_at, one.ended_at, now))
            for one in tasks_of_sheet(session, sheet)
        ),
    )


def stands_json(sheet: tables.RubricSheet, now: datetime) -> str:
    return stands(sheet, now).model_dump_json()
