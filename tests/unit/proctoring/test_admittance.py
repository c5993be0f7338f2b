"""What stands before the start, and that nothing of it stands in the way of a running exam."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.core.errors import NotFound, Refusal
from app.delivery import direct
from app.models.audit import AuditLine
from app.models.exam import Attempt
from app.models.integrity import Capture, IntegritySignal
from app.models.monitoring import Incident
from app.models.registration import ExamSession
from proctoring import admittance, captures
from proctoring.admittance import Door
from proctoring.duty import Watcher
from tests.factories import integrity, people, rooms
from tests.factories.rooms import Room


def door(session: Session, room: Room, place: int = 0) -> Door:
    attempt = session.get_one(Attempt, room.attempt_ids[place])
    return admittance.door_of(session, attempt.id, attempt.user_id)


def code(of: Door, *, confirmed: bool = False) -> str | None:
    refusal = of.obstacle(confirmed=confirmed)
    return refusal.code if refusal else None


def answer(session: Session, room: Room, *, given: bool, place: int = 0) -> None:
    attempt = session.get_one(Attempt, room.attempt_ids[place])
    actor = Actor(attempt.user_id, "candidate", "test")
    captures.answer(session, actor, attempt.id, given=given, now=clock_now())


def test_a_session_without_terms_asks_nothing(session: Session) -> None:
    room = rooms.room(session, started=0)
    assert code(door(session, room)) is None
    assert not admittance.asks_anything(direct.line(), room.attempt_ids[0])
    integrity.agreed(session, room.session_id, lockdown="allowed", full_screen=True)
    assert code(door(session, room)) is None
    assert not admittance.asks_anything(direct.line(), room.attempt_ids[0])


def test_a_consent_counts_for_the_pictures_it_was_given_to(session: Session) -> None:
    room = rooms.room(session, started=0)
    integrity.agreed(session, room.session_id, camera=True)
    answer(session, room, given=True)
    assert door(session, room).taking_pictures == ("camera",)
    integrity.agreed(session, room.session_id, camera=True, screen=True)
    assert (door(session, room).taking_pictures, code(door(session, room))) == ((), "consent_missing")
    answer(session, room, given=True)
    assert door(session, room).taking_pictures == ("camera", "screen")


def test_the_lockdown_browser_is_asked_for_before_the_start_alone(session: Session) -> None:
    room = rooms.room(session, started=1)
    integrity.agreed(session, room.session_id, lockdown="required")
    assert admittance.asks_anything(direct.line(), room.attempt_ids[1])
    assert code(door(session, room, 1)) == "lockdown_needed"
    assert code(door(session, room, 1), confirmed=True) is None
    assert code(door(session, room, 0)) is None


def test_a_proctor_lets_one_candidate_begin_without_it(session: Session) -> None:
    room = rooms.room(session, started=0)
    integrity.agreed(session, room.session_id, lockdown="required")
    admittance.waive(session, room.actor, room.attempt_ids[0], "does not start here", clock_now())
    assert code(door(session, room, 0)) is None
    assert code(door(session, room, 1)) == "lockdown_needed"
    with pytest.raises(Refusal, match="already"):
        admittance.waive(session, room.actor, room.attempt_ids[0], "again", clock_now())
    assert session.scalars(select(AuditLine).where(AuditLine.tag == "attempt:lockdown_waived")).one()


def test_only_a_proctor_on_duty_decides(session: Session) -> None:
    room = rooms.room(session, started=0)
    integrity.agreed(session, room.session_id, lockdown="required", camera=True)
    answer(session, room, given=False)
    stranger = people.user(session)
    for decide in (admittance.waive, captures.let_sit):
        with pytest.raises(NotFound):
            decide(session, Actor(stranger.id, "stranger"), room.attempt_ids[0], "why not", clock_now())
        with pytest.raises(Refusal, match="reason"):
            decide(session, room.actor, room.attempt_ids[0], " ", clock_now())


def test_anothers_attempt_does_not_exist(session: Session) -> None:
    room = rooms.room(session)
    with pytest.raises(NotFound):
        admittance.door_of(session, room.attempt_ids[0], room.proctor.id)


def test_pictures_need_an_answer_and_a_refusal_a_decision(session: Session) -> None:
    room = rooms.room(session, started=0)
    integrity.agreed(session, room.session_id, camera=True)
    assert code(door(session, room)) == "consent_missing"
    answer(session, room, given=True)
    assert code(door(session, room)) is None
    answer(session, room, given=False)
    assert code(door(session, room)) == "consent_undecided"
    incident = session.scalars(select(Incident)).one()
    assert (incident.blocking, incident.resolved_at) == (False, None)
    captures.let_sit(session, room.actor, room.attempt_ids[0], "is watched more closely", clock_now())
    assert code(door(session, room)) is None
    assert door(session, room).taking_pictures == ()
    assert incident.resolution == "is watched more closely"
    with pytest.raises(Refusal) as refused:
        captures.let_sit(session, room.actor, room.attempt_ids[0], "twice", clock_now())
    assert refused.value.code == "nothing_to_decide"


def test_agreeing_after_all_settles_the_incident(session: Session) -> None:
    room = rooms.room(session, started=0)
    integrity.agreed(session, room.session_id, camera=True)
    answer(session, room, given=False)
    answer(session, room, given=True)
    assert session.scalars(select(Incident)).one().resolved_at is not None
    assert door(session, room).taking_pictures == ("camera",)


def test_taking_consent_back_ends_the_pictures_and_not_the_exam(session: Session) -> None:
    room = rooms.room(session)
    integrity.agreed(session, room.session_id, camera=True)
    answer(session, room, given=True)
    user = session.get_one(Attempt, room.attempt_ids[0]).user_id
    captures.expected(session, user, room.attempt_ids[0], "camera")
    answer(session, room, given=False)
    assert code(door(session, room)) is None
    assert [one.kind for one in session.scalars(select(IntegritySignal))] == ["consent"]
    with pytest.raises(Refusal) as refused:
        captures.expected(session, user, room.attempt_ids[0], "camera")
    assert refused.value.code == "capture_unwanted"


def test_no_picture_sooner_or_of_another_kind_than_agreed(session: Session) -> None:
    room = rooms.room(session)
    integrity.agreed(session, room.session_id, camera=True)
    answer(session, room, given=True)
    attempt = session.get_one(Attempt, room.attempt_ids[0])
    captures.keep(session, attempt.id, "camera", integrity.picture(), clock_now())
    for kind, wanted in (("camera", "capture_too_soon"), ("screen", "capture_unwanted")):
        with pytest.raises(Refusal) as refused:
            captures.expected(session, attempt.user_id, attempt.id, kind)
        assert refused.value.code == wanted


def test_looks_are_logged(session: Session) -> None:
    room = rooms.room(session)
    captures.keep(session, room.attempt_ids[0], "camera", integrity.picture(), clock_now())
    shown, total = captures.sheet(session, room.actor, room.attempt_ids[0], 1)
    assert (len(shown), total) == (1, 1)
    watcher = Watcher(room.actor)
    captures.content(session, watcher, shown[0].id, logged=True)
    captures.content(session, watcher, shown[0].id, logged=False)
    tags = session.scalars(select(AuditLine.tag).where(AuditLine.tag.startswith("capture:")).order_by(AuditLine.id))
    assert list(tags) == ["capture:sheet_seen", "capture:seen"]
    stranger = Watcher(Actor(people.user(session).id, "stranger"))
    with pytest.raises(NotFound):
        captures.content(session, stranger, shown[0].id, logged=False)


@pytest.mark.parametrize("days, open_incident, left", [(29, False, 1), (31, False, 0), (31, True, 1)])
def test_pictures_go_in_time_unless_an_incident_is_open(
    session: Session, days: int, open_incident: bool, left: int
) -> None:
    room, now = rooms.room(session), clock_now()
    integrity.agreed(session, room.session_id, camera=True, keep_days=30)
    captures.keep(session, room.attempt_ids[0], "camera", integrity.picture(), now)
    assert captures.remove_due(session, now + timedelta(days=1000)) == 0, "not before the release"
    session.get_one(ExamSession, room.session_id).released_at = now
    if open_incident:
        seat = session.get_one(Attempt, room.attempt_ids[0]).seat_id
        session.add(Incident(session_id=room.session_id, seat_id=seat, category="other", description="?"))
    session.flush()
    captures.remove_due(session, now + timedelta(days=days))
    assert len(session.scalars(select(Capture.id)).all()) == left
