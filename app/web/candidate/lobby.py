"""The lobby as its page shows it: who and where, when it opens, what is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.delivery import starting
from app.models.exam import Attempt, AttemptState
from app.models.registration import Seat, SessionState
from app.registration.rooms import room_of_seat
from app.web.titles import full_title


def lobby_view(session: Session, attempt: Attempt, now: datetime) -> dict[str, Any]:
    sitting, seat = attempt.session, attempt.seat
    doors = starting.doors_of(session.execute(starting.TERMS.where(Seat.id == seat.id)).one())
    over = now >= doors.closes_at or doors.session_state in (SessionState.CLOSED, SessionState.RELEASED)
    return {
        "attempt": attempt,
        "sitting": sitting,
        "room": room_of_seat(session, seat),
        "doors": doors,
        "candidate": seat.application.candidate,
        "title": full_title(sitting.scheme, sitting.level),
        "minutes": sitting.minutes + (seat.extra_seconds + attempt.extra_seconds) // 60,
        "late_minutes": doors.late_entry // timedelta(minutes=1),
        "entry_ends": doors.opens_at + doors.late_entry < doors.closes_at,
        "hold": sitting.hold_minutes,
        "taken": attempt.state != AttemptState.PREPARED,
        "late": doors.open and now > doors.late_entry_until,
        "over": over,
        "may_start": doors.open and not over and now <= doors.late_entry_until,
        "now": now,
    }
