"""What an exam room asks of an incident: kind, gravity, time, item, evidence, and a second pair of eyes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.core.errors import NotFound, Refusal
from app.models.monitoring import Incident, IncidentCategory
from proctoring import attachments, incidents
from proctoring.duty import Watcher
from proctoring.incidents import Report
from tests.factories import applicants, desk, rooms
from tests.factories.rooms import Room


@pytest.fixture
def here(session: Session) -> Room:
    return rooms.room(session, candidates=2, started=1)


def recorded(session: Session, here: Room, report: Report) -> Incident:
    return incidents.record(session, Watcher(here.actor), here.session_id, report, clock_now())


def test_every_kind_can_be_recorded(session: Session, here: Room) -> None:
    for kind in IncidentCategory:
        recorded(session, here, Report(kind, "seen", blocking=False, seat=1))
    assert len(incidents.of_session(session, here.session_id)) == len(IncidentCategory)


@pytest.mark.parametrize(
    "values, code",
    [
        ({"severity": "grave"}, "severity_unknown"), ({"room": 1}, "room_unknown"),
        ({"happened_at": timedelta(minutes=5)}, "happened_out_of_range"),
        ({"happened_at": timedelta(days=-3)}, "happened_out_of_range"),
        ({"position": 3}, "position_unfitting"),
        ({"category": "paper", "position": 3, "seat": None}, "position_unfitting"),
        ({"category": "paper", "position": 91}, "position_unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(session: Session, here: Room, values: dict[str, object], code: str) -> None:
    when = values.get("happened_at")
    given = {"category": "other", "seat": 1, **values}
    if isinstance(when, timedelta):
        given["happened_at"] = clock_now() + when
    with pytest.raises(Refusal) as refused:
        recorded(session, here, Report(description="seen", blocking=False, **given))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_serious_one_needs_a_second_proctor(session: Session, here: Room) -> None:
    other = desk.second_proctor(session, here)
    mild = recorded(session, here, Report("talking", "to the left", blocking=False, seat=1))
    grave = recorded(session, here, Report("phone", "in the sleeve", blocking=True, seat=1, severity="serious"))
    assert [one.wants_witness for one in incidents.of_session(session, here.session_id)] == [True, False]
    for incident, actor, code in (
        (grave, here.actor, "own_incident"), (mild, desk.actor(other), "nothing_to_countersign"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            incidents.countersign(session, actor, incident.id, clock_now())
        assert refused.value.code == code
    incidents.countersign(session, desk.actor(other), grave.id, clock_now())
    entry = incidents.of_session(session, here.session_id)[0]
    assert (entry.witness, entry.wants_witness) == (other.name, False)
    with pytest.raises(Refusal):
        incidents.countersign(session, desk.actor(other), grave.id, clock_now())
    elsewhere = rooms.room(session, candidates=1)
    with pytest.raises(NotFound):
        incidents.countersign(session, elsewhere.actor, grave.id, clock_now())


def test_evidence_is_checked_by_its_content_and_kept_for_good(session: Session, here: Room) -> None:
    one = recorded(session, here, Report("notes", "on the desk", blocking=True, seat=1))
    for content, code in ((b"", "document_empty"), (b"MZ\x90", "document_unreadable")):
        with pytest.raises(Refusal) as refused:
            attachments.attach(session, here.actor, one, "x.jpg", content, clock_now())
        assert refused.value.code == code
    kept = attachments.attach(session, here.actor, one, "../desk.jpg", applicants.picture(), clock_now())
    session.commit()
    (entry,) = incidents.of_session(session, here.session_id)
    assert [(file.filename, file.media_type) for file in entry.evidence] == [("desk.jpg", "image/jpeg")]
    assert attachments.file(session, one, kept.id).content == applicants.picture()
    other = recorded(session, here, Report("other", "else", blocking=False))
    with pytest.raises(NotFound):
        attachments.file(session, other, kept.id)
    incidents.resolve(session, Watcher(here.actor), one.id, "his own notes of yesterday", clock_now())
    with pytest.raises(Refusal) as refused:
        attachments.attach(session, here.actor, one, "y.jpg", applicants.picture(), clock_now())
    assert refused.value.code == "incident_resolved"
    session.commit()
    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(text("DELETE FROM incident_evidence"))
    session.rollback()
