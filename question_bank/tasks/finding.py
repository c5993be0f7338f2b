"""Searching all tasks, drafts and retired ones too: by what they are, what they say, and how often they were drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.models.tasks import PracticalTask, SeatTask, TaskState, TaskVersion
from question_bank.tasks.drafts import UNFINISHED
from question_bank.tasks.subject import OPEN

Sort = Literal["code", "drawn", "changed"]
STATES = ("in_use", "retired", "draft", "in_review", "approved", "never")


@dataclass(frozen=True)
class WantedTasks:
    """Empty means any. `state` is one of STATES: of the task, or of the version that is being worked on."""

    scheme: str = ""
    level: str = ""
    kind: str = ""
    trade: str = ""
    state: str = ""
    words: str = ""
    mine: int | None = None
    sort: Sort = "code"


@dataclass(frozen=True)
class TaskRow:
    id: int
    code: str
    scheme: str
    kind: str
    trade: str
    levels: list[str]
    title: str
    retired_at: datetime | None
    version: int | None
    """In use."""
    open_version: int | None
    open_state: str | None
    editors: list[int]
    """Of the open version."""
    drawn: int
    last_drawn_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True)
class TaskPage:
    rows: Sequence[TaskRow]
    total: int
    number: int
    pages: int


_u, _o = aliased(TaskVersion), aliased(TaskVersion)
_drawn = (
    select(TaskVersion.task_id, func.count(SeatTask.id).label("count"), func.max(SeatTask.drawn_at).label("last"))
    .join(SeatTask, SeatTask.version_id == TaskVersion.id)
    .group_by(TaskVersion.task_id)
    .subquery()
)
_CHANGED = func.coalesce(_o.changed_at, _u.changed_at, PracticalTask.created_at)
_DRAWN = func.coalesce(_drawn.c.count, 0)


def _title(version: Any) -> ColumnElement[str]:
    return func.coalesce(version.body["title"].astext, version.body[UNFINISHED]["title"].astext)


_COLUMNS = (
    PracticalTask.id, PracticalTask.code, PracticalTask.scheme, PracticalTask.kind, PracticalTask.trade,
    func.coalesce(_u.levels, _o.levels, func.jsonb_build_array()).label("levels"),
    func.coalesce(_title(_u), _title(_o), "").label("title"), PracticalTask.retired_at, _u.number.label("version"),
    _o.number.label("open_version"), _o.state.label("open_state"),
    func.coalesce(_o.editors, func.jsonb_build_array()).label("editors"), _DRAWN.label("drawn"),
    _drawn.c.last.label("last_drawn_at"), _CHANGED.label("changed_at"),
)  # fmt: skip


def find(session: Session, wanted: WantedTasks, number: int, size: int) -> TaskPage:
    conditions = _conditions(wanted)
    total = session.scalar(_joined(select(func.count(PracticalTask.id))).where(*conditions)) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    order = {"code": PracticalTask.code.asc(), "drawn": _DRAWN.desc(), "changed": _CHANGED.desc()}[wanted.sort]
    query = _joined(select(*_COLUMNS)).where(*conditions).order_by(order, PracticalTask.code)
    rows = session.execute(query.limit(size).offset((number - 1) * size)).mappings()
    return TaskPage([TaskRow(**row) for row in rows], total, number, pages)


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(PracticalTask)
        .outerjoin(_u, and_(_u.task_id == PracticalTask.id, _u.state == TaskState.IN_USE))
        .outerjoin(_o, and_(_o.task_id == PracticalTask.id, _o.state.in_(OPEN)))
        .outerjoin(_drawn, _drawn.c.task_id == PracticalTask.id)
    )


def _conditions(wanted: WantedTasks) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [true()]
    own = ((PracticalTask.scheme, wanted.scheme), (PracticalTask.kind, wanted.kind),
           (PracticalTask.trade, wanted.trade))  # fmt: skip
    found += [column == value for column, value in own if value]
    if wanted.level:
        found.append(or_(_u.levels.contains([wanted.level]), _o.levels.contains([wanted.level])))
    if wanted.state:
        found.append(_in_state(wanted.state))
    if wanted.mine is not None:
        found.append(_o.editors.contains([wanted.mine]))
    if wanted.words:
        texts = (PracticalTask.code, _title(_u), _title(_o), _u.body["card"]["situation"].astext)
        found.append(or_(*(one.icontains(wanted.words, autoescape=True) for one in texts)))
    return found


def _in_state(state: str) -> ColumnElement[bool]:
    if state == "retired":
        return PracticalTask.retired_at.is_not(None)
    if state == "in_use":
        return and_(_u.id.is_not(None), PracticalTask.retired_at.is_(None))
    if state == "never":
        return _u.id.is_(None)
    return _o.state == state if state in OPEN else false()
