"""Hearing the recording of a task: the server counts each play before a sound of it leaves, and hands it out once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.models.bank import MediaFile
from app.models.practical import RubricSheet
from app.models.task_work import TaskEntry
from app.models.tasks import SeatTask
from app.practical.tasks.rows import FETCHES, PLAYS, block_of, entries_of, locked, over, own_task, running


@dataclass(frozen=True)
class Play:
    number: int
    left: int
    fetched: bool
    """Its sound has left already and does not leave again."""


def play(session: Session, user_id: int, task_id: int, key: UUID, now: datetime) -> Play:
    """One more play; the same `key` again is the same play."""
    own_task(session, user_id, task_id)
    task = locked(session, task_id)
    if not running(task, now):
        raise over(task)
    most = plays_of(task)
    if not most:
        raise Refusal("nothing_to_play", N_("This task has no recording."), status=409)
    stored = entries_of(session, task)
    granted = [entry for entry in stored if entry.client == PLAYS]
    fetched = {entry.seq for entry in stored if entry.client == FETCHES}
    left = max(0, most - len(granted))
    for entry in granted:
        if entry.data["key"] == str(key):
            return Play(entry.seq, left, entry.seq in fetched)
    if not left:
        message = N_("The recording may be heard %(plays)s times and has been. Go on with what you heard.")
        raise Refusal("plays_used_up", message, status=409, details={"plays_left": 0}, plays=most)
    number = len(granted) + 1
    session.add(TaskEntry(seat_task_id=task.id, client=PLAYS, seq=number, kind="play", data={"key": str(key)}))
    session.flush()
    return Play(number, left - 1, fetched=False)


def fetch(session: Session, user_id: int, task_id: int, number: int) -> tuple[bytes, str]:
    """The sound of a play that was granted, once; with its type."""
    task = own_task(session, user_id, task_id)
    if number not in {entry.seq for entry in entries_of(session, task) if entry.client == PLAYS}:
        raise NotFound()
    row = {"seat_task_id": task_id, "client": FETCHES, "seq": number, "kind": "fetch", "data": {}}
    claim = insert(TaskEntry).values(**row).on_conflict_do_nothing().returning(TaskEntry.id)
    if session.scalar(claim) is None:
        message = N_("This play has been fetched already. Press play to hear it again.")
        raise Refusal("play_fetched", message, status=409)
    return sound(session, task)


def recording(session: Session, examiner_id: int, task_id: int) -> tuple[bytes, str]:
    """For those who mark the candidate, as often as they like."""
    task = session.get(SeatTask, task_id)
    sheet = select(RubricSheet.id).where(RubricSheet.examiner_id == examiner_id)
    if task is None or session.scalar(sheet.where(RubricSheet.seat_id == task.seat_id)) is None:
        raise NotFound()
    return sound(session, task)


def plays_of(task: SeatTask) -> int:
    """How often its recording may be heard; 0 where there is none."""
    block = block_of(task)
    return int(block.get("plays") or 0) if block.get("audio") in task.version.media else 0


def heard(stored: list[TaskEntry]) -> int:
    return sum(1 for entry in stored if entry.client == PLAYS)


def sound(session: Session, task: SeatTask) -> tuple[bytes, str]:
    digest = task.version.media.get(str(block_of(task).get("audio")), "")
    row = session.execute(select(MediaFile.content, MediaFile.type).where(MediaFile.sha256 == digest)).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]
