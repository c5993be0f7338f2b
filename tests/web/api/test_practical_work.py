"""The candidate's tasks over HTTP: own ones only, counted sounds, truthful answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.models.registration import Seat, SessionState
from app.models.stations import PracticalStation, StationTurn
from app.models.tasks import SeatTask
from tests.factories import desk_tasks, people
from tests.web.visits import visitor

CLIENT = str(uuid4())


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


class Desk:
    def __init__(self, app: Flask, session: Session, client: FlaskClient, seat: Seat) -> None:
        self.client, self.seat = client, seat
        self.headers = people.bearer(app, session, desk_tasks.candidate_of(session, seat))

    def get(self, path: str = "") -> tuple[int, Any]:
        answer = self.client.get(f"/api/v1/practical/tasks{path}", headers=self.headers)
        return answer.status_code, answer.json if answer.is_json else answer.data

    def post(self, path: str, body: object = None) -> tuple[int, Any]:
        answer = self.client.post(f"/api/v1/practical/tasks/{path}", json=body, headers=self.headers)
        return answer.status_code, answer.json

    def enter(self, task: SeatTask, *entries: dict[str, Any], heard: int = 0) -> tuple[int, Any]:
        return self.post(f"{task.id}/entries", {"client": CLIENT, "entries": list(entries), "heard": heard})


@pytest.fixture
def desk(store: Flask, session: Session, client: FlaskClient) -> Desk:
    [seat] = desk_tasks.seats(session, desk_tasks.open_session(session))
    return Desk(store, session, client, seat)


def drawn(session: Session, desk: Desk, kind: str) -> SeatTask:
    task = desk_tasks.drawn(session, desk.seat, kind)
    session.commit()
    return task


def test_a_chat_from_beginning_to_end(session: Session, desk: Desk) -> None:
    task = drawn(session, desk, "chat")
    status, begun = desk.post(f"{task.id}/start")
    assert (status, begun["state"]) == (200, "running")
    assert [turn["who"] for turn in begun["view"]["work"]["turns"]] == ["customer", "customer"]
    said = {"seq": 1, "kind": "say", "data": {"conversation": "c2", "text": "请说新地址。"}}
    status, stored = desk.enter(task, said, heard=2)
    assert (status, stored["acked"]) == (200, 1)
    assert [turn["text"] for turn in stored["turns"]] == ["请说新地址。", "改到西城，谢谢。"]
    assert desk.enter(task, said, heard=4)[1]["turns"] == []
    assert desk.post(f"{task.id}/finish")[1]["state"] == "ended"
    status, over = desk.enter(task, {**said, "seq": 2})
    assert (status, over["error"]["code"]) == (409, "task_over")
    assert desk.enter(task, said)[1]["acked"] == 1


def test_what_a_task_is_about_is_told_when_it_may_be_begun(session: Session, desk: Desk) -> None:
    task = drawn(session, desk, "ticket")
    assert desk.get()[1]["tasks"][0]["title"] == "题目ticket"
    desk.seat.session.state = SessionState.PREPARED
    session.commit()
    [line] = desk.get()[1]["tasks"]
    assert (line["title"], line["may_begin"]) == (None, False)
    assert desk.get(f"/{task.id}")[0] == 404
    assert desk.post(f"{task.id}/start")[1]["error"]["code"] == "session_not_open"


def test_a_turn_holds_back_until_five_minutes_before(session: Session, desk: Desk) -> None:
    task = drawn(session, desk, "ticket")
    station = PracticalStation(session_id=desk.seat.session_id, name="机房甲", slots=["ticket"], places=10)
    session.add(station)
    session.flush()
    turn = StationTurn(
        seat_id=desk.seat.id, slot="ticket", station_id=station.id, place=3, minutes=15,
        starts_at=clock_now() + timedelta(minutes=6),
    )  # fmt: skip
    session.add(turn)
    session.commit()
    [line] = desk.get()[1]["tasks"]
    assert (line["title"], line["station"], line["place"]) == (None, "机房甲", 3)
    assert desk.post(f"{task.id}/start")[1]["error"]["code"] == "task_too_early"
    turn.starts_at -= timedelta(minutes=2)
    session.commit()
    assert desk.post(f"{task.id}/start")[0] == 200


def test_what_is_anothers_does_not_exist(store: Flask, session: Session, desk: Desk, client: FlaskClient) -> None:
    task = drawn(session, desk, "faults")
    desk.post(f"{task.id}/start")
    [seat] = desk_tasks.seats(session, desk_tasks.open_session(session))
    other = Desk(store, session, client, seat)
    assert other.get()[1]["tasks"] == []
    assert other.get(f"/{task.id}")[0] == 404
    for act in ("start", "finish"):
        assert other.post(f"{task.id}/{act}")[0] == 404
    assert other.enter(task)[0] == 404
    assert other.post(f"{task.id}/plays", {"key": str(uuid4())})[0] == 404


def test_a_sound_leaves_once_for_each_play(session: Session, desk: Desk) -> None:
    task = drawn(session, desk, "faults")
    desk.post(f"{task.id}/start")
    wish = {"key": str(uuid4())}
    status, granted = desk.post(f"{task.id}/plays", wish)
    assert (status, granted["plays_left"]) == (200, 1)
    address = granted["url"].removeprefix("/api/v1/practical/tasks")
    assert desk.get(address)[1][:4] == b"RIFF"
    assert desk.get(address)[0] == 409
    assert desk.get(f"/{task.id}/plays/forged")[0] == 404
    assert desk.post(f"{task.id}/plays", wish)[1] == {"plays_left": 1, "url": None}
    desk.post(f"{task.id}/plays", {"key": str(uuid4())})
    status, none = desk.post(f"{task.id}/plays", {"key": str(uuid4())})
    assert (status, none["error"]["code"]) == (409, "plays_used_up")


@pytest.mark.parametrize(
    "entry, code",
    [
        ({"seq": 0, "kind": "values", "data": {}}, "body_invalid"),
        ({"seq": 1, "kind": "values", "data": {}, "points": 7}, "body_invalid"),
        ({"seq": 1, "kind": "values", "data": {"values": {"salary": "1"}}}, "field_unknown"),
        ({"seq": 1, "kind": "values", "data": {"values": {"note": "字" * 8000}}}, "entry_too_large"),
        ({"seq": 1, "kind": "score", "data": {"share": 1}}, "entry_kind_unknown"),
        ({"seq": 1, "kind": "values", "data": {"values": {"name": "\u0000"}}}, "text_unprintable"),
    ],
)
def test_bad_input_is_refused_in_words(session: Session, desk: Desk, entry: dict[str, Any], code: str) -> None:
    task = drawn(session, desk, "ticket")
    desk.post(f"{task.id}/start")
    status, answer = desk.enter(task, entry)
    assert (status, answer["error"]["code"]) == (422, code)
    if code not in ("body_invalid", "text_unprintable"):
        assert answer["error"]["details"]["seq"] == 1


def test_too_much_at_once(session: Session, desk: Desk) -> None:
    task = drawn(session, desk, "ticket")
    desk.post(f"{task.id}/start")
    long = {"kind": "values", "data": {"values": {"note": "字" * 4000}}}
    assert desk.enter(task, *({**long, "seq": seq} for seq in range(1, 40)))[0] == 413


def test_no_answer_holds_a_key(session: Session, desk: Desk) -> None:
    for kind in desk_tasks.BLOCKS:
        drawn(session, desk, kind)
    for entry in desk.get()[1]["tasks"]:
        if entry["attended"]:
            continue
        shown = str(desk.post(f"{entry['id']}/start")[1])
        for secret in ("answer", "resolved_by", "decoys", "best", "traps", "why", "说明时限", "看措施", "我姓周"):
            assert f"'{secret}'" not in shown
        desk.post(f"{entry['id']}/finish")


def test_an_examiner_hears_only_the_own_candidates(
    store: Flask, session: Session, desk: Desk, client: FlaskClient
) -> None:
    from app.models.account import Role
    from app.models.practical import RubricSheet

    task = drawn(session, desk, "faults")
    own, other = (people.user(session, Role.EXAMINER) for _ in range(2))
    session.add(RubricSheet(seat_id=desk.seat.id, examiner_id=own.id, order="first", rubric={}))
    session.flush()
    address = f"/api/v1/practical/tasks/{task.id}/recording"
    assert client.get(address, headers=people.bearer(store, session, own)).data[:4] == b"RIFF"
    assert client.get(address, headers=people.bearer(store, session, other)).status_code == 404


def test_one_computer_at_a_time(session: Session, desk: Desk) -> None:
    task = drawn(session, desk, "ticket")
    desk.post(f"{task.id}/start")
    here, there = str(uuid4()), str(uuid4())

    def beat(computer: str, seq: int, *, take: bool = False) -> tuple[int, Any]:
        entry = {"seq": seq, "kind": "values", "data": {"values": {"name": computer[:8]}}}
        sent = {"client": computer, "computer": computer, "take": take, "entries": [entry]}
        return desk.post(f"{task.id}/entries", sent)

    assert [beat(here, 1, take=True)[0], beat(here, 2)[0], beat(there, 1, take=True)[0]] == [200, 200, 200]
    status, refused = beat(here, 3)
    assert (status, refused["error"]["code"]) == (409, "client_replaced")
    assert desk.get(f"/{task.id}")[1]["view"]["work"]["values"] == {"name": there[:8]}
    assert desk.enter(task, {"seq": 1, "kind": "values", "data": {"values": {"name": "program"}}})[0] == 200
