"""What stands on the admission tickets of a session, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.models.registration import Application, Candidate, ExamSession, Part, Room, Seat, SessionState
from app.registration import admission_code

AT_ONCE = 600
"""Tickets in one file: more are printed room by room."""


@dataclass(frozen=True)
class Ticket:
    seat_id: int
    user_id: int
    holder: str
    identity: str
    photo: bytes | None
    seat: int
    room: str
    number: str
    code: str


def of_session(session: Session, key: bytes, row: ExamSession, room: Room | None = None) -> list[Ticket]:
    """By seat; refuses more than a file may hold."""
    wanted: ColumnElement[bool] = Seat.session_id == row.id
    if room is not None:
        wanted &= Seat.number.between(room.first_seat, room.last_seat)
    return _tickets(session, key, wanted)


def of_seat(session: Session, key: bytes, seat_id: int, user_id: int | None = None) -> Ticket:
    """With `user_id` only if the seat is that person's."""
    found = _tickets(session, key, Seat.id == seat_id)
    if not found or (user_id is not None and found[0].user_id != user_id):
        raise NotFound()
    return found[0]


def refuse_without(row: ExamSession, now: datetime) -> None:
    """A ticket is for a theory session that is still to come or under way."""
    if row.part != Part.THEORY:
        message = N_("Only theory sessions have admission tickets; to the practical one comes in person.")
        raise Refusal("no_ticket", message, status=409)
    if row.state in (SessionState.CLOSED, SessionState.RELEASED) or now >= row.closes_at:
        raise Refusal("admission_over", N_("The session is over; nobody logs in to it any more."), status=409)


def _tickets(session: Session, key: bytes, wanted: ColumnElement[bool]) -> list[Ticket]:
    query = (
        select(Seat.id, Seat.number, Seat.code_issue, Candidate.user_id, Candidate.name, Candidate.identity_masked,
               Candidate.photo, Room.name.label("room"))
        .join(Application, Application.id == Seat.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .outerjoin(Room, (Room.session_id == Seat.session_id) & Seat.number.between(Room.first_seat, Room.last_seat))
        .where(wanted)
        .order_by(Seat.number)
        .limit(AT_ONCE + 1)
    )  # fmt: skip
    rows = session.execute(query).all()
    if len(rows) > AT_ONCE:
        message = N_("These are more than %(most)s tickets. Divide the session into rooms and print room by room.")
        raise Refusal("tickets_too_many", message, status=409, most=AT_ONCE)
    return [_ticket(key, row) for row in rows]


def _ticket(key: bytes, row: Any) -> Ticket:
    seat_id, number, issue, user_id, name, identity, photo, room = row
    code = admission_code.code_of(key, seat_id, issue)
    return Ticket(seat_id, user_id, name, identity, photo, number, room or "", admission_code.number_of(seat_id), code)
