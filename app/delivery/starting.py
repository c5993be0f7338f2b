"""Starting an attempt, coming back to it, and taking it over by a newer log-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import refusals, timing
from app.delivery.closing import RUNNING, locked, overdue
from app.models.account import Login
from app.models.exam import Attempt, AttemptState, Paper
from app.models.monitoring import Incident, IncidentCategory
from app.models.registration import ExamSession, Seat, SessionState

WITH_PAPER = joinedload(Attempt.paper, innerjoin=True).load_only(Paper.items)
TERMS = select(
    ExamSession.state, ExamSession.opens_at, ExamSession.opened_at, ExamSession.closes_at,
    ExamSession.minutes, ExamSession.late_entry_minutes, Seat.extra_seconds,
).join(Seat.session)  # fmt: skip


@dataclass(frozen=True)
class Sitter:
    """The candidate at a computer: who, and by which log-in."""

    actor: Actor
    login_id: UUID
    login_at: datetime


def start(session: Session, sitter: Sitter, attempt_id: int, now: datetime) -> Attempt:
    """The running attempt: begun now, continued by the same log-in, or taken over by a newer one.

    A refusal may find the attempt past its time: `attempts.close_if_due` then closes it.
    """
    attempt = locked(session, attempt_id, WITH_PAPER)
    if attempt is None or attempt.user_id != sitter.actor.user_id:
        raise NotFound()
    if attempt.state == AttemptState.PREPARED:
        _begin(session, attempt, sitter, now)
    elif attempt.state not in RUNNING or overdue(session, attempt, now):
        raise refusals.attempt_closed(attempt)
    elif attempt.login_id != sitter.login_id:
        _take_over(session, attempt, sitter)
    session.flush()
    return attempt


def _begin(session: Session, attempt: Attempt, sitter: Sitter, now: datetime) -> None:
    exam = session.execute(TERMS.where(Seat.id == attempt.seat_id)).one()
    if exam.state != SessionState.OPEN or now >= exam.closes_at:
        message = N_("The session is not open. Wait for the proctor to open it, then start again.")
        raise Refusal("session_not_open", message, status=409, details={"state": exam.state})
    until = timing.late_entry_closes(exam.opens_at, exam.opened_at, timedelta(minutes=exam.late_entry_minutes))
    if now > until:
        message = N_("Entry closed %(minutes)s minutes after the opening. Ask the proctor what can be done.")
        details = {"until": until.isoformat()}
        raise Refusal("late_entry_closed", message, status=409, details=details, minutes=exam.late_entry_minutes)
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
    attempt.client, attempt.login_id = uuid4(), sitter.login_id
    newer = session.get(Login, sitter.login_id)
    place = f"{newer.address} {newer.agent}".strip() if newer else ""
    session.add(
        Incident(
            session_id=attempt.session_id,
            seat_id=attempt.seat_id,
            category=IncidentCategory.TAKEOVER,
            description=place,
            blocking=False,
        )
    )
    audit.record(session, "attempt:taken_over", sitter.actor, "attempt", attempt.id, place=place)
