"""Incidents of a session: recorded, countersigned, settled."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.texts import LONGEST_REASON
from app.models.monitoring import Incident, IncidentCategory, Severity
from app.models.registration import Part
from app.web.api.attendance import RoomQuery
from app.web.api.operation import Body, operation
from app.web.watching import watcher
from proctoring import duty, incidents, snapshot
from proctoring.incidents import Entry, Report
from proctoring.place import place_of
from proctoring.wording import LONGEST_DESCRIPTION


class Evidence(Body):
    id: int
    filename: str
    media_type: str
    sha256: str


class IncidentAnswer(Body):
    id: int
    seat: int | None
    room: int | None
    candidate: str
    category: IncidentCategory
    severity: Severity
    position: int | None
    description: str
    happened_at: datetime
    recorded_at: datetime
    recorded_by: str
    countersigned_by: str
    countersigned_at: datetime | None
    blocking: bool
    state: Literal["open", "resolved"]
    resolution: str
    resolved_by: str
    resolved_at: datetime | None
    evidence: list[Evidence]


class IncidentList(Body):
    incidents: list[IncidentAnswer]


class IncidentBody(Body):
    """Without `seat` it is about `room`, and without that about the session as a whole."""

    category: IncidentCategory
    description: str = Field(min_length=1, max_length=LONGEST_DESCRIPTION)
    severity: Severity = Severity.NOTE
    blocking: bool = False
    seat: int | None = Field(default=None, ge=1, lt=2**63)
    room: int | None = Field(default=None, ge=1, lt=2**63)
    position: int | None = Field(default=None, ge=1, le=1000)
    happened_at: AwareDatetime | None = None


class ResolutionBody(Body):
    resolution: str = Field(min_length=1, max_length=LONGEST_REASON)


@operation("GET", "/sessions/<id:session_id>/incidents", Permission.WATCH_SESSION,
           "Incidents of a room, or of the session where it has none", query=RoomQuery,
           returns=IncidentList)  # fmt: skip
def index(session_id: int, query: RoomQuery) -> IncidentList:
    exam = duty.reported_session(db.session(), watcher(), session_id)
    if exam.part == Part.PRACTICAL:
        return IncidentList(incidents=[_answer(one) for one in incidents.of_session(db.session(), session_id)])
    place = place_of(db.session(), watcher(), session_id, query.room)
    return IncidentList(incidents=[_answer(one) for one in incidents.of_place(db.session(), place)])


@operation("POST", "/sessions/<id:session_id>/incidents", Permission.WATCH_SESSION, "Record an incident",
           body=IncidentBody, returns=IncidentAnswer, status=201, errors=(409,))  # fmt: skip
def record(session_id: int, body: IncidentBody) -> IncidentAnswer:
    duty.reported_session(db.session(), watcher(), session_id)
    report = Report(
        body.category, body.description, body.blocking, body.seat, severity=body.severity,
        happened_at=body.happened_at, room=body.room, position=body.position,
    )  # fmt: skip
    return _done(incidents.record(db.session(), watcher(), session_id, report, clock.now()))


@operation("POST", "/incidents/<id:incident_id>/countersign", Permission.INTERVENE,
           "Confirm a serious incident as its second proctor", returns=IncidentAnswer, errors=(409,))  # fmt: skip
def countersign(incident_id: int) -> IncidentAnswer:
    _watched(incident_id)
    return _done(incidents.countersign(db.session(), watcher().actor, incident_id, clock.now()))


@operation("POST", "/incidents/<id:incident_id>/resolve", Permission.WATCH_SESSION, "Settle an incident",
           body=ResolutionBody, returns=IncidentAnswer, errors=(409,))  # fmt: skip
def resolve(incident_id: int, body: ResolutionBody) -> IncidentAnswer:
    _watched(incident_id)
    return _done(incidents.resolve(db.session(), watcher(), incident_id, body.resolution, clock.now()))


def _watched(incident_id: int) -> None:
    found = db.session.get(Incident, incident_id)
    if found is None:
        raise NotFound()
    duty.reported_session(db.session(), watcher(), found.session_id)


def _done(incident: Incident) -> IncidentAnswer:
    db.session.commit()
    snapshot.forget(incident.session_id)
    return _answer(incidents.entries(db.session(), Incident.id == incident.id)[0])


def _answer(entry: Entry) -> IncidentAnswer:
    one = entry.incident
    return IncidentAnswer(
        id=one.id, seat=entry.seat, room=one.room_id, candidate=entry.candidate,
        category=IncidentCategory(one.category), severity=Severity(one.severity), position=one.position,
        description=one.description, happened_at=one.happened_at, recorded_at=one.recorded_at,
        recorded_by=entry.recorder, countersigned_by=entry.witness, countersigned_at=one.countersigned_at,
        blocking=one.blocking, state="open" if entry.open else "resolved", resolution=one.resolution,
        resolved_by=entry.resolver, resolved_at=one.resolved_at,
        evidence=[Evidence(id=f.id, filename=f.filename, media_type=f.media_type, sha256=f.sha256)
                  for f in entry.evidence],
    )  # fmt: skip
