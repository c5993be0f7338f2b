"""Irregularities: recorded by who watches, closed with a resolution. Open blocking ones hold back certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.errors import N_, NotFound, Refusal
from app.models.account import User
from app.models.monitoring import Incident, IncidentCategory
from app.models.registration import Application, Candidate, ExamSession, Seat
from app.registration.locks import locked
from proctoring import duty
from proctoring.duty import Watcher
from proctoring.wording import given_description, given_reason


@dataclass(frozen=True)
class Report:
    """What somebody saw; `seat` is the number of the place, None for the room as a whole."""

    category: str
    description: str
    blocking: bool
    seat: int | None = None


@dataclass(frozen=True)
class Entry:
    """An incident with the words a list needs."""

    incident: Incident
    seat: int | None
    candidate: str
    recorder: str
    resolver: str

    @property
    def open(self) -> bool:
        return self.incident.resolved_at is None


def record(session: Session, watcher: Watcher, session_id: int, report: Report, now: datetime) -> Incident:
    _require_say(session, watcher, session_id)
    if report.category not in set(IncidentCategory):
        raise Refusal("category_unknown", N_("Choose the kind of incident from the list."))
    incident = Incident(
        session_id=session_id,
        seat_id=seat_numbered(session, session_id, report.seat).id if report.seat is not None else None,
        category=report.category,
        description=given_description(report.description),
        blocking=report.blocking,
        recorded_by=watcher.actor.user_id,
        recorded_at=now,
    )
    session.add(incident)
    session.flush()
    audit.record(session, "incident:recorded", watcher.actor, "incident", incident.id, session_id=session_id,
                 seat=report.seat, category=report.category, blocking=report.blocking)  # fmt: skip
    return incident


def resolve(session: Session, watcher: Watcher, incident_id: int, resolution: str, now: datetime) -> Incident:
    """Closes an incident for good; what was found out is kept beside it."""
    found = session.get(Incident, incident_id)
    if found is None:
        raise NotFound()
    _require_say(session, watcher, found.session_id)
    incident = locked(session, Incident, incident_id)
    if incident.resolved_at is not None:
        raise Refusal(
            "incident_resolved",
            N_("This incident is closed already. Record a new one if there is more to say."),
            status=409,
        )
    incident.resolution = given_reason(resolution)
    incident.resolved_by, incident.resolved_at = watcher.actor.user_id, now
    session.flush()
    audit.record(session, "incident:resolved", watcher.actor, "incident", incident.id,
                 session_id=incident.session_id, resolution=incident.resolution)  # fmt: skip
    return incident


def of_session(session: Session, session_id: int, seat_id: int | None = None) -> Sequence[Entry]:
    """Open ones first, then the newest; with `seat_id` only those of one place."""
    recorder, resolver = User.__table__.alias("recorder"), User.__table__.alias("resolver")
    query = (
        select(Incident, Seat.number, Candidate.name, recorder.c.name, resolver.c.name)
        .outerjoin(Seat, Seat.id == Incident.seat_id)
        .outerjoin(Application, Application.id == Seat.application_id)
        .outerjoin(Candidate, Candidate.id == Application.candidate_id)
        .outerjoin(recorder, recorder.c.id == Incident.recorded_by)
        .outerjoin(resolver, resolver.c.id == Incident.resolved_by)
        .where(Incident.session_id == session_id)
        .order_by(Incident.resolved_at.is_not(None), Incident.blocking.desc(), Incident.id.desc())
    )
    if seat_id is not None:
        query = query.where(Incident.seat_id == seat_id)
    rows = session.execute(query.limit(500))
    return [Entry(one, number, name or "", by or "", closer or "") for one, number, name, by, closer in rows]


def seat_numbered(session: Session, session_id: int, number: int) -> Seat:
    seat = session.scalar(select(Seat).where(Seat.session_id == session_id, Seat.number == number))
    if seat is None:
        raise Refusal("seat_unknown", N_("This session has no seat %(number)s. Choose one of the list."), number=number)
    return seat


def _require_say(session: Session, watcher: Watcher, session_id: int) -> None:
    """A registrar at any time, for certificates wait for it; a proctor while on duty."""
    if not watcher.registrar:
        duty.require_duty(session, watcher.actor, session_id)
    elif session.get(ExamSession, session_id) is None:
        raise NotFound()
