"""The part of a session that a page, a list or a record is about: one room, or all of it where there are no rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.models.account import User
from app.models.attendance import PresenceInterval
from app.models.registration import ExamSession, Room, Seat, StaffRole
from app.registration.rooms import rooms_of
from proctoring import duty
from proctoring.duty import Watcher
from proctoring.ratio import Stay


@dataclass(frozen=True)
class Place:
    exam: ExamSession
    room: Room | None

    @property
    def number(self) -> int:
        """Of the room; 0 for a session without rooms."""
        return self.room.id if self.room else 0

    @property
    def name(self) -> str:
        return self.room.name if self.room else ""

    @property
    def opened_at(self) -> datetime | None:
        return self.room.opened_at if self.room else self.exam.opened_at

    def seats(self) -> ColumnElement[bool]:
        """The seats that belong to it, as a condition."""
        here = Seat.session_id == self.exam.id
        return here & Seat.number.between(self.room.first_seat, self.room.last_seat) if self.room else here


def place_of(session: Session, watcher: Watcher, session_id: int, room_id: int | None = None) -> Place:
    """The room asked for, else the watcher's own, else the first; the session itself where it has no rooms."""
    exam = duty.watched_session(session, watcher, session_id)
    rooms = {room.id: room for room in rooms_of(session, session_id)}
    if room_id and room_id not in rooms:
        raise NotFound()
    if not rooms:
        return Place(exam, None)
    own = None if watcher.registrar else duty.assignment_of(session, watcher.actor, session_id).room_id
    return Place(exam, rooms[room_id or own or min(rooms, key=lambda one: rooms[one].first_seat)])


def place_of_seat(session: Session, exam: ExamSession, number: int) -> Place:
    rooms = rooms_of(session, exam.id)
    return Place(exam, next((one for one in rooms if one.first_seat <= number <= one.last_seat), None))


def stays(session: Session, place: Place) -> list[Stay]:
    """Of proctors, in this room or for the session as a whole, by when they came."""
    query = (
        select(PresenceInterval, User.name)
        .join(User, User.id == PresenceInterval.user_id)
        .where(PresenceInterval.session_id == place.exam.id, PresenceInterval.role == StaffRole.PROCTOR)
        .order_by(PresenceInterval.began_at, PresenceInterval.id)
    )
    if place.room:
        query = query.where(PresenceInterval.room_id.is_(None) | (PresenceInterval.room_id == place.room.id))
    return [Stay(one.user_id, name, one.began_at, one.ended_at) for one, name in session.execute(query)]
