"""A candidate at the tasks at a computer: begin, store what is done, finish; closing what is past its time.

Rows are locked in one order: session, seat, task. The statement that stores entries decides by the database's clock
whether they are in time; nothing that a browser says about the time counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.registration import ExamSession, Seat
from app.models.task_work import TaskEntry
from app.models.tasks import PracticalTask, SeatTask, TaskVersion
from app.practical.sittings import refuse_unless_open
from app.practical.tasks import closing as task_closing
from app.practical.tasks import computers as task_computers
from app.practical.tasks import times as task_times
from app.practical.tasks.entries import AT_COMPUTER, MOST_ENTRIES, checked
from app.practical.tasks.rows import (
    OWN_NAMES,
    block_of,
    deadline_of,
    grace_of,
    kind_of,
    locked,
    over,
    own_task,
    refuse_attended,
    running,
    title_of,
)
from app.practical.tasks.turns import turn_of


@dataclass(frozen=True)
class Entry:
    """One thing the browser reports, by its own numbering."""

    seq: int
    kind: str
    data: Mapping[str, Any]
    made_at: datetime | None = None


@dataclass(frozen=True)
class Stored:
    task: SeatTask
    acked: int
    """The highest number of this browser that is stored."""


STORE = text(
    "INSERT INTO task_entry (seat_task_id, client, seq, kind, data, made_at)"
    " SELECT t.id, :client, e.seq, e.kind, e.data, e.made_at"
    "   FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(seq bigint, kind text, data jsonb, made_at timestamptz)"
    "   JOIN seat_task t ON t.id = :task JOIN seat s ON s.id = t.seat_id JOIN exam_session x ON x.id = s.session_id"
    "  WHERE t.started_at IS NOT NULL AND t.ended_at IS NULL AND x.state = 'open'"
    "    AND clock_timestamp() <= t.started_at + interval '1 second' * (t.minutes * 60 + t.extra_seconds"
    "        + s.extra_seconds * t.minutes / greatest(x.minutes, 1) + :grace)"
    "  ORDER BY e.seq ON CONFLICT (seat_task_id, client, seq) DO NOTHING RETURNING seq"
)


def start(session: Session, actor: Actor, user_id: int, task_id: int, now: datetime) -> SeatTask:
    """Begin a task at a computer; said twice, the first time counts."""
    seat = own_task(session, user_id, task_id).seat
    sitting = select(ExamSession.state).where(ExamSession.id == seat.session_id).with_for_update(read=True)
    state = session.scalar(sitting)
    session.execute(select(Seat.id).where(Seat.id == seat.id).with_for_update())
    task = locked(session, task_id)
    refuse_attended(task)
    if task.started_at is not None:
        return task
    refuse_unless_open(state)
    turn = turn_of(session, task)
    if not task_times.may_begin(turn.starts_at if turn else None, now):
        message = N_("It is not your turn yet. You can begin this task five minutes before its turn.")
        raise Refusal("task_too_early", message, status=409)
    _refuse_second(session, task, now)
    task.started_at = now
    if seat.practical_started_at is None:
        seat.practical_started_at = now
        audit.record(session, "practical:begun", actor, "seat", seat.id)
    audit.record(session, "task:begun", actor, "seat_task", task.id, seat=seat.id, slot=task.slot)
    session.flush()
    return task


def hold(
    session: Session, actor: Actor, user_id: int, task_id: int, computer: UUID, *, take: bool, now: datetime
) -> None:
    """Whether this computer may go on with a task that runs; what has ended is told by whoever stores."""
    own_task(session, user_id, task_id)
    task = locked(session, task_id)
    if kind_of(task) in AT_COMPUTER and running(task, now):
        task_computers.hold(session, actor, task, computer, take=take)


def store(
    session: Session, user_id: int, task_id: int, client: UUID, sent: Sequence[Entry], now: datetime
) -> Stored | Refusal:
    """Keep what is new of a batch. The refusal is returned, since a task closed on the way is committed beside it."""
    own_task(session, user_id, task_id)
    if client in OWN_NAMES:
        message = N_("The name “%(client)s” is the engine's own. Make a random one and send it again.")
        raise Refusal("client_reserved", message, details={"client": str(client)}, client=client)
    task = locked(session, task_id)
    refuse_attended(task)
    before = _known(session, task_id, client)
    fresh = [_row(task, one) for one in sent if one.seq not in before]
    if fresh and _count(session, task_id) + len(fresh) > MOST_ENTRIES:
        message = N_("This task has taken %(most)s entries, which is all it takes. Finish it; what stands is kept.")
        return Refusal("task_full", message, status=409, details={"most": MOST_ENTRIES}, most=MOST_ENTRIES)
    grace = grace_of(task).total_seconds()
    given = {"client": client, "task": task_id, "grace": grace}
    new = set(session.scalars(STORE, {**given, "entries": json.dumps(fresh, ensure_ascii=False)})) if fresh else set()
    if any(row["seq"] not in new for row in fresh) or (not sent and not running(task, now)):
        task_closing.settle(session, task, now)
        return over(task)
    stood = [seq for seq in (before | new) if seq in {one.seq for one in sent}]
    return Stored(task, max(stood, default=0))


def finish(session: Session, actor: Actor, user_id: int, task_id: int, now: datetime) -> SeatTask:
    """The candidate is done before the time is over; finishing twice is finishing once."""
    own_task(session, user_id, task_id)
    task = locked(session, task_id)
    refuse_attended(task)
    if task.started_at is None:
        raise over(task)
    if task.ended_at is None and not task_closing.settle(session, task, now):
        task_closing.close(session, actor, task, min(now, deadline_of(task) or now), now)
    return task


def _refuse_second(session: Session, task: SeatTask, now: datetime) -> None:
    """One at a time at the computer; what is past its time is closed on the way."""
    others = select(SeatTask).join(TaskVersion).join(PracticalTask).where(
        SeatTask.seat_id == task.seat_id, SeatTask.id != task.id, SeatTask.started_at.is_not(None),
        SeatTask.ended_at.is_(None), PracticalTask.kind.in_(AT_COMPUTER),
    )  # fmt: skip
    for other in session.scalars(others.with_for_update(of=SeatTask)).all():
        if not task_closing.settle(session, other, now):
            message = N_("You are at another task, “%(title)s”. Finish it first, or wait until its time is over.")
            raise Refusal("task_running", message, status=409, details={"task": other.id}, title=title_of(other))


def _row(task: SeatTask, one: Entry) -> dict[str, Any]:
    try:
        data = checked(kind_of(task), block_of(task), one.kind, one.data)
    except Refusal as refusal:
        refusal.details = {**refusal.details, "seq": one.seq}
        raise
    return {"seq": one.seq, "kind": one.kind, "data": data, "made_at": one.made_at.isoformat() if one.made_at else None}


def _known(session: Session, task_id: int, client: UUID) -> set[int]:
    own = select(TaskEntry.seq).where(TaskEntry.seat_task_id == task_id, TaskEntry.client == client)
    return set(session.scalars(own))


def _count(session: Session, task_id: int) -> int:
    return session.scalar(select(func.count()).where(TaskEntry.seat_task_id == task_id)) or 0


def close_due(session: Session, now: datetime, limit: int = 200) -> int:
    """Ends tasks past their time, or of sessions that are over; how many. For the worker's sweep."""
    return task_closing.close_due(session, now, limit)
