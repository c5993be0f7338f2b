"""The board's pictures the short way and the ordinary one say the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.delivery import direct
from app.models.account import Role, User
from app.models.registration import StaffAssignment
from app.web.board_lane import BoardLane
from app.web.looking import LOOKS_ON, Looking
from proctoring import interventions, snapshot
from tests.factories import people, rooms, theory
from tests.factories.rooms import Room
from tests.web.proctor.test_pages import Visit


@pytest.fixture
def here(store: Flask, session: Session) -> Room:
    store.extensions["store"].flushdb()
    for name in ("volatile", "presence", "gallery", "boards_live", "looking"):
        store.extensions.pop(name, None)
    return rooms.room(session, candidates=3, started=2)


@pytest.fixture
def proctor(store: Flask, session: Session, here: Room) -> Visit:
    return Visit(store, session, here.proctor)


@pytest.fixture
def seen(store: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that reach the framework."""
    found = list[str]()
    real = store.full_dispatch_request

    def noted() -> Any:
        found.append("framework")
        return real()

    monkeypatch.setattr(store, "full_dispatch_request", noted)
    return found


def address(here: Room, what: str = "board?view=1") -> str:
    return f"/api/v1/sessions/{here.session_id}/{what}"


@pytest.mark.parametrize("what", ["board", "board?view=1", "board?view=0", "board/rooms"])
def test_both_ways_answer_alike(
    proctor: Visit, here: Room, seen: list[str], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    short = proctor.client.get(address(here, what), headers=proctor.headers)
    assert seen == []
    marked = {**proctor.headers, "If-None-Match": short.headers["ETag"]}
    same = proctor.client.get(address(here, what), headers=marked)
    assert seen == []
    monkeypatch.setattr(BoardLane, "_shown", lambda *_: None)
    ordinary = proctor.client.get(address(here, what), headers=proctor.headers)
    unchanged = proctor.client.get(address(here, what), headers=marked)
    assert len(seen) == 2
    assert (short.status_code, same.status_code) == (ordinary.status_code, unchanged.status_code) == (200, 304)
    assert short.json == ordinary.json
    assert same.data == unchanged.data == b""
    for ours, theirs in ((short, ordinary), (same, unchanged)):
        names = {name for name, _ in theirs.headers} - {"Date"}  # which the server puts to every answer
        assert {name for name, _ in ours.headers} == names
        assert all(ours.headers[one] == theirs.headers[one] for one in names - {"X-Request-Id"})


def test_the_mark_changes_with_the_picture(proctor: Visit, session: Session, here: Room) -> None:
    first = proctor.client.get(address(here), headers=proctor.headers)
    marked = {**proctor.headers, "If-None-Match": f'W/"other", {first.headers["ETag"]}'}
    assert proctor.client.get(address(here), headers=marked).status_code == 304
    interventions.pause(session, here.actor, here.attempt_ids[0], "why", clock_now())
    session.commit()
    snapshot.forget(here.session_id)
    later = proctor.client.get(address(here), headers=marked)
    assert (later.status_code, later.headers["ETag"] != first.headers["ETag"]) == (200, True)
    assert {one["state"] for one in later.json["candidates"]} == {"paused", "in_progress", "prepared"}


@pytest.mark.parametrize("role", [one for one in Role if one not in (Role.REGISTRAR,)])
def test_whose_board_it_is_not(store: Flask, session: Session, here: Room, role: Role, seen: list[str]) -> None:
    stranger = Visit(store, session, people.user(session, role))
    answer = stranger.client.get(address(here), headers=stranger.headers)
    assert answer.status_code == (404 if role == Role.PROCTOR else 403)
    assert len(seen) == 1
    assert stranger.client.get(address(here)).status_code in (401, 403, 404)


def test_a_log_in_by_cookie_looks_as_well(store: Flask, session: Session, here: Room, seen: list[str]) -> None:
    browser = store.test_client()
    login = people.login(session, here.proctor)
    session.commit()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = str(login.id)
    assert browser.get(address(here)).status_code == 200
    assert seen == []


def test_who_is_taken_off_the_session_sees_it_no_more(
    store: Flask, proctor: Visit, session: Session, here: Room
) -> None:
    moment = [1000.0]
    store.extensions["looking"] = Looking(direct.line(store), lambda: moment[0])
    assert proctor.client.get(address(here), headers=proctor.headers).status_code == 200
    session.execute(delete(StaffAssignment).where(StaffAssignment.user_id == here.proctor.id))
    session.commit()
    moment[0] += LOOKS_ON + 0.01
    assert proctor.client.get(address(here), headers=proctor.headers).status_code == 404


@pytest.mark.parametrize("what", ["board?view=x", "board?view=-1", "board?view=1&view=2", "board?other=1", "board/"])
def test_other_questions_go_the_ordinary_way(proctor: Visit, here: Room, seen: list[str], what: str) -> None:
    proctor.client.get(address(here, what), headers=proctor.headers)
    assert seen == ["framework"]


def test_the_picture_is_whole_json_in_any_language(proctor: Visit, here: Room) -> None:
    answer = proctor.client.get(address(here), headers=proctor.headers)
    assert len(json.loads(answer.data)["candidates"]) == 3
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("what", ["board", "board?view=1", "board?view=999999999", "board/rooms"])
@pytest.mark.parametrize("candidates", [0, 1])
def test_a_view_that_is_not_there_or_a_session_without_seats(
    store: Flask, session: Session, here: Room, seen: list[str], what: str, candidates: int
) -> None:
    exam = theory.theory_session(session, candidates=candidates)
    own = StaffAssignment.session_id == exam.id
    proctor = session.scalars(select(User).join(StaffAssignment, StaffAssignment.user_id == User.id).where(own)).one()
    visit = Visit(store, session, proctor)
    answer = visit.client.get(f"/api/v1/sessions/{exam.id}/{what}", headers=visit.headers)
    assert (answer.status_code, seen) == (200, [])
    if what == "board/rooms":
        assert [one["seats"] for one in answer.json["rooms"]] == [candidates]
    else:
        assert len(answer.json["candidates"]) == candidates
