"""Drawing the tasks of a practical: what was begun stays, only what is missing is filled."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.registration import Application, ExamSession, Seat
from app.models.tasks import PracticalTask, SeatTask, TaskVersion
from app.practical.sittings import locked_sitting, practical_part, refuse_if_over
from app.practical.tasks.drawn import slots_of, tasks_by_seat
from app.schemes.scheme import TaskSlot
from question_bank.tasks.drawing import Drawer, Stock, draw
from question_bank.tasks.stock import stock
from question_bank.workshop.use import needed


@dataclass(frozen=True)
class Drawn:
    """One seat as the registrar sees it: its tasks by slot, None where the bank had none."""

    seat: Seat
    tasks: Mapping[str, SeatTask | None]

    @property
    def empty(self) -> list[str]:
        return [slot for slot, task in self.tasks.items() if task is None]


def draw_tasks(session: Session, actor: Actor, sitting: ExamSession, now: datetime) -> None:
    """For every seat whatever the scheme names and it does not have yet; a slot without tasks in use stays empty."""
    slots = practical_part(sitting).tasks
    if not slots:
        return
    seats = list(session.scalars(select(Seat).where(Seat.session_id == sitting.id).order_by(Seat.number)))
    standing = {seat: {one.slot: one for one in tasks} for seat, tasks in tasks_by_seat(session, sitting.id).items()}
    waiting = [seat for seat in seats if any(slot.id not in standing.get(seat.id, {}) for slot in slots)]
    if not waiting:
        return
    met = _met(session, waiting)
    drawers = [Drawer(seat.id, _stocks(standing.get(seat.id, {})), met.get(seat.id, frozenset())) for seat in seats]
    _deal(session, actor, sitting, slots, seats, drawers, now)


def redraw(
    session: Session, actor: Actor, session_id: int, seat_id: int, slot_id: str, reason: str, now: datetime
) -> SeatTask:
    """Another task for one slot of one candidate who has not begun it."""
    needed(reason)
    sitting = locked_sitting(session, session_id)
    refuse_if_over(sitting)
    seat = session.get(Seat, seat_id)
    slot = practical_part(sitting).task(slot_id)
    if seat is None or seat.session_id != sitting.id or slot is None:
        raise NotFound
    query = select(SeatTask).where(SeatTask.seat_id == seat_id).with_for_update(of=SeatTask)
    tasks = {one.slot: one for one in session.scalars(query.execution_options(populate_existing=True))}
    old = tasks.pop(slot_id, None)
    if old is not None and old.started_at is not None:
        message = N_("Seat %(seat)s has begun this task already, so it keeps it.")
        raise Refusal("task_begun", message, status=409, seat=seat.number)
    gone = {old.version.task.code} if old else set()
    left = [one for one in stock(session, sitting.scheme, sitting.level) if one.code not in gone]
    met = _met(session, [seat]).get(seat.id, frozenset())
    found = draw([(slot.id, slot.kind)], left, [Drawer(seat.id, _stocks(tasks), met)], secrets.token_hex(16))
    new = found.get(seat.id, {}).get(slot_id)
    if new is None:
        message = N_("There is no other task of this kind in use for this level. Put one in use, then draw again.")
        raise Refusal("no_other_task", message, status=409)
    if old is None:
        old = SeatTask(seat_id=seat.id, slot=slot_id, minutes=slot.minutes)
        session.add(old)
    old.version_id, old.drawn_at = new.version_id, now
    session.flush()
    session.refresh(old)
    audit.record(session, "task:redrawn", actor, "session", sitting.id, seat=seat.number, slot=slot_id,
                 before=sorted(gone), task=new.code, reason=reason.strip())  # fmt: skip
    return old


def drawn(session: Session, sitting: ExamSession) -> list[Drawn]:
    """Every seat of the session; nothing where the scheme names no tasks."""
    slots = slots_of(sitting.scheme, sitting.level)
    seats = session.scalars(select(Seat).where(Seat.session_id == sitting.id).order_by(Seat.number)).all()
    held = tasks_by_seat(session, sitting.id)
    return [Drawn(seat, _by_slot(slots, held.get(seat.id, []))) for seat in seats] if slots else []


def lacking(session: Session, sitting: ExamSession) -> list[TaskSlot]:
    """Slots for which the bank holds no task in use."""
    kinds = {one.kind for one in stock(session, sitting.scheme, sitting.level)}
    return [slot for slot in slots_of(sitting.scheme, sitting.level) if slot.kind not in kinds]


def _deal(
    session: Session, actor: Actor, sitting: ExamSession, slots: Sequence[TaskSlot], seats: Iterable[Seat],
    drawers: Sequence[Drawer], now: datetime,
) -> None:  # fmt: skip
    seed = secrets.token_hex(16)
    found = draw([(slot.id, slot.kind) for slot in slots], stock(session, sitting.scheme, sitting.level), drawers, seed)
    by_id, rows = {slot.id: slot for slot in slots}, []
    for seat in seats:
        for slot_id, task in found.get(seat.id, {}).items():
            slot = by_id[slot_id]
            rows.append(SeatTask(seat_id=seat.id, slot=slot_id, version_id=task.version_id, minutes=slot.minutes,
                                 drawn_at=now))  # fmt: skip
    session.add_all(rows)
    session.flush()
    if rows:
        numbers = {seat.id: seat.number for seat in seats}
        told = {numbers[key]: {slot: task.code for slot, task in tasks.items()} for key, tasks in found.items()}
        audit.record(session, "task:drawn", actor, "session", sitting.id, seed=seed, seats=told)


def _by_slot(slots: Iterable[TaskSlot], tasks: Sequence[SeatTask]) -> dict[str, SeatTask | None]:
    held = {one.slot: one for one in tasks}
    return {slot.id: held.get(slot.id) for slot in slots}


def _stocks(tasks: Mapping[str, SeatTask]) -> dict[str, Stock]:
    return {slot: _stock(one.version) for slot, one in tasks.items()}


def _stock(version: TaskVersion) -> Stock:
    return Stock(version.id, version.task.code, version.task.kind, version.task.trade)


def _met(session: Session, seats: Collection[Seat]) -> dict[int, frozenset[str]]:
    """By seat the tasks its candidate had at other sittings."""
    people = {seat.application.candidate_id: seat.id for seat in seats}
    query = (
        select(Application.candidate_id, PracticalTask.code)
        .join(Seat, Seat.application_id == Application.id)
        .join(SeatTask, SeatTask.seat_id == Seat.id)
        .join(TaskVersion, TaskVersion.id == SeatTask.version_id)
        .join(PracticalTask, PracticalTask.id == TaskVersion.task_id)
        .where(Application.candidate_id.in_(list(people)), Seat.id.not_in([seat.id for seat in seats]))
    )
    found: dict[int, set[str]] = {}
    for candidate, code in session.execute(query):
        found.setdefault(people[candidate], set()).add(code)
    return {seat: frozenset(codes) for seat, codes in found.items()}
