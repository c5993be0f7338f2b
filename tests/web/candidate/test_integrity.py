"""Safe Exam Browser and pictures at the candidate's pages: asked before the start, never in the way after it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.account import User
from app.models.exam import Attempt, AttemptState
from app.models.integrity import Capture, IntegritySignal, SessionIntegrity
from app.web import attempt_token
from proctoring import addresses, lockdown
from tests.factories import integrity, people, rooms
from tests.factories.rooms import Room
from tests.web.visits import token, visitor

JSON = {"Accept": "application/json"}


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    store.extensions.pop("addresses", None)
    return visitor(store)


class Sitting:
    """One candidate's requests; `seb` adds the header that the browser would send."""

    def __init__(self, app: Flask, session: Session, client: FlaskClient, room: Room, place: int = 0) -> None:
        self.app, self.session, self.client, self.room = app, session, client, room
        self.attempt = room.attempt_ids[place]
        self.login = people.bearer(app, session, session.get_one(User, self.row.user_id))

    @property
    def row(self) -> Attempt:
        self.session.expire_all()
        return self.session.get_one(Attempt, self.attempt)

    def seb(self, path: str) -> dict[str, str]:
        return integrity.header(self.app, self.session, self.room, path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(path, json=body if body is not None else {}, headers={**JSON, **self.login, **headers})

    def start(self, *, seb: bool = False) -> Any:
        path = f"/api/v1/attempts/{self.attempt}/start"
        return self.post(path, **(self.seb(path) if seb else {}))

    def signals(self) -> list[str]:
        self.session.expire_all()
        query = select(IntegritySignal.kind).where(IntegritySignal.attempt_id == self.attempt)
        return list(self.session.scalars(query.order_by(IntegritySignal.id)))


def sitting(app: Flask, session: Session, client: FlaskClient, *, started: int = 0, **terms: Any) -> Sitting:
    room = rooms.room(session, started=started)
    integrity.agreed(session, room.session_id, **terms)
    return Sitting(app, session, client, room)


def test_another_browser_is_shown_the_way_and_not_the_lobby(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client, lockdown="required")
    page = client.get(f"/exam/{one.attempt}", headers=one.login)
    assert page.status_code == 403
    assert 'href="seb://127.0.0.1:8000/lockdown/' in page.text
    refused = one.start()
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "lockdown_needed")
    assert one.row.state == AttemptState.PREPARED


def test_safe_exam_browser_gets_in_by_its_header(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client, lockdown="required")
    path = f"/exam/{one.attempt}"
    assert client.get(path, headers={**one.login, **one.seb(path)}).status_code == 200
    assert client.get(f"{path}?a=b", headers={**one.login, **one.seb(f"{path}?a=b")}).status_code == 200
    assert client.get(f"{path}?a=b", headers={**one.login, **one.seb(path)}).status_code == 403
    assert one.start(seb=True).status_code == 200
    assert one.signals() == []


def test_keys_of_ones_own_are_as_good_also_as_exam_keys(app: Flask, session: Session, client: FlaskClient) -> None:
    key = "c" * 64
    one = sitting(app, session, client, lockdown="required", extra_keys=(key,))
    path = f"/exam/{one.attempt}"
    hashed = lockdown.request_hash(app.extensions["settings"].public_url + path, key)
    for name in ("X-SafeExamBrowser-ConfigKeyHash", "X-SafeExamBrowser-RequestHash"):
        assert client.get(path, headers={**one.login, name: hashed}).status_code == 200


def test_the_key_may_come_from_the_pages_script(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client, lockdown="required")
    page = f"/exam/{one.attempt}"
    key = session.get_one(SessionIntegrity, one.room.session_id).config_key
    hashed = lockdown.request_hash(app.extensions["settings"].public_url + page, key)
    wrong = one.post(f"{page}/lockdown", {"page": page, "config_key": "0" * 64})
    assert wrong.json == {"confirmed": False}
    elsewhere = one.post(f"{page}/lockdown", {"page": "/exam/999", "config_key": hashed})
    assert elsewhere.json == {"confirmed": False}
    right = one.post(f"{page}/lockdown", {"page": page, "config_key": hashed})
    assert right.json == {"confirmed": True}
    assert client.get(page, headers=one.login).status_code == 200
    assert one.start().status_code == 200


@pytest.mark.parametrize("nonsense", [None, [], "x", {"page": 5, "config_key": {}}])
def test_nonsense_confirms_nothing(app: Flask, session: Session, client: FlaskClient, nonsense: Any) -> None:
    one = sitting(app, session, client, lockdown="required")
    answer = one.post(f"/exam/{one.attempt}/lockdown", nonsense)
    assert (answer.status_code, answer.json) == (200, {"confirmed": False})


def test_nobody_is_thrown_out_of_a_running_exam(app: Flask, session: Session, client: FlaskClient) -> None:
    """After an update, a crash or a lost network the browser may no longer be confirmed: noted, and that is all."""
    one = sitting(app, session, client, lockdown="required")
    begun = one.start(seb=True).json
    change = {"client": begun["client"], "changes": [{"seq": 1, "position": 1, "answer": ["T"]}]}
    api = f"/api/v1/attempts/{one.attempt}"
    for call in (
        one.post(f"{api}/changes", change),
        client.get(f"/exam/{one.attempt}", headers=one.login),
        one.start(),
    ):
        assert call.status_code == 200, call.text
    again = Sitting(app, session, client, one.room)
    assert again.start().status_code == 200, "a new log-in takes over as well"
    client_now = str(one.row.client)
    assert again.post(f"{api}/submit", {"client": client_now}).status_code == 200
    assert one.signals() == ["lockdown"]


def test_a_waiver_opens_the_door(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client, lockdown="required")
    proctor = people.bearer(app, session, one.room.proctor)
    page = f"/rooms/{one.room.session_id}/seats/1/signals"
    csrf = token(client, page, proctor)
    decided = client.post(f"/rooms/{one.room.session_id}/seats/1/waive", headers=proctor,
                          data={"reason": "broken", "csrf_token": csrf})  # fmt: skip
    assert decided.status_code == 303
    assert one.start().status_code == 200


def test_the_configuration_is_fetched_without_a_login(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client, lockdown="required")
    page = client.get(f"/exam/{one.attempt}", headers=one.login).text
    path = "/lockdown/" + page.split('href="seb://127.0.0.1:8000/lockdown/')[1].split('"')[0]
    file = client.get(path)
    assert (file.status_code, file.mimetype) == (200, "application/seb")
    assert file.data == session.get_one(SessionIntegrity, one.room.session_id).config
    assert client.get("/lockdown/1.seb").status_code == 404


def test_the_lobby_says_what_is_recorded(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client, signals=("paste",), camera=True)
    page = client.get(f"/exam/{one.attempt}", headers={**one.login, "Accept-Language": "en"}).text
    assert "how many characters; never the text" in page
    assert "when the print dialog" not in page
    assert integrity.PURPOSE in page


def test_consent_is_asked_before_the_start(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client, camera=True)
    assert one.start().json["error"]["code"] == "consent_missing"
    csrf = token(client, f"/exam/{one.attempt}", one.login)
    agreed = client.post(
        f"/exam/{one.attempt}/consent", headers=one.login, data={"answer": "agree", "csrf_token": csrf}
    )
    assert agreed.status_code == 303
    assert one.start().status_code == 200


def test_only_the_page_of_who_agreed_may_use_the_camera(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client, camera=True)
    page = f"/exam/{one.attempt}"
    assert client.get(page, headers=one.login).headers["Permissions-Policy"].startswith("camera=()")
    one.post(f"/api/v1/attempts/{one.attempt}/consent", {"agree": True})
    assert client.get(page, headers=one.login).headers["Permissions-Policy"].startswith("camera=(self)")
    assert client.get("/login").headers["Permissions-Policy"].startswith("camera=()")


def test_pictures_come_with_the_attempts_token(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client, camera=True)
    one.post(f"/api/v1/attempts/{one.attempt}/consent", {"agree": True})
    held = {"Authorization": f"Bearer {one.start().json['token']}"}
    path = f"/api/v1/attempts/{one.attempt}/captures"
    kept = one.post(path, integrity.sent(), **held)
    assert kept.status_code == 200, kept.text
    assert kept.json["bytes"] == len(session.scalars(select(Capture)).one().content)
    assert one.post(path, integrity.sent(), **held).json["error"]["code"] == "capture_too_soon"
    assert one.post(path, integrity.sent("screen"), **held).json["error"]["code"] == "capture_unwanted"
    assert one.post(path, {**integrity.sent(), "picture": "A" * 700_000}, **held).status_code == 413


def test_a_busy_server_drops_pictures(
    app: Flask, session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threading import BoundedSemaphore

    from app.web.api import integrity as api

    one = sitting(app, session, client, camera=True)
    one.post(f"/api/v1/attempts/{one.attempt}/consent", {"agree": True})
    one.start()
    full = BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(api, "at_work", full)
    assert one.post(f"/api/v1/attempts/{one.attempt}/captures", integrity.sent()).status_code == 503


def test_signals_come_with_the_attempts_token_and_only_for_it(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    one = sitting(app, session, client, started=2)
    other = Sitting(app, session, client, one.room, 1)
    signal = {"key": "7a3fa3d2-6a36-4c1c-9d3c-9a1f5f0a2d11", "kind": "paste", "at": "2026-11-21T08:00:00Z", "length": 9}
    held = {"Authorization": f"Bearer {attempt_token.issue(one.row, str(app.secret_key))}"}
    path = f"/api/v1/attempts/{one.attempt}/signals"
    for _ in range(2):
        answer = one.post(path, {"signals": [signal]}, **held)
        assert (answer.status_code, answer.json["kept"]) == (200, 1)
    assert one.signals() == ["paste"]
    stolen = other.post(f"/api/v1/attempts/{other.attempt}/signals", {"signals": [signal]}, **held)
    assert stolen.status_code == 401
    assert other.post(path, {"signals": [signal]}).status_code == 404


@pytest.mark.parametrize(
    "signal",
    [
        {"kind": "takeover"}, {"kind": "focus", "seconds": -1}, {"kind": "focus", "seconds": 90_000},
        {"kind": "paste", "text": "the words"}, {"kind": "paste", "at": "2026-11-21T08:00:00"},
        {"kind": "paste", "key": "1"},
    ],
)  # fmt: skip
def test_signals_that_cannot_be(app: Flask, session: Session, client: FlaskClient, signal: dict[str, Any]) -> None:
    one = sitting(app, session, client, started=1)
    whole = {"key": "7a3fa3d2-6a36-4c1c-9d3c-9a1f5f0a2d11", "at": "2026-11-21T08:00:00Z", **signal}
    assert one.post(f"/api/v1/attempts/{one.attempt}/signals", {"signals": [whole]}).status_code == 422


def test_a_clock_centuries_off_is_not_believed(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client, started=1)
    for number, year in enumerate(("0001", "1970", "9999")):
        signal = {
            "key": f"7a3fa3d2-6a36-4c1c-9d3c-9a1f5f0a2d0{number}",
            "kind": "focus",
            "at": f"{year}-01-01T00:00:00Z",
        }
        assert one.post(f"/api/v1/attempts/{one.attempt}/signals", {"signals": [signal]}).json["kept"] == 1
    assert session.scalar(select(func.count()).where(IntegritySignal.client_at.is_not(None))) == 0


def test_an_address_that_changes_is_noticed(app: Flask, session: Session, client: FlaskClient) -> None:
    one = sitting(app, session, client)
    for address in ("10.0.0.1", "10.0.0.2"):
        client.environ_base["REMOTE_ADDR"] = address
        assert one.start().status_code == 200
        addresses.of_app(app).pass_on()
    assert one.signals() == ["address"]
