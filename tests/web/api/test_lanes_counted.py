"""What the short ways answer is counted among all requests, each once, under the pattern of its address."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY
from sqlalchemy.orm import Session

from app.core.db import db
from tests.factories import rooms, rooms_of_session, theory
from tests.web.api.test_attempts import Seat, one
from tests.web.api.test_starting_lane import Browser
from tests.web.proctor.test_pages import Visit

ATTEMPT, SESSION = "/api/v1/attempts/<id:attempt_id>", "/api/v1/sessions/<id:session_id>"


def counted(route: str, status: str = "200") -> float:
    return REGISTRY.get_sample_value("exam_requests_total", {"route": route, "status": status}) or 0.0


def timed() -> float:
    return REGISTRY.get_sample_value("exam_request_seconds_count") or 0.0


@pytest.fixture
def lanes_only(store: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """From when it is called on, nothing reaches the framework."""

    def shut() -> None:
        monkeypatch.setattr(store, "full_dispatch_request", lambda: pytest.fail("not answered in front of it"))

    return shut


def test_saves_and_hand_ins(store: Flask, lanes_only: Any) -> None:
    with store.app_context():
        (sitting,) = theory.open_sitting(db.session(), hold=0)
    seat = Seat(store, sitting)
    seat.start()
    lanes_only()
    saves, hand_ins, all_of_them = counted(f"{ATTEMPT}/changes"), counted(f"{ATTEMPT}/submit"), timed()
    assert seat.change(one(1, 1, "T")).status_code == seat.change().status_code == seat.submit().status_code == 200
    assert (counted(f"{ATTEMPT}/changes"), counted(f"{ATTEMPT}/submit")) == (saves + 2, hand_ins + 1)
    assert timed() == all_of_them + 3


def test_starts_and_looks_at_the_lobby(store: Flask, lanes_only: Any) -> None:
    with store.test_request_context():
        here = rooms_of_session.divided(db.session(), candidates=1, size=0)
    browser = Browser(store, here)
    lanes_only()
    before = [counted(f"{ATTEMPT}/lobby"), counted(f"{ATTEMPT}/lobby", "304"), counted(f"{ATTEMPT}/start")]
    browser.lobby(**{"If-None-Match": browser.lobby().headers["ETag"]})
    assert browser.start().status_code == 200
    after = [counted(f"{ATTEMPT}/lobby"), counted(f"{ATTEMPT}/lobby", "304"), counted(f"{ATTEMPT}/start")]
    assert after == [one + 1 for one in before]


def test_looks_at_the_board(store: Flask, session: Session, lanes_only: Any) -> None:
    for name in ("volatile", "presence", "gallery", "boards_live", "looking"):
        store.extensions.pop(name, None)
    here = rooms.room(session, candidates=1)
    proctor = Visit(store, session, here.proctor)
    lanes_only()
    board, client = f"{SESSION}/board", proctor.client
    before = [counted(board), counted(board, "304"), counted(f"{board}/rooms")]
    path = f"/api/v1/sessions/{here.session_id}/board"
    shown = client.get(path, headers=proctor.headers)
    assert client.get(path, headers={**proctor.headers, "If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert client.get(f"{path}/rooms", headers=proctor.headers).status_code == 200
    assert [counted(board), counted(board, "304"), counted(f"{board}/rooms")] == [one + 1 for one in before]


def test_what_the_framework_answers_is_counted_once_as_ever(store: Flask, client: FlaskClient) -> None:
    before = counted(f"{ATTEMPT}/changes", "401")
    assert client.post("/api/v1/attempts/1/changes", json={}).status_code == 401
    assert counted(f"{ATTEMPT}/changes", "401") == before + 1
