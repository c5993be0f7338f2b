"""Finding a seat of a session by the number on its table."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.models.registration import Seat


def seat_numbered(session: Session, session_id: int, number: int) -> Seat:
    seat = session.scalar(select(Seat).where(Seat.session_id == session_id, Seat.number == number))
    if seat is None:
        raise Refusal("seat_unknown", N_("This session has no seat %(number)s. Choose one of the list."), number=number)
    return seat
