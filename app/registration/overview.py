"""The state of a session in figures: seats, staff, and how far the work is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.exam import Attempt
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat
from app.registration.roster import gate_of


def overview(session: Session, row: ExamSession) -> dict[str, Any]:
    """For screens, API and command line alike."""
    gate = gate_of(session, row)
    return {
        "id": row.id,
        "scheme": row.scheme,
        "level": row.level,
        "part": row.part,
        "state": row.state,
        "site": {"id": row.site.id, "name": row.site.name},
        "opens_at": row.opens_at,
        "closes_at": row.closes_at,
        "minutes": row.minutes,
        "demonstration": row.demonstration,
        "candidates": gate.candidates,
        "staffing": {"role": gate.role, "have": gate.have, "need": gate.need},
        "attempts": attempts_by_state(session, row.id),
        "sheets": sheets_by_state(session, row.id),
    }


def attempts_by_state(session: Session, session_id: int) -> dict[str, int]:
    counted = select(Attempt.state, func.count()).where(Attempt.session_id == session_id).group_by(Attempt.state)
    return dict(session.execute(counted).all())


def sheets_by_state(session: Session, session_id: int) -> dict[str, int]:
    counted = (
        select(RubricSheet.state, func.count())
        .join(Seat, Seat.id == RubricSheet.seat_id)
        .where(Seat.session_id == session_id)
        .group_by(RubricSheet.state)
    )
    return dict(session.execute(counted).all())
