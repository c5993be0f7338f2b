"""The tasks of the bank as values: what is in use, what a version says, and how often each was drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.bank import MediaFile
from app.models.tasks import PracticalTask, SeatTask, TaskState, TaskVersion
from question_bank.stimuli import Media
from question_bank.tasks.body import task_of
from question_bank.tasks.drawing import Stock
from question_bank.tasks.files import FoundTask


def versions_in_use(
    session: Session, scheme: str | None = None, level: str | None = None, kind: str | None = None
) -> list[TaskVersion]:
    """Of tasks that are not retired, in the order of their codes."""
    query = select(TaskVersion).join(PracticalTask).where(TaskVersion.state == TaskState.IN_USE)
    query = query.where(PracticalTask.retired_at.is_(None)).order_by(PracticalTask.code)
    for column, wanted in ((PracticalTask.scheme, scheme), (PracticalTask.kind, kind)):
        if wanted:
            query = query.where(column == wanted)
    if level:
        query = query.where(TaskVersion.levels.contains([level]))
    return list(session.scalars(query))


def tasks_in_use(
    session: Session, scheme: str | None = None, level: str | None = None, kind: str | None = None
) -> list[FoundTask]:
    return [found_task(session, version) for version in versions_in_use(session, scheme, level, kind)]


def found_task(session: Session, version: TaskVersion) -> FoundTask:
    """A version that is whole, with its sounds."""
    return FoundTask(version.task.code, task_of(version.body), sounds_of(session, version))


def sounds_of(session: Session, version: TaskVersion) -> dict[str, Media]:
    wanted: Mapping[str, str] = version.media
    if not wanted:
        return {}
    query = select(MediaFile.sha256, MediaFile.content).where(MediaFile.sha256.in_(wanted.values()))
    contents = {row.sha256: row.content for row in session.execute(query)}
    return {name: Media(name, contents[sha]) for name, sha in wanted.items() if sha in contents}


def stock(session: Session, scheme: str, level: str) -> Sequence[Stock]:
    """What may be drawn at a level, with how often each task was drawn so far."""
    drawn = _times_drawn(session)
    return [
        Stock(version.id, version.task.code, version.task.kind, version.task.trade, drawn.get(version.task_id, 0))
        for version in versions_in_use(session, scheme, level)
    ]


def _times_drawn(session: Session) -> dict[int, int]:
    query = select(TaskVersion.task_id, func.count(SeatTask.id)).join(SeatTask, SeatTask.version_id == TaskVersion.id)
    return {row[0]: row[1] for row in session.execute(query.group_by(TaskVersion.task_id))}
