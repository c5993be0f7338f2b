"""One computer at a time at a task: whoever opens it somewhere else goes on there, and the first one is told so."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.task_work import TaskEntry
from app.models.tasks import SeatTask
from app.practical.tasks.rows import COMPUTERS


def hold(session: Session, actor: Actor, task: SeatTask, computer: UUID, *, take: bool) -> None:
    """The computer that took the running, locked task last has it; another one is refused until it takes it itself."""
    wanted = select(TaskEntry).where(TaskEntry.seat_task_id == task.id, TaskEntry.client == COMPUTERS)
    last = session.scalars(wanted.order_by(TaskEntry.seq.desc()).limit(1)).first()
    if last is not None and last.data["computer"] == str(computer):
        return
    if last is not None and not take:
        message = N_("This task goes on at another computer. To go on here, open it here again.")
        raise Refusal("client_replaced", message, status=409)
    seq = last.seq + 1 if last else 1
    session.add(
        TaskEntry(seat_task_id=task.id, client=COMPUTERS, seq=seq, kind="computer", data={"computer": str(computer)})
    )
    if last is not None:
        audit.record(session, "task:taken_over", actor, "seat_task", task.id, seat=task.seat_id, slot=task.slot)
    session.flush()


def used(stored: Sequence[TaskEntry]) -> int:
    """At how many computers a task was worked on, as far as they gave their names."""
    return len({entry.data["computer"] for entry in stored if entry.client == COMPUTERS})
