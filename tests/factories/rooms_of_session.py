"""Sessions divided into rooms, and candidates with their tickets."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.delivery import sessions
from app.models.account import User
from app.models.exam import Attempt
from app.models.registration import Room, Seat, StaffAssignment
from app.registration import admission, admission_code, rooms
from tests.factories import theory


@dataclass(frozen=True)
class Holder:
    """Somebody with a ticket, and the attempt it leads to."""

    attempt_id: int
    seat_id: int
    user_id: int
    number: str
    code: str

    @property
    def typed(self) -> dict[str, str]:
        return {"number": self.number, "code": self.code}


@dataclass(frozen=True)
class Divided:
    session_id: int
    rooms: list[Room]
    holders: list[Holder]
    proctor: User

    @property
    def actor(self) -> Actor:
        return Actor(self.proctor.id, self.proctor.name, "test")


def divided(
    session: Session, *, candidates: int = 2, size: int = 0, gated: bool = True, proctors: int = 1, opened: bool = True
) -> Divided:
    """A prepared session with rooms of `size` seats (none for 0), open unless told otherwise. Committed."""
    theory.bank(session)
    exam = theory.theory_session(session, candidates=candidates, proctors=proctors)
    found = list(rooms.divide(session, theory.REGISTRAR, exam.id, size=size, gated=gated)) if size else []
    now = clock_now()
    attempts = sessions.prepare_session(session, theory.REGISTRAR, exam.id, now)
    if opened:
        sessions.open_session(session, theory.REGISTRAR, exam.id, now)
    number = exam.id
    holders = [holder(session, attempt) for attempt in attempts]
    staff = session.scalars(select(StaffAssignment).where(StaffAssignment.session_id == exam.id)).first()
    assert staff is not None
    proctor = staff.user
    session.commit()
    for one in (*found, proctor):
        session.refresh(one)
    return Divided(number, found, holders, proctor)


def holder(session: Session, attempt: Attempt) -> Holder:
    seat, key = session.get_one(Seat, attempt.seat_id), admission.key_of(current_app.config["SECRET_KEY"])
    code = admission_code.code_of(key, seat.id, seat.code_issue or 1)
    return Holder(attempt.id, seat.id, attempt.user_id, admission_code.number_of(seat.id), code)
