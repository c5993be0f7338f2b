"""Recording irregularities and settling them."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.core.errors import Refusal
from app.models.audit import AuditLine
from proctoring import incidents
from proctoring.duty import Watcher
from proctoring.incidents import Report
from tests.factories import rooms

REGISTRAR = Watcher(Actor(None, "registrar"), registrar=True)
SEEN = Report("misconduct", "a telephone under the table", blocking=True, seat=1)


def test_recorded_listed_and_resolved(session: Session) -> None:
    here = rooms.room(session)
    watcher = Watcher(here.actor)
    recorded = incidents.record(session, watcher, here.session_id, SEEN, clock_now())
    incidents.record(session, watcher, here.session_id, Report("technical", "light out", blocking=False), clock_now())
    assert [(one.seat, one.open) for one in incidents.of_session(session, here.session_id)] == [(1, True), (None, True)]
    incidents.resolve(session, watcher, recorded.id, "it was switched off", clock_now())
    entries = incidents.of_session(session, here.session_id)
    assert [(one.seat, one.open, one.recorder, one.resolver) for one in entries] == [
        (None, True, here.proctor.name, ""), (1, False, here.proctor.name, here.proctor.name),
    ]  # fmt: skip
    assert entries[1].incident.resolution == "it was switched off"
    tags = session.scalars(select(AuditLine.tag).where(AuditLine.subject == "incident").order_by(AuditLine.id)).all()
    assert tags == ["incident:recorded", "incident:recorded", "incident:resolved"]


def test_a_registrar_settles_what_a_proctor_who_left_recorded(session: Session) -> None:
    here = rooms.room(session)
    recorded = incidents.record(session, Watcher(here.actor), here.session_id, SEEN, clock_now())
    rooms.leave(session, here)
    with pytest.raises(Refusal) as refused:
        incidents.resolve(session, Watcher(here.actor), recorded.id, "fine", clock_now())
    assert refused.value.code == "not_on_duty"
    incidents.resolve(session, REGISTRAR, recorded.id, "nothing was on it", clock_now())
    with pytest.raises(Refusal) as refused:
        incidents.resolve(session, REGISTRAR, recorded.id, "again", clock_now())
    assert refused.value.code == "incident_resolved"


def test_a_stranger_finds_nothing(session: Session) -> None:
    here, elsewhere = rooms.room(session), rooms.room(session)
    recorded = incidents.record(session, Watcher(here.actor), here.session_id, SEEN, clock_now())
    for refusing in (
        lambda: incidents.record(session, Watcher(elsewhere.actor), here.session_id, SEEN, clock_now()),
        lambda: incidents.resolve(session, Watcher(elsewhere.actor), recorded.id, "no", clock_now()),
        lambda: incidents.resolve(session, REGISTRAR, recorded.id + 1, "no", clock_now()),
        lambda: incidents.record(session, REGISTRAR, here.session_id + 100, SEEN, clock_now()),
    ):
        with pytest.raises(Refusal) as refused:
            refusing()
        assert refused.value.status == 404


@pytest.mark.parametrize(
    "report, code",
    [
        (Report("gossip", "x", blocking=False), "category_unknown"),
        (Report("other", "  ", blocking=False), "description_missing"),
        (Report("other", "x" * 2001, blocking=False), "description_missing"),
        (Report("other", "x", blocking=False, seat=99), "seat_unknown"),
    ],
)
def test_what_cannot_be_recorded(session: Session, report: Report, code: str) -> None:
    here = rooms.room(session, candidates=1)
    with pytest.raises(Refusal) as refused:
        incidents.record(session, Watcher(here.actor), here.session_id, report, clock_now())
    assert refused.value.code == code
    assert not incidents.of_session(session, here.session_id)
