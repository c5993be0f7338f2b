"""A task's life: its versions, what was decided about it, what changed between any two, who has drawn it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.models.audit import AuditLine
from app.models.tasks import SeatTask, TaskVersion
from question_bank.tasks.body import COMMON, body_of, task_of
from question_bank.tasks.drafts import UNFINISHED
from question_bank.workshop.diff import FieldChange, marked

MOST_LINES = 200


def versions_of(session: Session, task_id: int) -> Sequence[TaskVersion]:
    """The newest first."""
    query = select(TaskVersion).where(TaskVersion.task_id == task_id).order_by(TaskVersion.number.desc())
    return session.scalars(query).all()


def version_of(session: Session, task_id: int, number: int) -> TaskVersion:
    query = select(TaskVersion).where(TaskVersion.task_id == task_id, TaskVersion.number == number)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Refusal("no_such_version", N_("The task has no version of this number."), status=404)
    return found


def lines_of(session: Session, task_id: int) -> Sequence[AuditLine]:
    """What was ever decided about it, the latest first."""
    query = select(AuditLine).where(AuditLine.subject == "task", AuditLine.subject_id == str(task_id))
    return session.scalars(query.order_by(AuditLine.id.desc()).limit(MOST_LINES)).all()


def times_drawn(session: Session, task_id: int) -> dict[int, tuple[int, int]]:
    """By version number: how many candidates drew it, and how many of them have begun."""
    query = select(TaskVersion.number, func.count(SeatTask.id), func.count(SeatTask.started_at))
    query = query.join(SeatTask, SeatTask.version_id == TaskVersion.id).where(TaskVersion.task_id == task_id)
    return {row[0]: (row[1], row[2]) for row in session.execute(query.group_by(TaskVersion.number))}


def changes(before: TaskVersion, after: TaskVersion) -> list[FieldChange]:
    old, new = _said(before), _said(after)
    names = [*old, *(name for name in new if name not in old)]
    return [
        FieldChange(name, old.get(name, ""), new.get(name, ""), marked(old.get(name, ""), new.get(name, "")))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def _said(version: TaskVersion) -> dict[str, str]:
    """Every text by the name of its field, in the order of the file."""
    body = version.body
    body = {**body[UNFINISHED], "block": body["block"]} if UNFINISHED in body else body_of(task_of(body))
    ordered = {name: body[name] for name in (*COMMON, *body) if name in body}
    told = dict(_flat(ordered, ""))
    return told | {f"media.{name}": sha for name, sha in sorted(version.media.items())}


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and any(isinstance(one, Mapping | list) for one in value):
        for place, inner in enumerate(value, 1):
            yield from _flat(inner, f"{name}[{_called(inner, place)}]")
    elif isinstance(value, list):
        yield name, "\n".join(map(str, value))
    elif value is not None:
        yield name, str(value)


def _called(entry: Any, place: int) -> str:
    """An entry by its id, so that one put in between does not make all others look changed."""
    known = entry.get("id") or entry.get("criterion") if isinstance(entry, Mapping) else None
    return str(known or place)
