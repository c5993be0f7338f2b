"""From the ticket to the first question through the API, and what such a log-in never reaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.core.clock import now
from app.core.db import db
from app.core.errors import Refusal
from app.models.account import Role, User
from app.models.audit import AuditLine
from app.models.exam import Attempt
from app.models.registration import ExamSession, Room
from app.web import gate_tries, limits
from app.web.api import admissions
from tests.factories import people, rooms_of_session
from tests.factories.rooms_of_session import Divided, Holder


@pytest.fixture
def here(store: Flask) -> Divided:
    with store.app_context():
        found = rooms_of_session.divided(db.session(), candidates=2, size=1)
        db.session.expunge_all()
        return found


@pytest.fixture
def proctor(store: Flask, here: Divided) -> dict[str, str]:
    with store.test_request_context():
        return people.bearer(store, db.session(), db.session.get_one(User, here.proctor.id))


def admitted(client: FlaskClient, holder: Holder) -> dict[str, str]:
    answer = client.post("/api/v1/admissions", json=holder.typed)
    assert answer.status_code == 200, answer.text
    assert set(answer.json) == {"token", "attempt"}
    assert answer.json["attempt"] == holder.attempt_id
    return {"Authorization": f"Bearer {answer.json['token']}"}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["error"]["code"]


def start(client: FlaskClient, holder: Holder, headers: dict[str, str], **body: str) -> Any:
    return client.post(f"/api/v1/attempts/{holder.attempt_id}/start", json=body or None, headers=headers)


def lobby(client: FlaskClient, holder: Holder, headers: dict[str, str]) -> Any:
    return client.get(f"/api/v1/attempts/{holder.attempt_id}/lobby", headers=headers)


def test_ticket_lobby_room_gate_paper(
    store: Flask, client: FlaskClient, here: Divided, proctor: dict[str, str]
) -> None:
    holder = here.holders[0]
    mine = admitted(client, holder)
    waiting = lobby(client, holder, mine)
    assert (waiting.json["may_start"], waiting.json["gated"], waiting.json["room"]) == (False, True, "01")
    assert code(start(client, holder, mine, gate_code="000000")) == (409, "room_not_open")

    opened = client.post(f"/api/v1/rooms/{here.rooms[0].id}/open", headers=proctor)
    gate = opened.json["gate_code"]
    store.extensions.pop("lobby")  # a process looks once a second; here a second has passed
    seen = lobby(client, holder, mine)
    assert seen.json["may_start"]
    assert seen.headers["ETag"] != waiting.headers["ETag"]
    again = client.get(seen.request.path, headers={**mine, "If-None-Match": seen.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    assert code(start(client, holder, mine)) == (409, "gate_code_missing")
    wrong = f"{(int(gate) + 1) % 10**6:06}"
    assert code(start(client, holder, mine, gate_code=wrong)) == (403, "gate_code_wrong")
    begun = start(client, holder, mine, gate_code=f" {gate[:3]} {gate[3:]} ")
    assert begun.status_code == 200
    assert len(begun.json["paper"]["items"]) == 90
    assert begun.json["state"] == "in_progress"


def test_who_was_let_in_needs_no_gate_code(client: FlaskClient, here: Divided, proctor: dict[str, str]) -> None:
    holder = here.holders[0]
    mine = admitted(client, holder)
    client.post(f"/api/v1/rooms/{here.rooms[0].id}/open", headers=proctor)
    assert client.post(f"/api/v1/attempts/{holder.attempt_id}/let-in", headers=proctor).status_code == 200
    assert start(client, holder, mine).status_code == 200


def test_the_quick_start_leaves_the_same_line_as_the_ordinary_one(
    store: Flask, client: FlaskClient, here: Divided, proctor: dict[str, str]
) -> None:
    holder = here.holders[0]
    mine = admitted(client, holder)
    client.post(f"/api/v1/rooms/{here.rooms[0].id}/open", headers=proctor)
    client.post(f"/api/v1/attempts/{holder.attempt_id}/let-in", headers=proctor)
    begun = start(client, holder, mine).json
    with store.app_context():
        attempt = db.session.get_one(Attempt, holder.attempt_id)
        line = db.session.scalars(sa.select(AuditLine).where(AuditLine.tag == "attempt:started")).one()
        assert attempt.deadline is not None
        assert attempt.started_at is not None
        assert attempt.deadline == attempt.started_at + timedelta(minutes=attempt.session.minutes)
        assert (line.subject, line.subject_id, line.actor_id, line.via) == (
            "attempt", str(holder.attempt_id), holder.user_id, "api",
        )  # fmt: skip
        assert line.data == {"deadline": attempt.deadline.isoformat()}
    assert datetime.fromisoformat(begun["deadline"]) == attempt.deadline
    again = start(client, holder, mine).json
    assert (again["client"], again["deadline"]) == (begun["client"], begun["deadline"])
    assert again["paper"] == begun["paper"]


def test_extra_time_and_the_end_of_the_window_count_as_ever(
    store: Flask, client: FlaskClient, here: Divided, proctor: dict[str, str]
) -> None:
    holder = here.holders[0]
    with store.app_context():
        exam = db.session.get_one(ExamSession, here.session_id)
        exam.closes_at = now() + timedelta(minutes=50)
        db.session.get_one(Attempt, holder.attempt_id).extra_seconds = 300
        db.session.get_one(Attempt, holder.attempt_id).seat.extra_seconds = 600
        db.session.get_one(Room, here.rooms[0].id).gate_code = ""
        db.session.commit()
        closes = exam.closes_at
    mine = admitted(client, holder)
    client.post(f"/api/v1/rooms/{here.rooms[0].id}/open", headers=proctor)
    assert datetime.fromisoformat(start(client, holder, mine).json["deadline"]) == closes + timedelta(minutes=15)


def test_late_entry_is_refused_with_its_reason(
    store: Flask, client: FlaskClient, here: Divided, proctor: dict[str, str]
) -> None:
    holder = here.holders[0]
    mine = admitted(client, holder)
    client.post(f"/api/v1/rooms/{here.rooms[0].id}/open", headers=proctor)
    with store.app_context():
        exam = db.session.get_one(ExamSession, here.session_id)
        exam.opens_at -= timedelta(minutes=40)
        db.session.get_one(Room, here.rooms[0].id).opened_at = now() - timedelta(minutes=31)
        db.session.commit()
    assert code(start(client, holder, mine)) == (409, "late_entry_closed")
    store.extensions.pop("lobby", None)
    assert lobby(client, holder, mine).json["over"]


def test_such_a_log_in_reaches_this_attempt_and_nothing_else(client: FlaskClient, here: Divided) -> None:
    one, other = here.holders
    mine = admitted(client, one)
    for path in ("/api/v1/attempts", f"/api/v1/attempts/{one.attempt_id}/result"):
        assert client.get(path, headers=mine).status_code == 403
    for path in ("/my/", "/results", f"/my/places/{one.seat_id}/ticket.pdf"):
        assert client.get(path, headers={**mine, "Accept": "application/json"}).status_code == 403
    assert lobby(client, other, mine).status_code == 404
    assert start(client, other, mine).status_code == 404
    assert client.get(f"/exam/{one.attempt_id}", headers=mine).status_code == 200


def test_nor_another_attempt_of_the_same_person(store: Flask, client: FlaskClient, here: Divided) -> None:
    one, other = here.holders
    mine = admitted(client, one)
    with store.app_context():
        db.session.get_one(Attempt, other.attempt_id).user_id = one.user_id
        db.session.commit()
    store.extensions.pop("lobby", None)
    assert lobby(client, other, mine).status_code == 404
    assert start(client, other, mine).status_code == 404
    page = client.get(f"/exam/{other.attempt_id}", headers={**mine, "Accept": "application/json"})
    assert page.status_code == 404


def test_a_slip_is_told_and_a_used_code_as_well(client: FlaskClient, here: Divided) -> None:
    holder = here.holders[0]
    slip = holder.number[:-1] + str((int(holder.number[-1]) + 1) % 10)
    assert code(client.post("/api/v1/admissions", json={**holder.typed, "number": slip})) == (422, "number_mistyped")
    admitted(client, holder)
    assert code(client.post("/api/v1/admissions", json=holder.typed)) == (409, "admission_used")


def test_handed_over_to_another_computer(client: FlaskClient, here: Divided, proctor: dict[str, str]) -> None:
    holder = here.holders[0]
    first = admitted(client, holder)
    client.post(f"/api/v1/rooms/{here.rooms[0].id}/open", headers=proctor)
    client.post(f"/api/v1/attempts/{holder.attempt_id}/let-in", headers=proctor)
    begun = start(client, holder, first).json
    reopened = client.post(
        f"/api/v1/attempts/{holder.attempt_id}/reopen-code", json={"reason": "the screen went black"}, headers=proctor
    )
    assert datetime.fromisoformat(reopened.json["until"]) > datetime.now(UTC)
    second = admitted(client, holder)
    taken = start(client, holder, second).json
    assert taken["client"] != begun["client"]
    assert taken["paper"] == begun["paper"]


def test_the_registrar_gives_a_new_code(store: Flask, client: FlaskClient, here: Divided) -> None:
    holder = here.holders[0]
    with store.test_request_context():
        registrar = people.bearer(store, db.session(), people.user(db.session(), Role.REGISTRAR))
    answer = client.post(
        f"/api/v1/sessions/{here.session_id}/seats/{holder.seat_id}/code", json={"reason": "lost"}, headers=registrar
    )
    assert code(client.post("/api/v1/admissions", json=holder.typed)) == (401, "admission_failed")
    assert client.post("/api/v1/admissions", json=answer.json).status_code == 200


def test_gate_codes_are_told_to_proctors_of_the_session_alone(
    store: Flask, client: FlaskClient, here: Divided, proctor: dict[str, str]
) -> None:
    with store.test_request_context():
        registrar = people.bearer(store, db.session(), people.user(db.session(), Role.REGISTRAR))
        stranger = people.bearer(store, db.session(), people.user(db.session(), Role.PROCTOR))
    path = f"/api/v1/sessions/{here.session_id}/rooms"
    assert all(room["gate_code"] for room in client.get(path, headers=proctor).json["rooms"])
    assert [room["gate_code"] for room in client.get(path, headers=registrar).json["rooms"]] == [None, None]
    assert client.get(path, headers=stranger).status_code == 404


def test_no_limit_keeps_out_who_has_the_right_code(
    client: FlaskClient, here: Divided, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who fails on purpose at a neighbour's number is held up alone."""

    def exhausted(_body: object) -> None:
        raise Refusal("too_many_requests", "", status=429)

    monkeypatch.setattr(admissions, "_ordinary", exhausted)
    holder, other = here.holders
    failing = client.post("/api/v1/admissions", json={**holder.typed, "code": other.code})
    assert code(failing) == (429, "too_many_requests")
    admitted(client, holder)


@pytest.mark.parametrize("typed", ["0000 0012", "00000012", "0000-0012", "００００００１２", "𝟎000.0012"])
def test_a_number_is_counted_as_one_however_it_is_written(store: Flask, typed: str) -> None:
    with store.test_request_context("/api/v1/admissions", method="POST", json={"number": typed, "code": ""}):
        assert limits._number() == "00000012"


def test_a_new_log_in_tries_no_more_gate_codes(
    client: FlaskClient, here: Divided, proctor: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = SimpleNamespace(enabled=True, limiter=FixedWindowRateLimiter(MemoryStorage()))
    monkeypatch.setattr(gate_tries, "limiter", counted)
    holder, attempt = here.holders[0], f"/api/v1/attempts/{here.holders[0].attempt_id}"
    gate = client.post(f"/api/v1/rooms/{here.rooms[0].id}/open", headers=proctor).json["gate_code"]
    wrong = f"{(int(gate) + 1) % 10**6:06}"
    first = admitted(client, holder)
    told = {start(client, holder, first, gate_code=wrong).status_code for _ in range(10)}
    assert told == {403}
    client.post(f"{attempt}/reopen-code", json={"reason": "the screen went black"}, headers=proctor)
    second = admitted(client, holder)
    assert code(start(client, holder, second, gate_code=gate)) == (429, "gate_tries")
    client.post(f"{attempt}/let-in", headers=proctor)
    assert start(client, holder, second).status_code == 200
