"""What a proctor does at the door: opens the room, lets somebody in, opens an admission code once more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.attendance import Attendance, Comparison
from app.models.exam import Attempt
from app.models.registration import ExamSession, Room, Seat, SessionState
from app.registration import admission
from app.registration.locks import locked
from app.registration.rooms import gate_of_room
from app.registration.roster import gate_of
from proctoring import duty


def open_room(session: Session, actor: Actor, room_id: int, now: datetime) -> Room:
    """Lets the candidates of a room start, if its proctors suffice and those of the session still do. Twice is once."""
    found = session.get(Room, room_id)
    if found is None:
        raise NotFound()
    duty.require_duty(session, actor, found.session_id)
    assignment = duty.assignment_of(session, actor, found.session_id)
    if assignment.room_id not in (None, room_id):
        message = N_("You watch another room of this session. Ask its proctor or the registrar to open this one.")
        raise Refusal("other_room", message, status=409)
    room = locked(session, Room, room_id)
    if room.opened_at is not None:
        return room
    exam = session.get_one(ExamSession, room.session_id, populate_existing=True)
    if exam.state != SessionState.OPEN or now >= exam.closes_at:
        message = N_("The registrar has not opened the session yet. Wait for that, then open your room.")
        raise Refusal("session_not_open", message, status=409, details={"state": exam.state})
    gate = gate_of_room(session, room)
    gate.check()
    gate_of(session, exam).check()
    room.opened_at = now
    audit.record(session, "room:opened", actor, "room", room.id, session_id=exam.id, **gate.as_dict())
    session.flush()
    return room


def let_in(session: Session, actor: Actor, attempt_id: int, now: datetime) -> Seat:
    """Who was let in by a person is asked for no gate code."""
    attempt = _attempt(session, attempt_id)
    duty.require_duty(session, actor, attempt.session_id)
    seat = locked(session, Seat, attempt.seat_id)
    found = session.get(Attendance, seat.id, populate_existing=True)
    if found is not None and found.comparison == Comparison.DIFFERENT:
        raise turned_away()
    if seat.let_in_at is None:
        seat.let_in_at = now
        audit.record(session, "seat:let_in", actor, "seat", seat.id, attempt=attempt_id)
        session.flush()
    return seat


def turned_away() -> Refusal:
    message = N_("The check at the desk found somebody else here. Check the person again at the desk; a match lets in.")
    return Refusal("turned_away", message, status=409)


def reopen_code(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> datetime:
    """The candidate may log in once more with the same admission code, at another computer; until when."""
    attempt = _attempt(session, attempt_id)
    duty.require_duty(session, actor, attempt.session_id)
    return admission.open_again(session, actor, attempt.seat_id, reason, now)


def _attempt(session: Session, attempt_id: int) -> Attempt:
    found = session.scalar(select(Attempt).where(Attempt.id == attempt_id))
    if found is None:
        raise NotFound()
    return found
