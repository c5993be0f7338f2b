"""Acts on several, a room or everybody: in force at once, one line for each, and whom it did not fit."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.core.errors import Refusal
from app.delivery import attempts
from app.models.account import Login
from app.models.audit import AuditLine
from app.models.exam import Attempt, AttemptState
from app.models.monitoring import Incident
from app.models.registration import Room as RoomRow
from app.models.registration import Seat
from proctoring import interventions, notices
from proctoring.interventions import Outcome, Wish
from proctoring.notices import runs
from proctoring.targets import Targets
from tests.factories import rooms
from tests.factories.rooms import Room

EVERYBODY = Targets(everybody=True)


def act(session: Session, here: Room, wanted: Targets, action: str, **wish: object) -> list[Outcome]:
    return list(
        interventions.act_on(
            session, here.actor, here.session_id, wanted, Wish(action, str(wish.pop("reason", "alarm")), **wish),
            clock_now(),
        )
    )  # fmt: skip


def test_all_whom_it_fits_and_the_others_are_told(session: Session) -> None:
    here = rooms.room(session, candidates=4, started=3)
    interventions.pause(session, here.actor, here.attempt_ids[1], "unwell", clock_now())
    outcomes = act(session, here, EVERYBODY, "pause")
    assert [one.refusal.code if one.refusal else "" for one in outcomes] == [
        "", "attempt_paused", "", "attempt_not_started",
    ]  # fmt: skip
    states = [rooms.state_of(session, one) for one in here.attempt_ids]
    assert states == ["paused", "paused", "paused", "prepared"]
    lines = session.scalars(select(AuditLine).where(AuditLine.tag == "attempt:paused").order_by(AuditLine.id)).all()
    assert [line.data["reason"] for line in lines] == ["unwell", "alarm", "alarm"]
    whole = session.scalars(select(AuditLine).where(AuditLine.tag == "session:act:pause")).one()
    assert whole.data["seats"] == [[1, 1], [3, 3]]
    assert whole.data["refused"] == {"2": "attempt_paused", "4": "attempt_not_started"}


def test_for_whom_is_said_in_one_way(session: Session) -> None:
    here = rooms.room(session, candidates=2, started=2)
    with pytest.raises(Refusal) as refused:
        act(session, here, Targets(attempts=here.attempt_ids[:1], everybody=True), "pause")
    assert refused.value.code == "targets_mixed"


def test_extra_time_for_a_room_leaves_the_other_rooms_alone(session: Session) -> None:
    here = rooms.room(session, candidates=4)
    session.add(RoomRow(session_id=here.session_id, name="B", first_seat=3, last_seat=4))
    session.flush()
    room = session.scalars(select(RoomRow)).one()
    before = [session.get_one(Attempt, one).deadline for one in here.attempt_ids]
    act(session, here, Targets(room=room.id), "extend", seconds=300)
    session.expire_all()
    after = [session.get_one(Attempt, one).deadline for one in here.attempt_ids]
    moved = [(late - early).total_seconds() for early, late in zip(before, after, strict=True) if early and late]
    assert moved == [0, 0, 300, 300]


def test_a_computer_is_handed_over_to_the_next_log_in(session: Session) -> None:
    here, now = rooms.room(session, candidates=1), clock_now()
    attempt = session.get_one(Attempt, here.attempt_ids[0])
    login, client, user_id = session.get_one(Login, attempt.login_id), attempt.client, attempt.user_id
    act(session, here, Targets(attempts=(attempt.id,)), "hand_over", reason="screen broken")
    session.expire_all()
    assert login.ended_at is not None
    assert attempt.client is None
    assert attempt.seat.code_open_until > now
    newer = Login(user_id=user_id, kind="browser", created_at=now, expires_at=now + timedelta(hours=1))
    session.add(newer)
    session.flush()
    sitter = attempts.Sitter(here.actor.__class__(user_id, "c", "test"), newer.id, newer.created_at)
    again = attempts.start(session, sitter, attempt.id, clock_now())
    assert again.client not in (None, client)
    assert session.scalar(select(Incident.id)) is None, "a proctor wanted it"
    with pytest.raises(Refusal, match="another place"):
        attempts.submit(session, sitter.actor, attempt.id, client or uuid4(), clock_now())


def test_a_proctor_ends_an_exam(session: Session) -> None:
    here = rooms.room(session, candidates=2, started=1)
    outcomes = act(session, here, EVERYBODY, "end", reason="telephone in use")
    assert [one.done for one in outcomes] == [True, False]
    attempt = session.get_one(Attempt, here.attempt_ids[0])
    assert (attempt.state, attempt.closed_how) == (AttemptState.MARKED, "proctor")
    line = session.scalars(select(AuditLine).where(AuditLine.tag == "attempt:expired")).one()
    assert (line.data["how"], line.data["reason"], line.actor_id) == ("proctor", "telephone in use", here.proctor.id)


def test_letting_in_twice_keeps_the_first_time(session: Session) -> None:
    here = rooms.room(session, candidates=2, started=0)
    act(session, here, Targets(seats=(1,)), "let_in")
    first = session.scalars(select(Seat.let_in_at).order_by(Seat.number)).all()
    act(session, here, EVERYBODY, "let_in")
    session.expire_all()
    second = session.scalars(select(Seat.let_in_at).order_by(Seat.number)).all()
    assert first[0] == second[0] is not None
    assert first[1] is None
    assert second[1] is not None


def test_messages_reach_whom_they_are_meant_for(session: Session) -> None:
    here, now = rooms.room(session, candidates=3), clock_now()
    act(session, here, EVERYBODY, "message", text=" ten minutes left ")
    act(session, here, Targets(seats=(1, 3)), "message", text="come to the desk")
    session.expire_all()
    heard = [[one.text for one in notices.of_attempt(session, number)] for number in here.attempt_ids]
    both = ["ten minutes left", "come to the desk"]
    assert heard == [both, both[:1], both]
    assert [session.get_one(Attempt, one).notices for one in here.attempt_ids] == [2, 1, 2]
    assert [one.number for one in notices.of_attempt(session, here.attempt_ids[0], after=1)] == [2]
    notices.mark_seen(session, here.attempt_ids[0], 2, now)
    notices.mark_seen(session, here.attempt_ids[0], 1, now)


@pytest.mark.parametrize(
    "wanted, wish, code",
    [
        (EVERYBODY, Wish("dance", "why"), "action_unknown"), (EVERYBODY, Wish("pause", "  "), "reason_missing"),
        (EVERYBODY, Wish("pause", " \u200b\u2060"), "reason_missing"),
        (EVERYBODY, Wish("extend", "why", 0), "seconds_out_of_range"),
        (Targets(), Wish("pause", "why"), "nobody_chosen"),
        (Targets(attempts=(999,)), Wish("pause", "why"), "target_unknown"),
        (Targets(seats=(1, 99)), Wish("pause", "why"), "target_unknown"),
        (EVERYBODY, Wish("message", "", text=" "), "reason_missing"),
        (EVERYBODY, Wish("message", "why", text="x" * 501), "message_missing"),
    ],
)  # fmt: skip
def test_what_is_refused_as_a_whole(session: Session, wanted: Targets, wish: Wish, code: str) -> None:
    here = rooms.room(session, candidates=1)
    with pytest.raises(Refusal) as refused:
        interventions.act_on(session, here.actor, here.session_id, wanted, wish, clock_now())
    assert refused.value.code == code
    assert rooms.state_of(session, here.attempt_ids[0]) == AttemptState.IN_PROGRESS


def test_a_room_of_elsewhere_is_not_found(session: Session) -> None:
    here, elsewhere = rooms.room(session, candidates=1), rooms.room(session, candidates=1)
    session.add(RoomRow(session_id=elsewhere.session_id, name="A", first_seat=1, last_seat=9))
    session.flush()
    room = session.scalars(select(RoomRow)).one()
    for wanted in (Targets(room=room.id), Targets(attempts=(elsewhere.attempt_ids[0],))):
        with pytest.raises(Refusal):
            act(session, here, wanted, "pause")


@given(st.sets(st.integers(1, 60), max_size=40))
def test_runs_hold_exactly_the_seats(seats: set[int]) -> None:
    found = runs(seats)
    assert {one for first, last in found for one in range(first, last + 1)} == seats
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(found))
