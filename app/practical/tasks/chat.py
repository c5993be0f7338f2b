"""The customers of a running chat: what they are due to say is stored as entries of the engine's, as it is said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.models.task_work import TaskEntry
from app.models.tasks import SeatTask
from app.practical.scoring import chat
from app.practical.tasks.rows import ENGINE, block_of, done_at, entries_of, kind_of, running, seconds_into


def speak(session: Session, task: SeatTask, now: datetime) -> None:
    """Lets customers say what is due; for a task held by its caller, so that no line is said twice."""
    if kind_of(task) != "chat" or not running(task, now):
        return
    stored = entries_of(session, task)
    entries, said = done_at(task, stored), sum(1 for one in stored if one.client == ENGINE)
    turns = chat.transcript(block_of(task), entries)
    for due in chat.due_lines(block_of(task), turns, seconds_into(task, now), chat.ended(entries)):
        said += 1
        data = {"conversation": due.conversation, "line": due.line, "due": str(due.at)}
        session.add(TaskEntry(seat_task_id=task.id, client=ENGINE, seq=said, kind="line", data=data))
    session.flush()
