"""Handing in the short way and the ordinary one say the same, and refuse the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from app.core.db import db
from app.web.hand_in_lane import HandInLane
from app.web.saving_lane import SavingLane
from tests.factories import theory
from tests.web.api.test_attempts import Seat, code, one


@pytest.fixture
def seats(store: Flask) -> list[Seat]:
    with store.app_context():
        sittings = theory.open_sitting(db.session(), candidates=2, hold=0)
    made = [Seat(store, sitting) for sitting in sittings]
    for seat in made:
        seat.start()
        seat.change(one(1, 1, "T"), one(2, 2))
    return made


def counted(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that reach the framework."""
    seen: list[str] = []
    real = seat.app.full_dispatch_request

    def noted() -> Any:
        seen.append("framework")
        return real()

    monkeypatch.setattr(seat.app, "full_dispatch_request", noted)
    return seen


def ordinarily(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Past the lane."""
    with monkeypatch.context() as patch:
        patch.setattr(HandInLane, "_done", lambda *_: None)
        return seat.submit()


def test_a_hand_in_needs_no_framework_and_a_second_one_does(seats: list[Seat], monkeypatch: pytest.MonkeyPatch) -> None:
    seat = seats[0]
    assert isinstance(seat.app.wsgi_app, SavingLane)
    seen = counted(seat, monkeypatch)
    first = seat.submit()
    assert (first.status_code, first.json["state"], first.json["answered"], seen) == (200, "submitted", 1, [])
    second = seat.submit()
    assert seen == ["framework"]
    assert {**second.json, "server_time": 0} == {**first.json, "server_time": 0}


def test_both_ways_answer_alike(seats: list[Seat], monkeypatch: pytest.MonkeyPatch) -> None:
    short, ordinary = seats[0].submit(), ordinarily(seats[1], monkeypatch)
    assert short.status_code == ordinary.status_code == 200
    assert list(json.loads(short.data)) == list(json.loads(ordinary.data))
    same = ("state", "answered")
    assert [short.json[name] for name in same] == [ordinary.json[name] for name in same]
    ours, theirs = ({name for name, _ in answer.headers} for answer in (short, ordinary))
    assert ours >= theirs - {"X-Request-Id", "Vary"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"client": "nobody"}, "body_invalid"), ({}, "body_invalid"), ({"client": None, "more": 1}, "body_invalid"),
        ({"client": "7a3fa3d2-6a36-4c1c-9d3c-9a1f5f0a2d11"}, "client_replaced"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_why(seats: list[Seat], body: dict[str, Any], expected: str) -> None:
    answer = seats[0].http.post(
        f"/api/v1/attempts/{seats[0].sitting.attempt_id}/submit", json=body, headers=seats[0].headers
    )
    assert answer.json["error"]["code"] == expected


def test_nobody_hands_in_for_another(seats: list[Seat]) -> None:
    one_seat, other = seats
    answer = one_seat.http.post(
        f"/api/v1/attempts/{other.sitting.attempt_id}/submit", json={"client": other.client}, headers=one_seat.headers
    )
    assert code(answer) == (404, "not_found")
    assert other.change(one(3, 1, "F")).status_code == 200


def test_a_log_in_that_ended_hands_nothing_in(seats: list[Seat]) -> None:
    seat, before = seats[0], (seats[0].headers, seats[0].client)
    seat.log_in()
    seat.start()
    seat.headers, seat.client = before
    assert code(seat.submit()) == (409, "client_replaced")


def test_the_page_hands_in_by_its_cookie_only_with_its_token(seats: list[Seat]) -> None:
    """A form on somebody else's page carries the cookie, and nothing else."""
    seat = seats[0]
    with seat.http.session_transaction() as cookie:
        cookie["_user_id"], cookie["csrf_token"] = str(seat.login_id), "word"
    path = f"/api/v1/attempts/{seat.sitting.attempt_id}/submit"
    refused = seat.http.post(path, json={"client": seat.client})
    assert refused.status_code in (400, 403)
    assert seat.change(one(3, 1, "F")).status_code == 200
