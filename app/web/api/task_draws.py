"""The tasks drawn for a practical session."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models.registration import ExamSession, Part
from app.models.tasks import SeatTask
from app.practical.sittings import locked_sitting, refuse_if_over
from app.practical.tasks import drawing as task_drawing
from app.practical.tasks.drawn import slots_of
from app.practical.tasks.rows import title_of
from app.registration import planning
from app.web.access import principal
from app.web.api.operation import Body, operation

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class SlotShape(Body):
    slot: str
    kind: str
    minutes: int
    attended: bool


class DrawnTask(Body):
    id: int
    slot: str
    task: str
    title: str
    version: int
    minutes: int
    started_at: datetime | None
    ended_at: datetime | None


class SeatTasks(Body):
    seat: int = Field(description="Its number")
    seat_id: int
    tasks: list[DrawnTask]
    empty: list[str] = Field(description="Slots that have no task")


class SessionTasks(Body):
    slots: list[SlotShape]
    seats: list[SeatTasks]
    lacking: list[str] = Field(description="Slots for which no task is in use")


class Redrawing(Body):
    seat_id: Id
    slot: Annotated[str, Field(min_length=1, max_length=80)]
    reason: Annotated[str, Field(min_length=1, max_length=500)]


@operation("GET", "/sessions/<id:session_id>/tasks", Permission.READ_SESSIONS, "Who has which task",
           returns=SessionTasks, errors=(404,))  # fmt: skip
def show(session_id: int) -> SessionTasks:
    return _shown(_practical(session_id))


@operation("POST", "/sessions/<id:session_id>/tasks/draw", Permission.PLAN_SESSIONS,
           "Draw what is missing; whatever was drawn stays", returns=SessionTasks, errors=(404, 409))  # fmt: skip
def draw(session_id: int) -> SessionTasks:
    _practical(session_id)
    sitting = locked_sitting(db.session(), session_id)
    refuse_if_over(sitting)
    task_drawing.draw_tasks(db.session(), principal().actor, sitting, clock.now())
    db.session.commit()
    return _shown(sitting)


@operation("POST", "/sessions/<id:session_id>/tasks/redraw", Permission.PLAN_SESSIONS,
           "Another task for a candidate who has not begun it", body=Redrawing, returns=DrawnTask,
           errors=(404, 409))  # fmt: skip
def redraw(session_id: int, body: Redrawing) -> DrawnTask:
    _practical(session_id)
    made = task_drawing.redraw(
        db.session(), principal().actor, session_id, body.seat_id, body.slot, body.reason, clock.now()
    )
    db.session.commit()
    return _task(made)


def _practical(session_id: int) -> ExamSession:
    row = planning.exam_session(db.session(), session_id)
    if row.part != Part.PRACTICAL:
        raise Refusal("not_practical", N_("Only a practical session has tasks."), status=404)
    return row


def _shown(row: ExamSession) -> SessionTasks:
    session = db.session()
    return SessionTasks(
        slots=[SlotShape(slot=one.id, kind=one.kind, minutes=one.minutes, attended=one.attended)
               for one in slots_of(row.scheme, row.level)],
        seats=[SeatTasks(seat=one.seat.number, seat_id=one.seat.id, empty=one.empty,
                         tasks=[_task(task) for task in one.tasks.values() if task])
               for one in task_drawing.drawn(session, row)],
        lacking=[one.id for one in task_drawing.lacking(session, row)],
    )  # fmt: skip


def _task(one: SeatTask) -> DrawnTask:
    return DrawnTask(
        id=one.id, slot=one.slot, task=one.version.task.code, title=title_of(one), version=one.version.number,
        minutes=one.minutes, started_at=one.started_at, ended_at=one.ended_at,
    )  # fmt: skip
