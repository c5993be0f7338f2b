"""The board and the interventions over the API: the right person, the wrong one, and a store that is gone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.exam import AttemptState
from proctoring.volatile import Volatile
from tests.factories import people, rooms
from tests.factories.absent_store import Gone
from tests.factories.rooms import Room
from tests.web.visits import visitor


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


@pytest.fixture
def here(session: Session) -> Room:
    return rooms.room(session)


@pytest.fixture(autouse=True)
def _fresh_store(app: Flask) -> None:
    app.extensions["store"].flushdb()
    app.extensions.pop("volatile", None)
    app.extensions.pop("presence", None)


def post(client: FlaskClient, head: dict[str, str], attempt_id: int, action: str, **body: Any) -> Any:
    return client.post(f"/api/v1/attempts/{attempt_id}/{action}", json={"reason": "alarm", **body}, headers=head)


def look(client: FlaskClient, here: Room, head: dict[str, str]) -> Any:
    return client.get(f"/api/v1/sessions/{here.session_id}/board", headers=head)


def test_an_intervention_shows_at_once(app: Flask, session: Session, client: FlaskClient, here: Room) -> None:
    head = people.bearer(app, session, here.proctor)
    board = look(client, here, head)
    assert board.status_code == 200
    assert board.json["counts"] == {"in_progress": 2}
    assert look(client, here, {**head, "If-None-Match": board.headers["ETag"]}).status_code == 304
    for action, body, state in (
        ("pause", {}, "paused"), ("resume", {}, "in_progress"), ("extend", {"seconds": 90}, "in_progress"),
        ("void", {}, "voided"),
    ):  # fmt: skip
        answer = post(client, head, here.attempt_ids[0], action, **body)
        assert (answer.status_code, answer.json["state"]) == (200, state), answer.json
        again = look(client, here, {**head, "If-None-Match": board.headers["ETag"]})
        assert again.status_code == 200 or action == "resume"
        if again.status_code == 200:
            places = {one["seat"]: one for one in again.json["candidates"]}
            assert places[1]["state"] == state
            assert places[1]["extra_seconds"] == (90 if action in ("extend", "void") else 0)


def test_the_board_is_for_assigned_proctors_and_registrars(
    app: Flask, session: Session, client: FlaskClient, here: Room
) -> None:
    expected = dict.fromkeys(Role, 403) | {Role.PROCTOR: 404, Role.REGISTRAR: 200}
    for role in Role:
        head = people.bearer(app, session, people.user(session, role))
        assert look(client, here, head).status_code == expected[role]
    assert client.get(f"/api/v1/sessions/{here.session_id}/board").status_code == 401
    head = people.bearer(app, session, here.proctor)
    assert client.get("/api/v1/sessions/999/board", headers=head).status_code == 404


@pytest.mark.parametrize("action", ["pause", "resume", "extend", "void"])
def test_only_a_proctor_on_duty_intervenes(
    app: Flask, session: Session, client: FlaskClient, here: Room, action: str
) -> None:
    body = {"seconds": 60} if action == "extend" else {}
    for role in Role:
        head = people.bearer(app, session, people.user(session, role))
        expected = 404 if role == Role.PROCTOR else 403
        assert post(client, head, here.attempt_ids[0], action, **body).status_code == expected
    rooms.leave(session, here)
    answer = post(client, people.bearer(app, session, here.proctor), here.attempt_ids[0], action, **body)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "not_on_duty")
    assert rooms.state_of(session, here.attempt_ids[0]) == AttemptState.IN_PROGRESS


@pytest.mark.parametrize(
    "action, body",
    [
        ("pause", {"reason": ""}), ("pause", {"reason": "   "}), ("pause", {"reason": "x" * 501}),
        ("pause", {"seconds": 5}), ("void", {"reason": None}), ("extend", {}), ("extend", {"seconds": 0}),
        ("extend", {"seconds": 7201}), ("extend", {"seconds": "60"}), ("extend", {"seconds": 1.5}),
        ("extend", {"seconds": True}),
    ],
)  # fmt: skip
def test_a_bad_body_is_refused_and_changes_nothing(
    app: Flask, session: Session, client: FlaskClient, here: Room, action: str, body: dict[str, Any]
) -> None:
    answer = post(client, people.bearer(app, session, here.proctor), here.attempt_ids[0], action, **body)
    assert answer.status_code == 422
    assert rooms.state_of(session, here.attempt_ids[0]) == AttemptState.IN_PROGRESS


def test_without_the_store_everything_goes_on(app: Flask, session: Session, client: FlaskClient, here: Room) -> None:
    gone = Gone()
    app.extensions["volatile"] = Volatile(gone)
    head = people.bearer(app, session, here.proctor)
    assert post(client, head, here.attempt_ids[0], "pause").status_code == 200
    board = look(client, here, head)
    assert board.json["signs_known"] is False
    assert board.json["counts"] == {"paused": 1, "in_progress": 1}
    assert gone.calls == 1
    app.extensions.pop("volatile")
