"""The rooms of a theory session: seats divided among them, a gate code each, and the proctors who watch them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import tidy
from app.models.account import User
from app.models.registration import ExamSession, Part, Room, Seat, SessionState, StaffAssignment, StaffRole
from app.registration.dividing import MOST_ROOMS, ROOM_SIZE, ranges
from app.registration.locks import locked
from app.registration.staffing import Gate, needed
from app.schemes.scheme import scheme as scheme_of

LONGEST_NAME = 60


def rooms_of(session: Session, session_id: int) -> Sequence[Room]:
    return session.scalars(select(Room).where(Room.session_id == session_id).order_by(Room.first_seat)).all()


def room_of_seat(session: Session, seat: Seat) -> Room | None:
    """None where the session is not divided."""
    inside = Room.first_seat <= seat.number, seat.number <= Room.last_seat
    return session.scalar(select(Room).where(Room.session_id == seat.session_id, *inside))


def seats_in(session: Session, room: Room) -> int:
    inside = Seat.number.between(room.first_seat, room.last_seat)
    return session.scalar(select(func.count()).select_from(Seat).where(Seat.session_id == room.session_id, inside)) or 0


def divide(
    session: Session, actor: Actor, session_id: int, *, size: int = ROOM_SIZE, gated: bool = True
) -> Sequence[Room]:
    """Rooms of up to `size` seats. Again: rooms keep name, gate code and proctors in their order; 0 takes all away."""
    row = _dividable(session, session_id)
    if not 0 <= size <= 1000:
        raise Refusal("room_size", N_("A room has 1 to 1000 seats. Give a size between them, or 0 for no rooms."))
    numbers = session.scalars(select(Seat.number).where(Seat.session_id == row.id)).all()
    wanted = ranges(numbers, size) if size else []
    if size and not wanted:
        raise Refusal("session_empty", N_("The session has no candidates. Add candidates, then divide it."), status=409)
    if len(wanted) > MOST_ROOMS:
        message = N_("These would be more than %(most)s rooms. Choose larger ones.")
        raise Refusal("rooms_too_many", message, most=MOST_ROOMS)
    before = list(rooms_of(session, row.id))
    for place, (first, last) in enumerate(wanted):
        if place < len(before):
            before[place].first_seat, before[place].last_seat = first, last
            continue
        taken = {room.name for room in before}
        name = next(n for n in (f"{k:02}" for k in range(place + 1, MOST_ROOMS * 2)) if n not in taken)
        code = new_gate_code() if gated else ""
        before.append(Room(session_id=row.id, name=name, first_seat=first, last_seat=last, gate_code=code))
    for surplus in before[len(wanted) :]:
        session.delete(surplus)
    session.add_all(before[: len(wanted)])
    session.flush()
    session.expire(row, ["staff"])
    audit.record(session, "session:rooms:divided", actor, "session", row.id, rooms=len(wanted), size=size)
    return rooms_of(session, row.id)


def stretch(session: Session, session_id: int) -> None:
    """Seats given after the division belong to the last room."""
    last = session.scalar(select(func.max(Seat.number)).where(Seat.session_id == session_id)) or 0
    rooms = rooms_of(session, session_id)
    if rooms and rooms[-1].last_seat < last:
        rooms[-1].last_seat = last
        session.flush()


def change_room(session: Session, actor: Actor, room_id: int, *, name: str, gate: str = "keep") -> Room:
    """Another name; `gate` keeps the gate code, makes a new one, or asks for none."""
    room = locked(session, Room, room_id)
    if session.get_one(ExamSession, room.session_id).state in (SessionState.CLOSED, SessionState.RELEASED):
        raise Refusal("session_over", N_("The session is over; its rooms cannot change any more."), status=409)
    name = tidy(name)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refusal("room_name", N_("Give the room a name of at most %(most)s characters."), most=LONGEST_NAME)
    if any(other.name == name and other.id != room.id for other in rooms_of(session, room.session_id)):
        raise Refusal("room_name_taken", N_("Another room of this session has this name. Choose another."), status=409)
    room.name = name
    if gate != "keep":
        room.gate_code = new_gate_code() if gate == "new" else ""
    session.flush()
    audit.record(session, "room:changed", actor, "room", room.id, name=name, gate=gate)
    return room


def assign_room(session: Session, actor: Actor, session_id: int, user_id: int, room_id: int | None) -> StaffAssignment:
    """The room a proctor watches; None is the session as a whole."""
    row = locked(session, ExamSession, session_id)
    if row.state in (SessionState.CLOSED, SessionState.RELEASED):
        raise Refusal("session_over", N_("The session is over; its staff cannot change any more."), status=409)
    assignment = session.scalar(
        select(StaffAssignment).where(
            StaffAssignment.session_id == session_id,
            StaffAssignment.user_id == user_id,
            StaffAssignment.role == StaffRole.PROCTOR,
        )
    )
    room = session.get(Room, room_id) if room_id is not None else None
    if assignment is None or (room_id is not None and (room is None or room.session_id != session_id)):
        raise NotFound()
    if assignment.room_id != room_id:
        assignment.room_id = room_id
        session.flush()
        audit.record(session, "session:staff:room", actor, "session", session_id, user=user_id, room=room_id)
    return assignment


def gate_of_room(session: Session, room: Room) -> Gate:
    """Proctors needed for a room's seats, and those present for it or for the session as a whole."""
    row = session.get_one(ExamSession, room.session_id)
    here = StaffAssignment.room_id.is_(None) | (StaffAssignment.room_id == room.id)
    present = session.scalar(
        select(func.count())
        .select_from(StaffAssignment)
        .join(User)
        .where(StaffAssignment.session_id == row.id, StaffAssignment.role == StaffRole.PROCTOR, User.active, here,
               StaffAssignment.present_since.is_not(None), StaffAssignment.left_at.is_(None))
    )  # fmt: skip
    seats = seats_in(session, room)
    ratio = scheme_of(row.scheme).level(row.level).theory.proctor_ratio
    return Gate("proctor", present or 0, needed(seats, ratio, at_least=1), seats)


def new_gate_code() -> str:
    return f"{secrets.randbelow(10**6):06}"


def _dividable(session: Session, session_id: int) -> ExamSession:
    row = locked(session, ExamSession, session_id)
    if row.part != Part.THEORY:
        raise Refusal("session_not_theory", N_("Only a theory session is divided into rooms."), status=409)
    if row.state not in (SessionState.PLANNED, SessionState.PREPARED):
        raise Refusal("session_begun", N_("The session has been opened, so its rooms stay as they are."), status=409)
    return row
