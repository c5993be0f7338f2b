"""The short way and the ordinary one say the same, to the byte and the header."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import db
from app.models.account import User
from app.models.exam import Attempt
from app.web import attempt_token
from app.web.saving_lane import SavingLane
from tests.factories import theory
from tests.web.api.test_attempts import Seat, code, one

NOISY = re.compile(rb'"(acked|receipt|server_time)":("[^"]*"|\d+)')


@pytest.fixture
def seat(store: Flask) -> Seat:
    with store.app_context():
        (sitting,) = theory.open_sitting(db.session())
    made = Seat(store, sitting)
    answer = made.start()
    made.headers = {"Authorization": f"Bearer {answer.json['token']}"}
    return made


@pytest.fixture
def lane(store: Flask) -> SavingLane:
    found = store.wsgi_app
    assert isinstance(found, SavingLane)
    return found


def told(answer: Any) -> list[Any]:
    """Its headers but the number that each logged request gets."""
    return sorted(pair for pair in answer.headers if pair[0] != "X-Request-Id")


def ordinarily(seat: Seat, lane: SavingLane, **request: Any) -> Any:
    """The same request, past the lane."""
    seat.app.wsgi_app = lane._ordinary  # type: ignore[method-assign]
    try:
        return seat.http.post(f"/api/v1/attempts/{seat.sitting.attempt_id}/changes", **request)
    finally:
        seat.app.wsgi_app = lane  # type: ignore[assignment, method-assign]


def shortly(seat: Seat, **request: Any) -> Any:
    return seat.http.post(f"/api/v1/attempts/{seat.sitting.attempt_id}/changes", **request)


def counted(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that reach the framework."""
    seen: list[str] = []
    monkeypatch.setattr(seat.app, "full_dispatch_request", _noting(seat.app.full_dispatch_request, seen))
    return seen


def _noting(function: Any, seen: list[str]) -> Any:
    def noted() -> Any:
        seen.append("framework")
        return function()

    return noted


@pytest.mark.parametrize("kind", ["attempt's token", "log-in's token"])
def test_a_change_needs_no_framework(seat: Seat, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "log-in's token":
        seat.log_in()
        seat.start()
    seen = counted(seat, monkeypatch)
    assert seat.change(one(1, 1, "T")).json["acked"] == 1
    assert seat.change().json["acked"] == 1
    assert seat.post("changes", client=seat.client, changes=[one(2, 1, "F")], waiting=3, lag=1.5).json["acked"] == 2
    assert seen == []
    assert seat.change(one(2, 1, "F")).status_code == 200  # sent again: the ordinary way knows
    assert seen == ["framework"]


def test_both_ways_answer_alike(seat: Seat, lane: SavingLane) -> None:
    first = shortly(seat, headers=seat.headers, json={"client": seat.client, "changes": [one(1, 1, "T")]})
    second = ordinarily(seat, lane, headers=seat.headers, json={"client": seat.client, "changes": [one(2, 1, "F")]})
    assert told(first) == told(second)
    assert {name for name, _ in first.headers} == {name for name, _ in second.headers}  # each its own number too
    assert NOISY.sub(rb"", first.data) == NOISY.sub(rb"", second.data)


BAD = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"\\ud800"',
    b'{"client": 1, "changes": []}',
    b'{"client": "x", "changes": []}',
    b'{"changes": []}',
    b'{"client": "CLIENT"}',
    b'{"client": "CLIENT", "changes": null}',
    b'{"client": "CLIENT", "changes": [], "more": 1}',
    b'{"client": "CLIENT", "changes": [], "waiting": -1}',
    b'{"client": "CLIENT", "changes": [], "waiting": null}',
    b'{"client": "CLIENT", "changes": [], "lag": 1e99}',
    b'{"client": "CLIENT", "changes": [], "lag": NaN}',
    b'{"client": "CLIENT", "changes": [{"seq": 1.5, "position": 1, "answer": ["T"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": "1", "position": 1, "answer": ["T"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": true, "position": 1, "answer": ["T"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 99999999999999999999, "position": 1, "answer": ["T"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 0, "position": 1, "answer": ["T"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 1, "position": 0, "answer": ["T"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 1, "position": 91, "answer": ["T"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 1, "position": 1, "answer": "T"}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 1, "position": 1, "answer": [1]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 1, "position": 1, "answer": ["\\u0000"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 1, "position": 1, "answer": ["\\ud800"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 1, "position": 1, "answer": ["\xff"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 1, "position": 1, "answer": ["A"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 1, "position": 21, "answer": ["A", "B"]}]}',
    b'{"client": "CLIENT", "changes": [{"seq": 1, "position": 1, "answer": ["T"], "flagged": 1}]}',
    b'{"client":"CLIENT","changes":[{"seq":2,"position":1,"answer":[]},{"seq":2,"position":2,"answer":[]}]}',
    b'{"client": "CLIENT", "changes": [' + b",".join([b"1"] * 501) + b"]}",
    b'{"client": "OTHER", "changes": [{"seq": 1, "position": 1, "answer": ["T"]}]}',
    b"[" * 30_000,
]


@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
def test_what_is_refused_is_refused_in_the_same_words(seat: Seat, lane: SavingLane, body: bytes) -> None:
    body = body.replace(b"CLIENT", seat.client.encode()).replace(b"OTHER", str(uuid4()).encode())
    request = {"headers": seat.headers, "data": body, "content_type": "application/json"}
    short, ordinary = shortly(seat, **request), ordinarily(seat, lane, **request)
    assert short.status_code == ordinary.status_code >= 400
    assert (short.data, told(short)) == (ordinary.data, told(ordinary))


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 200)
    | st.floats()
    | st.sampled_from(["T", "F", "A", "x" * 4001, "\x00"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
change = st.fixed_dictionaries(
    {"seq": st.integers(1, 5) | values, "position": st.integers(1, 95) | values, "answer": st.just(["T"]) | values},
    optional={"flagged": values, "more": values},
)


@given(
    sent=st.lists(change, max_size=3) | values, more=st.dictionaries(st.sampled_from(["waiting", "lag", "x"]), values)
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_lane_takes_the_ordinary_way_takes(seat: Seat, lane: SavingLane, sent: Any, more: Any) -> None:
    """Whatever is sent, the answer of the ordinary way comes after it: a replay where the lane stored it."""
    body = json.dumps({"client": seat.client, "changes": sent, **more})
    request = {"headers": seat.headers, "data": body, "content_type": "application/json"}
    short, ordinary = shortly(seat, **request), ordinarily(seat, lane, **request)
    if short.status_code == 200:
        assert (ordinary.status_code, ordinary.json["acked"]) == (200, short.json["acked"])
    else:
        assert (short.status_code, short.data) == (ordinary.status_code, ordinary.data)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded", ""]
)
def test_only_json_is_read(seat: Seat, lane: SavingLane, content_type: str) -> None:
    body = json.dumps({"client": seat.client, "changes": [one(1, 1, "T")]})
    request = {"headers": seat.headers, "data": body, "content_type": content_type}
    short, ordinary = shortly(seat, **request), ordinarily(seat, lane, **request)
    assert (short.status_code == 200) == (ordinary.status_code == 200)
    assert short.status_code == ordinary.status_code


def test_a_token_opens_its_own_attempt_only(store: Flask, seat: Seat) -> None:
    with store.app_context():
        (other,) = theory.open_sitting(db.session())
    mine = seat.sitting
    seat.sitting = other
    assert code(seat.change(one(1, 1, "T"))) == (401, "login_required")
    assert code(seat.post("submit", client=seat.client)) == (401, "login_required")
    assert seat.http.get("/api/v1/attempts", headers=seat.headers).status_code == 401
    assert seat.http.get(f"/exam/{mine.attempt_id}", headers=seat.headers).status_code in (302, 401)
    seat.sitting = mine
    assert seat.change(one(1, 1, "T")).status_code == 200
    assert seat.submit().status_code == 200


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_token_altered_anywhere_says_nothing(store: Flask, seat: Seat, place: float, bit: int) -> None:
    token = seat.headers["Authorization"].removeprefix("Bearer ")
    at = int(place * len(token))
    forged = token[:at] + chr(ord(token[at]) ^ 1 << bit) + token[at + 1 :]
    assert attempt_token.read(token, store.config["SECRET_KEY"]) is not None
    assert attempt_token.read(forged, store.config["SECRET_KEY"]) is None
    assert attempt_token.read(token, "another secret than ours") is None
    assert attempt_token.read(token + "=", store.config["SECRET_KEY"]) is None


@given(st.text(max_size=200))
@settings(deadline=None)
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert attempt_token.read(text, "a secret") is None
    assert attempt_token.read(attempt_token.MARK + text, "a secret") is None


def test_only_a_running_attempt_has_a_token(store: Flask, seat: Seat) -> None:
    with store.app_context():
        attempt = db.session.get_one(Attempt, seat.sitting.attempt_id)
        attempt.client = None
        with pytest.raises(ValueError, match="no token"):
            attempt_token.issue(attempt, store.config["SECRET_KEY"])


def test_a_closed_account_saves_nothing_more(store: Flask, seat: Seat) -> None:
    assert seat.change(one(1, 1, "T")).status_code == 200
    with store.app_context():
        db.session.get_one(User, seat.sitting.user_id).active = False
        db.session.commit()
    assert code(seat.change(one(2, 1, "F"))) == (401, "login_required")
    assert code(seat.change()) == (401, "login_required")


def test_a_log_in_that_stands_again_goes_on_with_a_new_client(store: Flask, seat: Seat) -> None:
    with store.app_context():
        person = db.session.get_one(User, seat.sitting.user_id)
        person.active = False
        db.session.commit()
        person.active = True
        db.session.commit()
    before = seat.client
    assert code(seat.change(one(1, 1, "T"))) == (409, "client_replaced")
    again = seat.start()
    assert again.json["client"] not in (None, before)
    seat.headers = {"Authorization": f"Bearer {again.json['token']}"}
    assert seat.change(one(1, 1, "T")).status_code == 200


def test_a_message_is_announced_with_the_next_save(seat: Seat) -> None:
    assert seat.change(one(1, 1, "T")).json["notice"] == 0
    seat.move(notices=2)
    assert seat.change(one(2, 1, "T")).json["notice"] == 2
    assert seat.change().json["notice"] == 2
    assert seat.change(one(2, 1, "T")).json["notice"] == 2
    assert seat.start().json["notice"] == 2
