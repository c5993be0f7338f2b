"""Whether a report of an incident can stand as it is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.models.exam import Attempt, AttemptState, Paper
from app.models.monitoring import IncidentCategory, Severity
from app.models.registration import Room, Seat

if TYPE_CHECKING:
    from proctoring.incidents import Report

LOOKS_BACK = timedelta(days=2)
AHEAD = timedelta(minutes=1)
"""Clocks on the wall differ a little."""


def checked(session: Session, session_id: int, report: Report, seat: Seat | None, now: datetime) -> None:
    if report.category not in set(IncidentCategory):
        raise Refusal("category_unknown", N_("Choose the kind of incident from the list."))
    if report.severity not in set(Severity):
        raise Refusal("severity_unknown", N_("Choose how grave it was: a note, an irregularity or serious."))
    when = report.happened_at
    if when is not None and not now - LOOKS_BACK <= when <= now + AHEAD:
        raise Refusal(
            "happened_out_of_range", N_("Give when it happened: a moment of today or yesterday, not one to come.")
        )
    room = session.get(Room, report.room) if report.room is not None else None
    if report.room is not None and (room is None or room.session_id != session_id):
        raise Refusal("room_unknown", N_("This session has no such room. Choose one of the list."))
    if report.position is not None:
        _refuse_position(session, report, seat)


def _refuse_position(session: Session, report: Report, seat: Seat | None) -> None:
    if report.category != IncidentCategory.PAPER or seat is None:
        raise Refusal(
            "position_unfitting",
            N_("The number of an item belongs to a complaint about the paper of a seat. Choose both, or leave it out."),
        )
    length = session.scalar(
        select(func.jsonb_array_length(Paper.items))
        .join(Attempt, Attempt.paper_id == Paper.id)
        .where(Attempt.seat_id == seat.id)
        .order_by(Attempt.state == AttemptState.VOIDED, Attempt.id.desc())
        .limit(1)
    )
    if not 1 <= (report.position or 0) <= (length or 0):
        message = N_("The paper of seat %(seat)s has the items 1 to %(count)s. Give one of these numbers.")
        raise Refusal("position_unknown", message, seat=seat.number, count=length or 0)
