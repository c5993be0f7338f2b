"""Starting an attempt, coming back to it, and taking it over by a newer log-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from app.core import audit
from app.core.audit import Actor
from app.core.errors import NotFound
from app.delivery import entry, refusals, timing
from app.delivery.closing import RUNNING, locked, overdue
from app.models.account import Login
from app.models.attendance import Attendance, Comparison
from app.models.exam import Attempt, AttemptState, Paper
from app.models.monitoring import Incident, IncidentCategory
from app.models.registration import ExamSession, Room, Seat, SessionState

WITH_PAPER = joinedload(Attempt.paper, innerjoin=True).load_only(Paper.items)
IN_ROOM = and_(Room.session_id == Seat.session_id, Seat.number.between(Room.first_seat, Room.last_seat))
TERMS = select(
    ExamSession.state, ExamSession.opens_at, ExamSession.opened_at, ExamSession.closes_at,
    ExamSession.minutes, ExamSession.late_entry_minutes, Seat.extra_seconds, Seat.let_in_at,
    Room.id.label("room_id"), Room.opened_at.label("room_opened_at"), Room.gate_code,
    Attendance.comparison,
).join(Seat.session).outerjoin(Room, IN_ROOM).outerjoin(Attendance, Attendance.seat_id == Seat.id)  # fmt: skip


@dataclass(frozen=True)
class Sitter:
    """The candidate at a computer: who, and by which log-in."""

    actor: Actor
    login_id: UUID
    login_at: datetime


def start(session: Session, sitter: Sitter, attempt_id: int, now: datetime, gate_code: str = "") -> Attempt:
    """The running attempt: begun now, continued by the same log-in, or taken over by a newer one.

    A refusal may find the attempt past its time: `attempts.close_if_due` then closes it.
    """
    attempt = locked(session, attempt_id, WITH_PAPER)
    if attempt is None or attempt.user_id != sitter.actor.user_id:
        raise NotFound()
    if attempt.state == AttemptState.PREPARED:
        _begin(session, attempt, sitter, now, gate_code)
    elif attempt.state not in RUNNING or overdue(session, attempt, now):
        raise refusals.attempt_closed(attempt)
    elif attempt.login_id != sitter.login_id:
        _take_over(session, attempt, sitter)
    elif attempt.client is None:  # taken away from this log-in, which stands again
        attempt.client = uuid4()
    session.flush()
    return attempt


def doors_of(terms: Any) -> entry.Doors:
    """What TERMS says about a seat."""
    return entry.Doors(
        terms.state == SessionState.OPEN, terms.state, terms.opens_at, terms.opened_at, terms.closes_at,
        timedelta(minutes=terms.late_entry_minutes), terms.room_id is not None, terms.room_opened_at,
        terms.gate_code or "", terms.let_in_at is not None,
        terms.comparison == Comparison.DIFFERENT,
    )  # fmt: skip


def _begin(session: Session, attempt: Attempt, sitter: Sitter, now: datetime, gate_code: str) -> None:
    exam = session.execute(TERMS.where(Seat.id == attempt.seat_id)).one()
    if (refused := entry.obstacle(doors_of(exam), gate_code, now)) is not None:
        raise refused
    extra = timedelta(seconds=exam.extra_seconds + attempt.extra_seconds)
    attempt.started_at = now
    attempt.deadline = timing.deadline(now, timedelta(minutes=exam.minutes), exam.closes_at, extra)
    attempt.state = AttemptState.IN_PROGRESS
    attempt.client, attempt.login_id = uuid4(), sitter.login_id
    audit.record(session, "attempt:started", sitter.actor, "attempt", attempt.id, deadline=attempt.deadline.isoformat())


def _take_over(session: Session, attempt: Attempt, sitter: Sitter) -> None:
    current = session.get(Login, attempt.login_id) if attempt.login_id else None
    if current is not None and sitter.login_at <= current.created_at:
        raise refusals.client_replaced()
    handed_over = attempt.client is None  # a proctor wanted it, so there is nothing to look into
    attempt.client, attempt.login_id = uuid4(), sitter.login_id
    newer = session.get(Login, sitter.login_id)
    place = f"{newer.address} {newer.agent}".strip() if newer else ""
    audit.record(session, "attempt:taken_over", sitter.actor, "attempt", attempt.id, place=place)
    if handed_over:
        return
    session.add(
        Incident(
            session_id=attempt.session_id,
            seat_id=attempt.seat_id,
            category=IncidentCategory.TAKEOVER,
            description=place,
            blocking=False,
        )
    )
