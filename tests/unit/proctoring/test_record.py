"""The record of a room: true to what happened, fixed by its first signature, another version for what changes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.core.errors import NotFound, Refusal
from app.delivery import attempts
from app.models.account import Role
from app.models.audit import AuditLine
from app.models.exam import Attempt
from app.models.registration import StaffAssignment, StaffRole
from app.models.room_record import RoomRecord
from app.models.watching import Compensation, ConnectionGap, Notice
from app.registration import roster
from app.registration.rooms import divide
from proctoring import attendance, incidents, interventions, record
from proctoring.attendance import Check
from proctoring.duty import Watcher
from proctoring.incidents import Report
from proctoring.interventions import Wish
from proctoring.place import place_of
from proctoring.record_content import content_of, digest
from tests.factories import desk, people, rooms, theory
from tests.factories.people import PASSWORD
from tests.factories.rooms import Room


@pytest.fixture
def here(session: Session) -> Room:
    return desk.over(session)


def state(session: Session, here: Room) -> record.Sheet:
    session.expire_all()
    return record.sheet(session, desk.place(session, here), clock_now())


def sign(session: Session, here: Room, who: object = None, password: str = PASSWORD, sha256: str = "") -> RoomRecord:
    actor = desk.actor(who) if who else here.actor  # type: ignore[arg-type]
    sha256 = sha256 or state(session, here).sha256
    fixed, _ = record.sign(session, actor, desk.place(session, here), password, sha256, clock_now())
    session.commit()
    return fixed


def test_everything_of_the_room_is_told(session: Session) -> None:
    here = rooms.room(session, candidates=4, started=2)
    first, second = here.attempt_ids[:2]
    now, noon = clock_now(), clock_now() + timedelta(hours=1)
    attendance.check(session, here.actor, here.session_id, 1, Check(), now)
    attendance.check(session, here.actor, here.session_id, 2, Check("doubtful", note="a scar"), noon)
    attendance.mark_absent(session, here.actor, here.session_id, [3], now)
    for action, seconds in (("pause", 0), ("resume", 0), ("extend", 300)):
        interventions.act(session, here.actor, first, Wish(action, f"why {action}", seconds), now)
    interventions.act(session, here.actor, second, Wish("extend", "the network was gone", 60), now)
    session.add_all([
        Compensation(attempt_id=second, from_at=now - timedelta(minutes=2), until_at=now, measured=60,
                     seconds=60, evidence=[], reason="the network was gone",
                     decided_by=here.proctor.id, decided_at=now),
        ConnectionGap(attempt_id=second, from_at=now, until_at=now + timedelta(seconds=70), source="signs"),
        Notice(session_id=here.session_id, number=1, first_seat=1, last_seat=4, text="The fire alarm was a test",
               sent_by=here.proctor.id, sent_at=now),
    ])  # fmt: skip
    report = Report("paper", "the picture is missing", False, 1, position=7, happened_at=now - timedelta(minutes=3))
    incidents.record(session, Watcher(here.actor), here.session_id, report, now)
    record.remark(session, here.actor, desk.place(session, here), "28 °C in the room", now)
    session.flush()
    told = content_of(session, desk.place(session, here))
    assert told["candidates"] == {
        "expected": 4, "present": 2, "late": [[2, told["candidates"]["late"][0][1]]],
        "absent": [[3, told["candidates"]["absent"][0][1]]],
        "doubtful": [[2, told["candidates"]["late"][0][1], "a scar"]], "different": [],
        "unchecked": [[4, told["candidates"]["unchecked"][0][1], False]],
    }  # fmt: skip
    done = [(one["seat"], one["what"], one["seconds"], one["reason"]) for one in told["interventions"]]
    assert sorted(done) == [
        (1, "attempt:extended", 300, "why extend"), (1, "attempt:paused", 0, "why pause"),
        (1, "attempt:resumed", 0, "why resume"), (2, "attempt:compensated", 60, "the network was gone"),
    ]  # fmt: skip
    assert told["silences"] == [{"seat": 2, "times": 1, "seconds": 70, "longest": 70}]
    assert [one["text"] for one in told["messages"]] == ["The fire alarm was a test"]
    assert [(one["category"], one["position"], one["seat"]) for one in told["incidents"]] == [("paper", 7, 1)]
    assert [text for _, _, text in told["remarks"]] == ["28 °C in the room"]
    assert told["closing"] == {"running": 2, "unused": 2}
    assert json.loads(json.dumps(told)) == told


def test_a_room_has_not_ended_with_the_first_who_hands_in(session: Session) -> None:
    here = rooms.room(session, candidates=2)
    attempt = session.get_one(Attempt, here.attempt_ids[0])
    assert attempt.client is not None
    attempts.submit(session, Actor(attempt.user_id, "", "test"), attempt.id, attempt.client, clock_now())
    session.commit()
    told = content_of(session, desk.place(session, here))
    assert told["ended"] is None
    assert told["staff"]["people"] == [], "their times stand there once it is over"


def test_two_proctors_sign_and_closing_the_session_changes_nothing(session: Session) -> None:
    here = desk.over(session)
    other = desk.second_proctor(session, here)
    first = state(session, here)
    assert (first.state, first.version, len(first.missing)) == ("unsigned", 1, 2)
    assert first.content["closing"] == {"submitted": 2, "unused": 1}
    assert first.content["staff"]["breaches"] == []
    assert len(first.content["staff"]["people"]) == 2
    fixed = sign(session, here)
    assert (fixed.version, fixed.sha256, state(session, here).state) == (1, digest(fixed.content), "signing")
    roster.mark_left(session, theory.REGISTRAR, here.session_id, here.proctor.id, clock_now())
    session.commit()
    assert sign(session, here, other).id == fixed.id
    assert sign(session, here, other).id == fixed.id, "twice is once"
    done = state(session, here)
    assert (done.state, done.missing, [one.name for one in done.signatures]) == (
        "signed", (), [here.proctor.name, other.name],
    )  # fmt: skip
    lines = session.scalars(select(AuditLine).where(AuditLine.tag == "record:signed")).all()
    assert [line.data["sha256"] for line in lines] == [fixed.sha256] * 2


def test_what_changes_afterwards_makes_a_new_version_and_keeps_the_old(session: Session, here: Room) -> None:
    report = Report("phone", "rang", blocking=True, seat=1, severity="serious")
    rang = incidents.record(session, Watcher(here.actor), here.session_id, report, clock_now())
    session.commit()
    old = sign(session, here)
    incidents.resolve(session, Watcher(theory.REGISTRAR, registrar=True), rang.id, "it was the clock", clock_now())
    session.commit()
    assert state(session, here).state == "signed", "how it was settled later is the registrar's business"
    record.remark(session, here.actor, desk.place(session, here), "one pen was left", clock_now())
    session.commit()
    changed = state(session, here)
    assert (changed.state, changed.version, len(changed.missing)) == ("changed", 2, 1)
    assert changed.content["incidents"][0]["resolution"] == "it was the clock"
    with pytest.raises(Refusal) as refused:
        sign(session, here, sha256=old.sha256)
    assert refused.value.code == "record_changed"
    new = sign(session, here)
    assert (new.version, state(session, here).state) == (2, "signed")
    kept = record.version_of(session, desk.place(session, here), 1)
    assert (kept.sha256, kept.content["remarks"], len(kept.signatures)) == (old.sha256, [], 1)
    with pytest.raises(NotFound):
        record.version_of(session, desk.place(session, here), 3)


def test_who_may_sign_and_when(session: Session, here: Room) -> None:
    with pytest.raises(Refusal) as refused:
        sign(session, here, password="not this one")
    assert refused.value.code == "password_wrong"
    stranger = people.user(session, Role.PROCTOR)
    with pytest.raises(NotFound):
        sign(session, here, stranger)
    running = rooms.room(session, candidates=1)
    with pytest.raises(Refusal) as refused:
        sign(session, running)
    assert refused.value.code == "record_running"
    assert not session.scalars(select(RoomRecord)).all()


def test_only_who_was_in_the_room_signs(session: Session, here: Room) -> None:
    never = people.user(session, Role.PROCTOR)
    session.add(StaffAssignment(session_id=here.session_id, user_id=never.id, role=StaffRole.PROCTOR))
    session.commit()
    with pytest.raises(Refusal) as refused:
        sign(session, here, never)
    assert refused.value.code == "not_in_room"
    assert not session.scalars(select(RoomRecord)).all(), "nothing is fixed by it either"


def test_where_nobody_came_the_closing_ends_the_room(session: Session) -> None:
    here = rooms.room(session, candidates=2, started=0)
    place = desk.place(session, here)
    assert not record.is_over(session, place, clock_now() + timedelta(minutes=40))
    desk.close(session, here)
    told = state(session, here)
    assert (told.state, [one[0] for one in told.content["staff"]["people"]]) == ("unsigned", [here.proctor.id])


def test_extra_time_equal_to_a_compensation_stands_beside_it(session: Session) -> None:
    here = rooms.room(session, candidates=1, started=1)
    for _ in range(2):
        interventions.act(session, here.actor, here.attempt_ids[0], Wish("extend", "the network", 60), clock_now())
    given = Compensation(attempt_id=here.attempt_ids[0], from_at=clock_now() - timedelta(minutes=2),
                         until_at=clock_now(), measured=60, seconds=60, evidence=[], reason="the network",
                         decided_by=here.proctor.id, decided_at=clock_now())  # fmt: skip
    session.add(given)
    session.flush()
    told = content_of(session, desk.place(session, here))["interventions"]
    assert sorted(one["what"] for one in told) == ["attempt:compensated", "attempt:extended"]


def test_an_open_session_whose_room_is_done_can_be_signed(session: Session) -> None:
    here = rooms.room(session, candidates=2, started=1)
    place = desk.place(session, here)
    assert not record.is_over(session, place, clock_now())
    assert not record.is_over(session, place, clock_now() + timedelta(minutes=40))
    session.execute(sa.text("UPDATE attempt SET state = 'marked', closed_how = 'deadline', submitted_at = now()"
                            " WHERE state = 'in_progress'"))  # fmt: skip
    assert record.is_over(session, place, clock_now() + timedelta(minutes=40))
    assert not record.is_over(session, place, clock_now()), "somebody may still come"


def test_each_room_has_its_own_record(session: Session) -> None:
    exam = theory.theory_session(session, candidates=4)
    first, second = divide(session, theory.REGISTRAR, exam.id, size=2)
    registrar = Watcher(theory.REGISTRAR, registrar=True)
    for seat, room in ((1, None), (3, None), (None, first.id), (None, None)):
        report = Report("other", f"{seat} {bool(room)}", False, seat, room=room)
        incidents.record(session, registrar, exam.id, report, clock_now())
    told = {}
    for room in (first, second):
        content = content_of(session, place_of(session, registrar, exam.id, room.id))
        told[room.id] = [one["description"] for one in content["incidents"]]
        assert (content["room"], content["seats"]) == (room.name, [room.first_seat, room.last_seat])
        assert content["candidates"]["expected"] == 2
    assert told == {first.id: ["1 False", "None True", "None False"], second.id: ["3 False", "None False"]}
    with pytest.raises(NotFound):
        place_of(session, registrar, exam.id, 10**6)


@pytest.mark.parametrize("statement", [
    "UPDATE room_record SET content = '{}'", "DELETE FROM room_record", "UPDATE record_signature SET name = 'x'",
    "DELETE FROM record_signature",
])  # fmt: skip
def test_the_database_refuses_to_change_what_was_signed(session: Session, here: Room, statement: str) -> None:
    sign(session, here)
    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(text(statement))
    session.rollback()


def test_a_gap_in_the_watch_is_in_the_record(session: Session) -> None:
    here = rooms.room(session, candidates=2, started=1)
    rooms.leave(session, here)
    session.execute(sa.text("UPDATE attempt SET state = 'marked', closed_how = 'deadline',"
                            " submitted_at = now() + interval '30 minutes' WHERE started_at IS NOT NULL"))  # fmt: skip
    desk.close(session, here)
    told = state(session, here).content["staff"]
    (gap,) = told["breaches"]
    assert (gap[2], told["need"], gap[1]) == (0, 1, state(session, here).content["ended"])
    assert told["people"][0][3] == gap[0], "the moment the proctor left"
