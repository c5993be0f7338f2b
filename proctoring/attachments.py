"""Files that belong to an incident: checked by their content like any upload, kept as they came, never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.monitoring import Incident, IncidentEvidence
from app.registration.documents import check_content, media_type, plain_name
from app.registration.locks import locked

MOST_FILES = 20


def attach(
    session: Session, actor: Actor, incident: Incident, filename: str, content: bytes, now: datetime
) -> IncidentEvidence:
    """To an incident that the caller found the actor may write about."""
    check_content(content)
    locked(session, Incident, incident.id)
    if incident.resolved_at is not None:
        message = N_("This incident is closed already. Record a new one if there is more to say.")
        raise Refusal("incident_resolved", message, status=409)
    count = select(func.count()).select_from(IncidentEvidence).where(IncidentEvidence.incident_id == incident.id)
    if (session.scalar(count) or 0) >= MOST_FILES:
        message = N_("An incident takes at most %(most)s files. Record what else there is as another one.")
        raise Refusal("evidence_too_much", message, status=409, most=MOST_FILES)
    kept = IncidentEvidence(
        incident_id=incident.id, filename=plain_name(filename), media_type=media_type(content), content=content,
        sha256=sha256(content).hexdigest(), added_by=actor.user_id, added_at=now,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    audit.record(session, "incident:evidence:added", actor, "incident", incident.id, file=kept.id, sha256=kept.sha256)
    return kept


def of_incidents(session: Session, incident_ids: Sequence[int]) -> defaultdict[int, list[IncidentEvidence]]:
    """By incident, without the files themselves."""
    found = defaultdict[int, list[IncidentEvidence]](list)
    query = select(IncidentEvidence).where(IncidentEvidence.incident_id.in_(incident_ids))
    for one in session.scalars(query.order_by(IncidentEvidence.id)):
        found[one.incident_id].append(one)
    return found


def file(session: Session, incident: Incident, evidence_id: int) -> IncidentEvidence:
    found = session.get(IncidentEvidence, evidence_id, options=[undefer(IncidentEvidence.content)])
    if found is None or found.incident_id != incident.id:
        raise NotFound()
    return found
