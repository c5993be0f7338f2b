"""The board on the screen and over the API: several at once, messages, lost time, all rooms."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.models.account import Role, User
from app.models.exam import Attempt
from app.models.registration import Room as SeatRoom
from app.models.watching import ConnectionGap
from tests.factories import people, rooms
from tests.factories.rooms import Room
from tests.web.proctor.test_pages import Visit


@pytest.fixture
def here(store: Flask, session: Session) -> Room:
    store.extensions["store"].flushdb()
    return rooms.room(session, candidates=3, started=2)


@pytest.fixture
def proctor(store: Flask, session: Session, here: Room) -> Visit:
    return Visit(store, session, here.proctor)


def test_several_at_once_and_whom_it_does_not_fit(proctor: Visit, session: Session, here: Room) -> None:
    page = f"/rooms/{here.session_id}"
    sent = proctor.send(f"{page}/act", view=1, target="view", action="pause", reason="fire alarm")
    assert sent.status_code == 303
    assert [rooms.state_of(session, one) for one in here.attempt_ids] == ["paused", "paused", "prepared"]
    shown = proctor.see(page)
    assert "2 exams are paused" in shown
    assert "Not done at seat 3" in shown
    assert 'value="fire alarm"' in shown, "the reason is there for the next press"
    proctor.send(f"{page}/act", view=1, target="chosen", seat=[2], action="resume", reason="over")
    assert [rooms.state_of(session, one) for one in here.attempt_ids] == ["paused", "in_progress", "prepared"]
    for wrong in (
        {"action": "pause", "reason": ""}, {"action": "dance", "reason": "x"}, {"action": "end", "reason": "x"},
        {"action": "extend", "reason": "x", "minutes": "500"}, {"action": "pause", "reason": "x", "target": "chosen"},
        {"action": "message", "reason": "", "text": ""},
    ):  # fmt: skip
        answer = proctor.send(f"{page}/act", **{"view": 1, "target": "view", **wrong})
        assert answer.status_code == 303
        assert "notice error" in proctor.see(page), wrong
    assert [rooms.state_of(session, one) for one in here.attempt_ids] == ["paused", "in_progress", "prepared"]


def test_a_message_reaches_the_candidate_and_only_their_own(
    store: Flask, proctor: Visit, session: Session, here: Room
) -> None:
    body = {"action": "message", "text": "ten minutes left", "attempts": [here.attempt_ids[0]]}
    address = f"/api/v1/sessions/{here.session_id}/interventions"
    answer = proctor.client.post(address, json=body, headers=proctor.headers)
    assert (answer.status_code, answer.json["done"]) == (200, 1)
    owners = [session.get_one(Attempt, one).user_id for one in here.attempt_ids[:2]]
    heads = [people.bearer(store, session, session.get_one(User, one)) for one in owners]
    notices = f"/api/v1/attempts/{here.attempt_ids[0]}/notices"
    heard = proctor.client.get(notices, headers=heads[0]).json["notices"]
    assert [(one["number"], one["text"]) for one in heard] == [(1, "ten minutes left")]
    assert proctor.client.get(f"{notices}?after=1", headers=heads[0]).json == {"notices": []}
    assert proctor.client.get(notices, headers=heads[1]).status_code == 404
    assert "ten minutes left" in proctor.see(f"/rooms/{here.session_id}/seats/1")


def test_every_act_at_the_seat(proctor: Visit, session: Session, here: Room) -> None:
    seat, attempt = f"/rooms/{here.session_id}/seats", here.attempt_ids
    for number, action, extra in (
        (3, "let_in", {}), (1, "message", {}), (1, "hand_over", {}), (1, "end", {"end-sure": "y"}),
    ):  # fmt: skip
        data = {f"{action}-attempt": attempt[number - 1], f"{action}-reason": "because of it", **extra}
        assert proctor.send(f"{seat}/{number}/{action}", **data).status_code == 303, action
        proctor.see(f"{seat}/{number}")
    assert rooms.state_of(session, attempt[0]) == "marked"
    assert "Ended by the proctor" in proctor.see(f"{seat}/1")


def test_lost_time_is_shown_and_given_back_once(proctor: Visit, session: Session, here: Room) -> None:
    session.execute(update(Attempt).where(Attempt.started_at.is_not(None)).values(
        started_at=Attempt.started_at - timedelta(hours=1)))  # fmt: skip
    start = clock_now() - timedelta(minutes=10)
    session.add(ConnectionGap(attempt_id=here.attempt_ids[0], from_at=start, until_at=start + timedelta(minutes=2),
                              source="signs"))  # fmt: skip
    session.commit()
    before = session.get_one(Attempt, here.attempt_ids[0]).deadline
    address = f"/rooms/{here.session_id}/lost-time"
    page = proctor.see(address)
    assert "no sign of life at the server" in page
    hidden = dict(re.findall(r'type="hidden" name="(start|end)" value="([^"]+)"', page))
    form = {**hidden, "give": here.attempt_ids[0], f"seconds-{here.attempt_ids[0]}": "120"}
    assert proctor.send(address, **form, reason="").status_code == 422
    assert proctor.send(address, **{**form, f"seconds-{here.attempt_ids[0]}": "many"}, reason="x").status_code == 422
    assert proctor.send(address, **form, reason="switch broken").status_code == 303
    session.expire_all()
    after = session.get_one(Attempt, here.attempt_ids[0]).deadline
    assert before is not None
    assert after == before + timedelta(seconds=120)
    assert proctor.send(address, **form, reason="switch broken").status_code == 409
    assert proctor.see(f"{address}?start=x&end=y")
    assert "120 s given" in proctor.see(f"/rooms/{here.session_id}/seats/1")


def test_lost_time_of_a_room_is_looked_at_and_given_there_alone(proctor: Visit, session: Session, here: Room) -> None:
    session.execute(update(Attempt).where(Attempt.started_at.is_not(None)).values(
        started_at=Attempt.started_at - timedelta(hours=1)))  # fmt: skip
    start = clock_now() - timedelta(minutes=10)
    until = start + timedelta(minutes=2)
    gaps = [ConnectionGap(attempt_id=one, from_at=start, until_at=until, source="signs") for one in here.attempt_ids]
    part = {"session_id": here.session_id, "gate_code": ""}
    session.add_all([*gaps, SeatRoom(**part, name="01", first_seat=1, last_seat=1)])
    session.add(SeatRoom(**part, name="02", first_seat=2, last_seat=3))
    session.commit()
    address = f"/rooms/{here.session_id}/lost-time"
    whole, room = proctor.see(address), proctor.see(f"{address}?view=2")
    offered = re.compile(r'name="give" value="(\d+)"')
    assert offered.findall(whole) == [str(one) for one in here.attempt_ids[:2]]
    assert offered.findall(room) == [str(here.attempt_ids[1])]
    assert "Room 02" in room
    assert f'{address}?view=2"' in proctor.see(f"/rooms/{here.session_id}?view=2")
    form = dict(re.findall(r'type="hidden" name="(start|end|view)" value="([^"]+)"', room))
    given = {"give": here.attempt_ids[1], f"seconds-{here.attempt_ids[1]}": "120"}
    sent = proctor.send(address, **form, **given, reason="switch broken")
    assert sent.location.endswith(f"/rooms/{here.session_id}?view=2"), "back in the room"


def test_a_window_that_reaches_into_the_future_is_shown_up_to_now(proctor: Visit, here: Room) -> None:
    """So that a silence that goes on is not given once more by pressing again."""
    start, now = (clock_now().astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(minutes=by) for by in (-10, 0))
    typed = {"start": f"{start:%Y-%m-%dT%H:%M:%S}", "end": f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"}
    page = proctor.see(f"/rooms/{here.session_id}/lost-time?{urlencode(typed)}")
    shown = re.findall(r'<input[^>]*name="end"[^>]*value="([^"]+)"', page)
    assert shown
    assert all(f"{now:%Y-%m-%dT%H:%M}" <= one < typed["end"][:16] for one in shown)


def test_all_rooms_and_who_has_left(store: Flask, proctor: Visit, session: Session, here: Room) -> None:
    proctor.send(f"/rooms/{here.session_id}/check-out")
    assert f"{here.proctor.name} left at" in proctor.see(f"/rooms/{here.session_id}")
    registrar = Visit(store, session, people.user(session, Role.REGISTRAR))
    assert "0 / 1" in registrar.see(f"/rooms/{here.session_id}/all")
    rooms_now = registrar.client.get(f"/api/v1/sessions/{here.session_id}/board/rooms", headers=registrar.headers)
    assert [(one["seats"], one["waiting"], one["running"]) for one in rooms_now.json["rooms"]] == [(3, 1, 2)]


def test_a_log_in_that_ended_sees_no_board(store: Flask, proctor: Visit, session: Session, here: Room) -> None:
    address = f"/api/v1/sessions/{here.session_id}/board?view=1"
    assert proctor.client.get(address, headers=proctor.headers).status_code == 200
    assert proctor.client.delete("/api/v1/tokens/current", headers=proctor.headers).status_code < 300
    store.extensions.pop("looking", None)  # what a process remembers for a few seconds
    assert proctor.client.get(address, headers=proctor.headers).status_code == 401
