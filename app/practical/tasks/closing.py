"""The end of a task: by its candidate, by its time, or with its session; and what the engine makes of it then."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import SYSTEM, Actor
from app.models.registration import ExamSession, Seat, SessionState
from app.models.task_work import TaskScore
from app.models.tasks import PracticalTask, SeatTask, TaskVersion
from app.practical.scoring.engine import score
from app.practical.scoring.values import Scored
from app.practical.tasks.entries import AT_COMPUTER
from app.practical.tasks.rows import (
    block_of,
    deadline_of,
    done_at,
    entries_of,
    kind_of,
    locked,
    running,
    seconds_into,
)


def settle(session: Session, task: SeatTask, now: datetime) -> bool:
    """Close a locked task that is past its time or whose session is over. True if it is closed now."""
    if task.started_at is None or task.ended_at is not None or kind_of(task) not in AT_COMPUTER:
        return task.ended_at is not None
    if running(task, now):
        return False
    end, sitting = deadline_of(task) or now, task.seat.session
    if sitting.state != SessionState.OPEN and sitting.closed_at:
        end = max(task.started_at, min(end, sitting.closed_at))
    close(session, SYSTEM, task, min(end, now), now)
    return True


def close(session: Session, actor: Actor, task: SeatTask, ended_at: datetime, now: datetime) -> None:
    task.ended_at = ended_at
    scored = scored_of(session, task, ended_at)
    session.merge(TaskScore(seat_task_id=task.id, share=scored.share, facts=scored.facts, at=now))
    share = None if scored.share is None else str(scored.share)
    audit.record(session, "task:ended", actor, "seat_task", task.id, seat=task.seat_id, slot=task.slot, share=share)
    session.flush()


def scored_of(session: Session, task: SeatTask, until: datetime) -> Scored:
    """Reckoned again from the entries, whatever is kept: the same entries give the same share."""
    stored = entries_of(session, task)
    return score(kind_of(task), block_of(task), done_at(task, stored), seconds_into(task, task.ended_at or until))


def settle_seat(session: Session, seat_id: int, now: datetime) -> int:
    """Close what is due among one candidate's tasks; whoever looks at them does that."""
    return sum(settle(session, locked(session, one), now) for one in _due(session, now, seat_id=seat_id))


def close_due(session: Session, now: datetime, limit: int = 200) -> int:
    """Ends tasks past their time, or of sessions that are over; how many. Others' work on them is left to them."""
    count = 0
    for task_id in _due(session, now, limit=limit):
        wanted = select(SeatTask).where(SeatTask.id == task_id).with_for_update(of=SeatTask, skip_locked=True)
        task = session.scalar(wanted.execution_options(populate_existing=True))
        count += task is not None and task.ended_at is None and settle(session, task, now)
    return count


def _due(session: Session, now: datetime, *, seat_id: int | None = None, limit: int = 200) -> list[int]:
    """By the same rule as `deadline_of`, with the longest grace; `settle` decides each."""
    share = Seat.extra_seconds * SeatTask.minutes // func.greatest(ExamSession.minutes, 1)
    end = SeatTask.started_at + (SeatTask.minutes * 60 + SeatTask.extra_seconds + share) * timedelta(seconds=1)
    wanted = (
        select(SeatTask.id)
        .join(TaskVersion, TaskVersion.id == SeatTask.version_id)
        .join(PracticalTask, PracticalTask.id == TaskVersion.task_id)
        .join(Seat, Seat.id == SeatTask.seat_id)
        .join(ExamSession, ExamSession.id == Seat.session_id)
        .where(SeatTask.started_at.is_not(None), SeatTask.ended_at.is_(None), PracticalTask.kind.in_(AT_COMPUTER))
        .where(or_(end < now, ExamSession.state != SessionState.OPEN))
        .order_by(SeatTask.started_at)
        .limit(limit)
    )
    if seat_id is not None:
        wanted = wanted.where(SeatTask.seat_id == seat_id)
    return list(session.scalars(wanted))
