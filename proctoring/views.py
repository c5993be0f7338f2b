"""The parts in which a session is looked at: its rooms or, where it is not divided, thirty seats at a time."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.registration import ExamSession, Room, Seat, StaffAssignment
from app.registration.rooms import rooms_of
from app.schemes.scheme import scheme as scheme_of


@dataclass(frozen=True)
class View:
    """From one seat to another; `room` where it is one."""

    first: int
    last: int
    room: Room | None = None

    @property
    def name(self) -> str:
        return self.room.name if self.room else f"{self.first}–{self.last}"

    def holds(self, seat: int) -> bool:
        return self.first <= seat <= self.last


def views(session: Session, exam: ExamSession) -> list[View]:
    """In the order of their seats; every seat is in exactly one."""
    last = session.scalar(select(func.max(Seat.number)).where(Seat.session_id == exam.id)) or 0
    size = scheme_of(exam.scheme).level(exam.level).theory.proctor_ratio
    found: list[View] = []
    following = 1
    for room in rooms_of(session, exam.id):
        found += _outside(following, room.first_seat - 1, size)
        found.append(View(room.first_seat, room.last_seat, room))
        following = room.last_seat + 1
    return found + _outside(following, last, size) or [View(1, size)]


def chosen(found: list[View], first: int | None, own: StaffAssignment | None = None) -> View:
    """The one that begins with this seat or holds it; else the proctor's own room, else the first."""
    asked = [one for one in found if first is not None and one.holds(first)]
    room_id = own.room_id if own else None
    mine = [one for one in found if one.room and one.room.id == room_id]
    return (asked or mine or found)[0]


def _outside(first: int, last: int, size: int) -> list[View]:
    """Seats that belong to no room."""
    return [View(start, min(start + size - 1, last)) for start in range(first, last + 1, size)]
