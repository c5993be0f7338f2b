"""Handing in the short way and the ordinary one say the same, and refuse the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import db
from app.models.account import Login, Role, User
from app.models.exam import Attempt
from app.models.registration import ExamSession
from app.web import access, attempt_token
from app.web.hand_in_lane import HandInLane
from app.web.saving_lane import SavingLane
from proctoring import addresses
from tests.factories import theory
from tests.factories.times import now
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


@dataclass(frozen=True)
class Case:
    """How a candidate stands who hands in."""

    state: str
    login: str
    role: Role | None
    client: str
    token: str
    hold: int
    left: timedelta


MINUTE = timedelta(minutes=1)
CASES = st.builds(
    Case,
    state=st.sampled_from(["in_progress", "in_progress", "in_progress", "prepared", "paused", "voided"]),
    login=st.sampled_from(["stands", "stands", "ended", "expired", "account closed", "of another attempt", "newer"]),
    role=st.sampled_from([Role.CANDIDATE, Role.CANDIDATE, Role.CANDIDATE, *Role, None]),
    client=st.sampled_from(["own", "own", "own", "other"]),
    token=st.sampled_from(["attempt", "log-in"]),
    hold=st.sampled_from([0, 0, 30]),
    left=st.sampled_from([60 * MINUTE, 60 * MINUTE, timedelta(seconds=-1), -60 * MINUTE]),
)


def arrange(seat: Seat, other: Seat, case: Case) -> None:
    """The rows as the case says, an attempt that nobody has closed yet."""
    session, moment = db.session(), now()
    session.execute(sa.delete(Login).where(Login.id.not_in([seat.login_id, other.login_id])))
    user, login = session.get_one(User, seat.sitting.user_id), session.get_one(Login, seat.login_id)
    user.active = case.login != "account closed"
    login.ended_at = moment if case.login == "ended" else None
    login.expires_at = moment + (-MINUTE if case.login == "expired" else 60 * MINUTE)
    login.attempt_id = other.sitting.attempt_id if case.login == "of another attempt" else None
    session.execute(sa.text("DELETE FROM role_grant WHERE user_id = :user"), {"user": user.id})
    if case.role:
        session.execute(sa.text("INSERT INTO role_grant VALUES (:user, :role)"), {"user": user.id, "role": case.role})
    session.get_one(ExamSession, seat.sitting.session_id).hold_minutes = case.hold
    begun = case.state != "prepared"
    values = {
        "state": case.state, "client": seat.client if begun else None, "submitted_at": None, "closed_how": "",
        "login_id": (other.login_id if case.login == "newer" else seat.login_id) if begun else None,
        "started_at": moment - 10 * MINUTE if begun else None, "deadline": moment + case.left if begun else None,
        "paused_at": moment if case.state == "paused" else None, "marked_at": None, "marks_by_row": None, "score": None,
    }  # fmt: skip
    session.execute(sa.update(Attempt).where(Attempt.id == seat.sitting.attempt_id).values(values))
    session.commit()


@given(case=CASES)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_short_way_closes_nothing_that_the_ordinary_one_would_refuse(seats: list[Seat], case: Case) -> None:
    seat, other = seats
    tokens = tokens_of(seat)
    said = []
    for shortly in (True, False):
        with seat.app.app_context():
            arrange(seat, other, case)
        with pytest.MonkeyPatch.context() as patch:
            if not shortly:
                patch.setattr(HandInLane, "_done", lambda *_: None)
            client = seat.client if case.client == "own" else "7a3fa3d2-6a36-4c1c-9d3c-9a1f5f0a2d11"
            path = f"/api/v1/attempts/{seat.sitting.attempt_id}/submit"
            answer: Any = seat.http.post(path, json={"client": client}, headers=tokens[case.token])
        with seat.app.app_context():
            row = db.session.get_one(Attempt, seat.sitting.attempt_id)
            closed = row.state in ("submitted", "marked")
        said.append((answer.status_code, (answer.json.get("error") or {}).get("code"), closed))
    assert said[0] == said[1]


def tokens_of(seat: Seat) -> dict[str, dict[str, str]]:
    """The log-in's own, and that of the attempt which it runs by."""
    with seat.app.test_request_context():
        row = db.session.get_one(Attempt, seat.sitting.attempt_id)
        row.state, row.client, row.login_id = "in_progress", UUID(seat.client), seat.login_id
        of_attempt = attempt_token.issue(row, seat.app.config["SECRET_KEY"])
        db.session.rollback()
        of_login = access.signed_token(seat.login_id)
    return {"attempt": {"Authorization": f"Bearer {of_attempt}"}, "log-in": {"Authorization": f"Bearer {of_login}"}}


def test_where_it_was_handed_in_from_is_noticed(seats: list[Seat]) -> None:
    seat, path = seats[0], f"/api/v1/attempts/{seats[0].sitting.attempt_id}/submit"
    addresses.of_app(seat.app).pass_on()
    there = {"REMOTE_ADDR": "192.0.2.77"}
    answer = seat.http.post(path, json={"client": seat.client}, headers=seat.headers, environ_base=there)
    assert answer.status_code == 200
    assert addresses.of_app(seat.app)._waiting[seat.sitting.attempt_id] == "192.0.2.77"
