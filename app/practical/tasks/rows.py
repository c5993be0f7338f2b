"""What the use cases of tasks at a computer share: whose a task is, when it ends, what was done at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.models.registration import SessionState
from app.models.task_work import TaskEntry
from app.models.tasks import SeatTask
from app.practical.scoring.values import Done
from app.practical.tasks import times as task_times
from app.practical.tasks.entries import AT_COMPUTER
from app.schemes.scheme import scheme

ENGINE, PLAYS, FETCHES, COMPUTERS = (UUID(int=number) for number in range(1, 5))
"""Under these names the engine itself writes entries: customers' lines, plays granted, sounds fetched, computers."""
OWN_NAMES = frozenset((ENGINE, PLAYS, FETCHES, COMPUTERS))


def own_task(session: Session, user_id: int, task_id: int) -> SeatTask:
    task = session.get(SeatTask, task_id)
    if task is None or task.seat.application.candidate.user_id != user_id:
        raise NotFound()
    return task


def locked(session: Session, task_id: int) -> SeatTask:
    wanted = select(SeatTask).where(SeatTask.id == task_id).with_for_update(of=SeatTask)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def kind_of(task: SeatTask) -> str:
    return task.version.task.kind


def block_of(task: SeatTask) -> Mapping[str, Any]:
    """What only this kind of task has."""
    block: Mapping[str, Any] = task.version.body.get(kind_of(task)) or {}
    return block


def title_of(task: SeatTask) -> str:
    return str(task.version.body.get("title", task.slot))


def at_computer(task: SeatTask) -> bool:
    return kind_of(task) in AT_COMPUTER


def deadline_of(task: SeatTask) -> datetime | None:
    if task.started_at is None:
        return None
    seat = task.seat
    return task.started_at + task_times.allowed(
        task.minutes, task.extra_seconds, seat.extra_seconds, seat.session.minutes
    )


def grace_of(task: SeatTask) -> timedelta:
    """What was done in time and delayed by the network may come so late."""
    sitting = task.seat.session
    return scheme(sitting.scheme).level(sitting.level).theory.grace


def running(task: SeatTask, now: datetime) -> bool:
    end = deadline_of(task)
    open_still = task.ended_at is None and task.seat.session.state == SessionState.OPEN
    return end is not None and open_still and now <= end + grace_of(task)


def over(task: SeatTask) -> Refusal:
    if task.started_at is None:
        return Refusal("task_not_begun", N_("This task has not been begun."), status=409)
    message = N_("The time of this task is over. What the server received in time is kept and counts.")
    return Refusal("task_over", message, status=409)


def refuse_attended(task: SeatTask) -> None:
    if not at_computer(task):
        message = N_("This task is played before your examiners. They begin it; there is nothing to start here.")
        raise Refusal("task_attended", message, status=409)


def entries_of(session: Session, task: SeatTask) -> list[TaskEntry]:
    """In the order in which they were stored; what one browser numbered comes in the order of its numbers."""
    wanted = select(TaskEntry).where(TaskEntry.seat_task_id == task.id).order_by(TaskEntry.id)
    return in_order(session.scalars(wanted).all())


def in_order(stored: Sequence[TaskEntry]) -> list[TaskEntry]:
    queues: dict[UUID, list[TaskEntry]] = {}
    for entry in sorted(stored, key=lambda one: one.seq):
        queues.setdefault(entry.client, []).append(entry)
    return [queues[entry.client].pop(0) for entry in stored]


def done_at(task: SeatTask, stored: Sequence[TaskEntry]) -> list[Done]:
    return [Done(entry.kind, entry.data, seconds_into(task, entry.at)) for entry in stored]


def seconds_into(task: SeatTask, moment: datetime) -> Decimal:
    """Seconds from the beginning of the task, exact to the thousandth."""
    since = moment - task.started_at if task.started_at else timedelta()
    return Decimal(since // timedelta(milliseconds=1)) / 1000
