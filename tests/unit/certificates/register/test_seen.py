"""Reading ahead saves questions and changes no answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.models.account import Role
from app.models.monitoring import Incident
from app.models.registration import Application, Conflict, Document, Part, Seat
from certificates.register import revocation
from certificates.register.dossier import dossier_of
from certificates.register.grounds import Ground
from certificates.register.seen import see
from tests.factories import certificates as factory
from tests.factories import people

PASTS = st.sampled_from(["none", "standing", "revoked", "ended", "incident", "tie", "no document", "one part", "own"])


def with_past(session: Session, past: str, registrar: Any) -> Application:
    applied = factory.application(session)
    factory.result(session, applied, Part.THEORY, "78")
    if past != "one part":
        factory.result(session, applied, Part.PRACTICAL, "59.5" if past == "none" else "80")
    if past in ("standing", "revoked", "ended"):
        made = factory.issuing.issue(session, factory.REGISTRAR, applied.id, now(), factory.choice())
        if past == "revoked":
            revocation.revoke(session, factory.REGISTRAR, made.serial, "x", now(), ground=Ground.FALSE_EVIDENCE)
    elif past == "incident":
        seat = session.scalars(select(Seat).where(Seat.application_id == applied.id)).first()
        assert seat
        session.add(Incident(session_id=seat.session_id, seat_id=seat.id, category="misconduct", description="x"))
    elif past == "tie":
        session.add(Conflict(examiner_id=registrar.id, candidate_id=applied.candidate_id, tie="kin"))
    elif past == "no document":
        for paper in session.scalars(select(Document).where(Document.application_id == applied.id)):
            session.delete(paper)
    elif past == "own":
        applied.candidate.user_id = registrar.id
    session.flush()
    return applied


@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(PASTS, min_size=1, max_size=4), st.booleans())
def test_the_same_with_and_without(session: Session, pasts: list[str], by_shell: bool) -> None:
    registrar = people.user(session, Role.REGISTRAR)
    pasts = ["tie" if past == "own" and pasts.index("own") != place else past for place, past in enumerate(pasts)]
    applied = [with_past(session, past, registrar) for past in pasts]
    actor = factory.REGISTRAR if by_shell else Actor(registrar.id, registrar.name)
    later = now() + timedelta(days=1)
    seen = see(session, applied, [actor.user_id])
    for one in applied:
        with_it = dossier_of(session, actor, one, later, factory.choice(), seen)
        without = dossier_of(session, actor, one, later, factory.choice())
        assert (with_it.facts, with_it.place) == (without.facts, without.place)
        assert with_it.reasons() == without.reasons()


def test_nobody_is_asked_about_who_has_no_past(session: Session) -> None:
    applied = [factory.passed(session) for _ in range(3)]
    seen = see(session, applied, [None])
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    for one in applied:
        assert dossier_of(session, factory.REGISTRAR, one, now(), factory.choice(), seen).reasons() == ()
    assert [one for one in asked if "clock_timestamp" not in one] == []
