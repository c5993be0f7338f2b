"""Whom an act is meant for: chosen attempts or seats, a room, or everybody of a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.models.exam import Attempt, AttemptState
from app.models.registration import Application, Candidate, Room, Seat


@dataclass(frozen=True)
class Place:
    """A seat, who sits there, and the attempt that counts."""

    seat_id: int
    number: int
    name: str
    attempt_id: int | None


@dataclass(frozen=True)
class Targets:
    """Exactly one of these is given."""

    attempts: tuple[int, ...] = ()
    seats: tuple[int, ...] = ()
    room: int | None = None
    first_seat: int | None = None
    """A view of the board without rooms: from this seat to `last_seat`."""
    last_seat: int | None = None
    everybody: bool = False


def places(session: Session, session_id: int, wanted: Targets) -> Sequence[Place]:
    """In the order of their seats. Refuses an empty choice, and what is not of this session."""
    _refuse_several(wanted)
    query = (
        select(Seat.id, Seat.number, Candidate.name, Attempt.id)
        .join(Application, Application.id == Seat.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .outerjoin(Attempt, (Attempt.seat_id == Seat.id) & (Attempt.state != AttemptState.VOIDED))
        .where(Seat.session_id == session_id, _condition(session, session_id, wanted))
        .order_by(Seat.number)
    )
    found = [Place(*row) for row in session.execute(query)]
    if len(set(wanted.attempts) - {one.attempt_id for one in found}) or (
        set(wanted.seats) - {one.number for one in found}
    ):
        message = N_("Somebody you chose is not, or no longer, in this session. Look at the room again and choose.")
        raise Refusal("target_unknown", message, status=409)
    if not found:
        raise Refusal("nobody_chosen", N_("Choose at least one candidate, or the whole room."))
    return found


def _refuse_several(wanted: Targets) -> None:
    ways = (wanted.attempts, wanted.seats, wanted.room, wanted.first_seat, wanted.everybody)
    if sum(bool(one) for one in ways) > 1:
        message = N_("Say for whom in one way: those chosen, a room, or the whole session.")
        raise Refusal("targets_mixed", message)


def _condition(session: Session, session_id: int, wanted: Targets) -> ColumnElement[bool]:
    if wanted.everybody:
        return true()
    if wanted.room is not None:
        room = session.get(Room, wanted.room)
        if room is None or room.session_id != session_id:
            raise NotFound()
        return Seat.number.between(room.first_seat, room.last_seat)
    if wanted.first_seat is not None and wanted.last_seat is not None:
        return Seat.number.between(wanted.first_seat, wanted.last_seat)
    return Attempt.id.in_(wanted.attempts) if wanted.attempts else Seat.number.in_(wanted.seats)
