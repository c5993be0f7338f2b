"""Irregularities: recorded by who watches, closed with a resolution. Open blocking ones hold back certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.account import User
from app.models.monitoring import Incident, IncidentEvidence, Severity
from app.models.registration import Application, Candidate, ExamSession, Seat
from app.registration.locks import locked
from proctoring import attachments, duty
from proctoring.duty import Watcher
from proctoring.place import Place
from proctoring.report_check import checked
from proctoring.seats import seat_numbered
from proctoring.wording import given_description, given_reason

__all__ = [
    "Entry",
    "Report",
    "countersign",
    "entries",
    "of_place",
    "of_session",
    "record",
    "require_say",
    "resolve",
    "seat_numbered",
]

MOST_SHOWN = 500


@dataclass(frozen=True)
class Report:
    """What somebody saw; `seat` is the number of the place, None for the room as a whole."""

    category: str
    description: str
    blocking: bool
    seat: int | None = None
    severity: str = Severity.NOTE
    happened_at: datetime | None = None
    """When it was, if not just now."""
    room: int | None = None
    """Number of the room, where it is about no seat and the session has rooms."""
    position: int | None = None
    """The item on the candidate's paper that a complaint is about."""


@dataclass(frozen=True)
class Entry:
    """An incident with the words a list needs."""

    incident: Incident
    seat: int | None
    candidate: str
    recorder: str
    resolver: str
    witness: str = ""
    evidence: tuple[IncidentEvidence, ...] = ()

    @property
    def open(self) -> bool:
        return self.incident.resolved_at is None

    @property
    def wants_witness(self) -> bool:
        return self.incident.severity == Severity.SERIOUS and self.incident.countersigned_at is None


def record(session: Session, watcher: Watcher, session_id: int, report: Report, now: datetime) -> Incident:
    require_say(session, watcher, session_id)
    seat = seat_numbered(session, session_id, report.seat) if report.seat is not None else None
    checked(session, session_id, report, seat, now)
    incident = Incident(
        session_id=session_id,
        seat_id=seat.id if seat else None,
        room_id=report.room if seat is None else None,
        category=report.category,
        severity=report.severity,
        position=report.position,
        description=given_description(report.description),
        happened_at=report.happened_at or now,
        blocking=report.blocking,
        recorded_by=watcher.actor.user_id,
        recorded_at=now,
    )
    session.add(incident)
    session.flush()
    audit.record(session, "incident:recorded", watcher.actor, "incident", incident.id, session_id=session_id,
                 seat=report.seat, category=report.category, severity=report.severity, position=report.position,
                 blocking=report.blocking)  # fmt: skip
    return incident


def countersign(session: Session, actor: Actor, incident_id: int, now: datetime) -> Incident:
    """A second proctor on duty confirms what a serious incident says."""
    found = session.get(Incident, incident_id)
    if found is None:
        raise NotFound()
    duty.require_duty(session, actor, found.session_id)
    incident = locked(session, Incident, incident_id)
    if incident.severity != Severity.SERIOUS or incident.countersigned_at is not None:
        message = N_("Only a serious incident that nobody has countersigned yet takes a countersignature.")
        raise Refusal("nothing_to_countersign", message, status=409)
    if incident.recorded_by == actor.user_id:
        message = N_("You recorded this incident yourself. Another proctor who saw it countersigns.")
        raise Refusal("own_incident", message, status=409)
    incident.countersigned_by, incident.countersigned_at = actor.user_id, now
    session.flush()
    audit.record(session, "incident:countersigned", actor, "incident", incident.id, session_id=incident.session_id)
    return incident


def resolve(session: Session, watcher: Watcher, incident_id: int, resolution: str, now: datetime) -> Incident:
    """Closes an incident for good; what was found out is kept beside it."""
    found = session.get(Incident, incident_id)
    if found is None:
        raise NotFound()
    require_say(session, watcher, found.session_id)
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
    here = Incident.session_id == session_id
    return entries(session, here if seat_id is None else here & (Incident.seat_id == seat_id))


def of_place(session: Session, place: Place, most: int | None = MOST_SHOWN) -> Sequence[Entry]:
    """Those of a room, with those of the session as a whole."""
    here = Incident.session_id == place.exam.id
    if place.room is None:
        return entries(session, here, most)
    whole = Incident.seat_id.is_(None) & (Incident.room_id.is_(None) | (Incident.room_id == place.room.id))
    return entries(session, here & (whole | place.seats()), most)


def entries(session: Session, wanted: ColumnElement[bool], most: int | None = MOST_SHOWN) -> Sequence[Entry]:
    recorder, resolver, witness = (User.__table__.alias(name) for name in ("recorder", "resolver", "witness"))
    query = (
        select(Incident, Seat.number, Candidate.name, recorder.c.name, resolver.c.name, witness.c.name)
        .outerjoin(Seat, Seat.id == Incident.seat_id)
        .outerjoin(Application, Application.id == Seat.application_id)
        .outerjoin(Candidate, Candidate.id == Application.candidate_id)
        .outerjoin(recorder, recorder.c.id == Incident.recorded_by)
        .outerjoin(resolver, resolver.c.id == Incident.resolved_by)
        .outerjoin(witness, witness.c.id == Incident.countersigned_by)
        .where(wanted)
        .order_by(Incident.resolved_at.is_not(None), Incident.blocking.desc(), Incident.id.desc())
    )
    rows = session.execute(query.limit(most)).all()
    kept = attachments.of_incidents(session, [row[0].id for row in rows])
    return [
        Entry(one, number, name or "", by or "", closer or "", second or "", tuple(kept[one.id]))
        for one, number, name, by, closer, second in rows
    ]


def require_say(session: Session, watcher: Watcher, session_id: int) -> None:
    """A registrar at any time, for certificates wait for it; a proctor while on duty."""
    if not watcher.registrar:
        duty.require_duty(session, watcher.actor, session_id)
    elif session.get(ExamSession, session_id) is None:
        raise NotFound()
