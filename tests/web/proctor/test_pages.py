"""What a proctor does on the screen, without any script."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models.account import Role, User
from app.models.exam import Attempt, AttemptState
from app.models.monitoring import Incident
from app.models.registration import StaffAssignment
from tests.factories import people, rooms
from tests.factories.rooms import Room
from tests.web.visits import visitor


class Visit:
    """One person at the screen."""

    def __init__(self, app: Flask, session: Session, person: User) -> None:
        self.client = visitor(app)
        self.headers = {**people.bearer(app, session, person), "Accept-Language": "en"}

    def see(self, address: str) -> str:
        answer = self.client.get(address, headers=self.headers)
        assert answer.status_code == 200
        return answer.text

    def send(self, address: str, **form: object) -> TestResponse:
        return self.client.post(address, data=form, headers=self.headers)


@pytest.fixture
def here(store: Flask, session: Session) -> Room:
    store.extensions["store"].flushdb()
    return rooms.room(session)


@pytest.fixture
def proctor(store: Flask, session: Session, here: Room) -> Visit:
    return Visit(store, session, here.proctor)


def test_the_room_shows_everybody(proctor: Visit, session: Session, here: Room) -> None:
    assert "Check out" in proctor.see("/rooms/")
    room = proctor.see(f"/rooms/{here.session_id}")
    assert room.count('class="tile"') == 2
    assert "0 of 90" in room


def test_checking_out_warns_and_takes_the_say(proctor: Visit, session: Session, here: Room) -> None:
    assert proctor.send(f"/rooms/{here.session_id}/check-out").status_code == 303
    assert "0 proctors are present and 1 are needed" in proctor.see("/rooms/")
    seat = f"/rooms/{here.session_id}/seats/1"
    assert "Check in first" in proctor.see(seat)
    refused = proctor.send(f"{seat}/pause", **{"pause-attempt": here.attempt_ids[0], "pause-reason": "why"})
    assert refused.status_code == 409
    proctor.send(f"/rooms/{here.session_id}/check-in")
    session.expire_all()
    assert session.scalars(select(StaffAssignment).where(StaffAssignment.user_id == here.proctor.id)).one().present


def test_pause_extend_resume_void(proctor: Visit, session: Session, here: Room) -> None:
    seat, attempt_id = f"/rooms/{here.session_id}/seats/1", here.attempt_ids[0]
    for action, extra, state in (
        ("pause", {}, AttemptState.PAUSED), ("extend", {"extend-minutes": 5}, AttemptState.PAUSED),
        ("resume", {}, AttemptState.IN_PROGRESS), ("void", {"void-sure": "y"}, AttemptState.VOIDED),
    ):  # fmt: skip
        data = {f"{action}-attempt": attempt_id, f"{action}-reason": "the light went out", **extra}
        assert proctor.send(f"{seat}/{action}", **data).status_code == 303
        assert rooms.state_of(session, attempt_id) == state
        assert "the light went out" in proctor.see(seat)
    assert session.get_one(Attempt, attempt_id).extra_seconds == 300


@pytest.mark.parametrize(
    "action, data",
    [
        ("pause", {"reason": ""}), ("extend", {"reason": "x", "minutes": "121"}), ("extend", {"reason": "x"}),
        ("extend", {"reason": "x", "minutes": "five"}), ("void", {"reason": "x"}), ("resume", {"reason": "x"}),
    ],
)  # fmt: skip
def test_a_form_that_does_not_fit_comes_back_as_typed(
    proctor: Visit, session: Session, here: Room, action: str, data: dict[str, str]
) -> None:
    seat, attempt_id = f"/rooms/{here.session_id}/seats/1", here.attempt_ids[0]
    typed = {f"{action}-{name}": value for name, value in data.items()}
    answer = proctor.send(f"{seat}/{action}", **{f"{action}-attempt": attempt_id, **typed})
    assert answer.status_code in (409, 422)
    assert rooms.state_of(session, attempt_id) == AttemptState.IN_PROGRESS
    if action != "resume":  # nothing to resume: its form is not on the page
        assert data["reason"] in answer.text
        assert 'class="error"' in answer.text


@pytest.mark.parametrize("attempt", ["", "x", "0", "99999", "9" * 40, "²"])
def test_an_attempt_of_elsewhere_is_not_found(proctor: Visit, session: Session, here: Room, attempt: str) -> None:
    seat = f"/rooms/{here.session_id}/seats/1"
    data = {"pause-attempt": attempt, "pause-reason": "why"}
    assert proctor.send(f"{seat}/pause", **data).status_code == 404
    data["pause-attempt"] = str(here.attempt_ids[1])
    assert proctor.send(f"{seat}/pause", **data).status_code == 404


def test_incidents_are_recorded_and_resolved(proctor: Visit, session: Session, here: Room) -> None:
    page = f"/rooms/{here.session_id}/incidents"
    said = {"seat": 2, "category": "misconduct", "description": "<b>a note</b>", "blocking": "y"}
    assert proctor.send(page, **said).status_code == 303
    assert "&lt;b&gt;a note&lt;/b&gt;" in proctor.see(page)
    assert "Open incident" in proctor.see(f"/rooms/{here.session_id}")
    incident = session.scalars(select(Incident)).one()
    resolve = f"/rooms/incidents/{incident.id}/resolve"
    assert proctor.send(resolve, **{f"i{incident.id}-resolution": ""}).status_code == 422
    assert proctor.send(resolve, **{f"i{incident.id}-resolution": "a shopping list"}).status_code == 303
    assert "a shopping list" in proctor.see(page)
    assert proctor.send(resolve, **{f"i{incident.id}-resolution": "again"}).status_code == 409


@pytest.mark.parametrize(
    "said", [{"seat": 77}, {"category": "gossip"}, {"description": ""}, {"description": "x" * 2001}]
)
def test_a_report_that_does_not_fit_is_not_kept(
    proctor: Visit, session: Session, here: Room, said: dict[str, object]
) -> None:
    page = f"/rooms/{here.session_id}/incidents"
    answer = proctor.send(page, **{"seat": 0, "category": "other", "description": "x", **said})
    assert answer.status_code == 422
    assert session.scalar(select(Incident.id)) is None


def test_who_may_see_the_room(store: Flask, session: Session, here: Room) -> None:
    paths = [f"/rooms/{here.session_id}{rest}" for rest in ("", "/seats/1", "/incidents", "/seats/1/photo")]
    for role in Role:
        visit = Visit(store, session, people.user(session, role))
        expected = {Role.REGISTRAR: [200, 200, 200, 404], Role.PROCTOR: [404] * 4}.get(role, [403] * 4)
        found = [visit.client.get(path, headers=visit.headers).status_code for path in paths]
        assert found == expected, role
    assert visitor(store).get(paths[0]).status_code == 302
