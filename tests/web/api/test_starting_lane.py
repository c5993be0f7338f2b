"""The short ways to the lobby and the start say what the ordinary ones say, to the byte and the header."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import db
from app.delivery import sealed_page
from app.models.audit import AuditLine
from app.models.exam import Attempt
from app.models.integrity import SessionIntegrity
from app.models.registration import ExamSession
from app.web.starting_lane import StartingLane
from tests.factories import rooms_of_session
from tests.factories.rooms_of_session import Divided
from tests.factories.times import now
from tests.web.api.test_attempts import code

OWN = re.compile(rb'"(client|token|server_time|deadline|key)": ?"[^"]*"')


@pytest.fixture
def here(store: Flask) -> Divided:
    with store.test_request_context():
        return rooms_of_session.divided(db.session(), candidates=2, size=0)


@pytest.fixture
def lane(store: Flask) -> StartingLane:
    found: Any = store.wsgi_app
    while not isinstance(found, StartingLane):
        found = found._ordinary
    return found


class Browser:
    """Somebody logged in by ticket, with a cookie and the token of the page."""

    def __init__(self, app: Flask, here: Divided, place: int = 0) -> None:
        self.app, self.holder = app, here.holders[place]
        self.http = app.test_client()
        page = self.http.get("/admission").text
        self.http.post("/admission", data={**self.holder.typed, "csrf_token": token_of(page)})
        self.page = self.http.get(f"/exam/{self.holder.attempt_id}").text
        self.forgery = {"X-CSRFToken": token_of(self.page)}

    def start(self, body: Any = None, **headers: str) -> Any:
        body = {"paper": False} if body is None else body
        return self.http.post(
            f"/api/v1/attempts/{self.holder.attempt_id}/start", json=body, headers={**self.forgery, **headers}
        )

    def lobby(self, **headers: str) -> Any:
        return self.http.get(f"/api/v1/attempts/{self.holder.attempt_id}/lobby", headers=headers)


def token_of(page: str) -> str:
    return page.partition('name="csrf-token" content="')[2].partition('"')[0]


@pytest.fixture
def browser(store: Flask, here: Divided) -> Browser:
    return Browser(store, here)


@pytest.fixture
def seen(store: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reaches the framework, once the candidate waits in the lobby."""
    found, dispatch = list[str](), store.full_dispatch_request

    def noting() -> Any:
        found.append("framework")
        return dispatch()

    monkeypatch.setattr(store, "full_dispatch_request", noting)
    return found


def told(answer: Any) -> list[Any]:
    return sorted((name, value) for name, value in answer.headers if name not in ("X-Request-Id", "Content-Length"))


def renewed(here: Divided) -> None:
    """As before anybody started."""
    values = {"state": "prepared", "client": None, "login_id": None, "started_at": None, "deadline": None}
    with db.session.begin_nested():
        db.session.execute(sa.update(Attempt).where(Attempt.session_id == here.session_id).values(values))
    db.session.commit()


def ordinarily(lane: StartingLane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "_start", lambda *_: None)
    monkeypatch.setattr(lane, "_lobby", lambda *_: None)


def test_a_browser_starts_without_the_framework(store: Flask, browser: Browser, seen: list[str]) -> None:
    answer = browser.start()
    assert seen == []
    assert set(answer.json) == {
        "client", "token", "notice", "state", "server_time", "deadline", "next_seq", "responses", "flagged", "key",
    }  # fmt: skip
    with store.app_context():
        row = db.session.get_one(Attempt, browser.holder.attempt_id)
        line = db.session.scalars(sa.select(AuditLine).where(AuditLine.tag == "attempt:started")).one()
        assert (str(row.client), row.state, line.via) == (answer.json["client"], "in_progress", "screen")
    saved: Any = browser.http.post(
        f"/api/v1/attempts/{browser.holder.attempt_id}/changes", json={"client": answer.json["client"], "changes": []},
        headers={"Authorization": f"Bearer {answer.json['token']}"},
    )  # fmt: skip
    assert saved.json["state"] == "in_progress"


def test_its_key_opens_the_page_that_was_fetched_before(store: Flask, browser: Browser) -> None:
    sealed = browser.http.get(f"/exam/{browser.holder.attempt_id}/ahead").data
    answer = browser.start()
    key = b64decode(answer.json["key"])
    page = sealed_page.opened(key, browser.holder.attempt_id, sealed)
    assert page.count('class="item"') == 90
    again = browser.start()  # the ordinary way, as after an answer that was lost
    assert (again.json["key"], again.json["client"]) == (answer.json["key"], answer.json["client"])


def test_both_ways_answer_alike(
    store: Flask, here: Divided, browser: Browser, lane: StartingLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, looked = browser.start(), browser.lobby()
    with store.app_context():
        renewed(here)
    store.extensions.pop("lobby")
    monkeypatch.setattr("app.web.signs.give", lambda *_: None)
    ordinarily(lane, monkeypatch)
    long = browser.start()
    assert OWN.sub(rb"\1", short.data) == OWN.sub(rb"\1", long.data)
    assert told(short) == told(long)
    assert {name for name, _ in short.headers} == {name for name, _ in long.headers}
    looked_long = browser.lobby()
    assert (looked.status_code, told(looked)[:3]) == (looked_long.status_code, told(looked_long)[:3])
    assert OWN.sub(rb"\1", looked.data) == OWN.sub(rb"\1", looked_long.data)


def test_the_lobby_is_asked_without_the_framework_and_says_when_nothing_is_new(
    browser: Browser, seen: list[str], lane: StartingLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = browser.lobby()
    again = browser.lobby(**{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, seen) == (304, b"", [])
    ordinarily(lane, monkeypatch)
    long = browser.lobby(**{"If-None-Match": first.headers["ETag"]})
    assert (long.status_code, long.data) == (304, b"")
    assert {name for name, _ in again.headers} == {name for name, _ in long.headers}


def test_a_cookie_alone_starts_nothing(store: Flask, browser: Browser, seen: list[str]) -> None:
    for forgery in ({}, {"X-CSRFToken": "made up"}, {"X-CSRFToken": browser.forgery["X-CSRFToken"] + "x"}):
        browser.forgery = forgery
        assert browser.start().status_code == 400
    assert len(seen) == 3
    with store.app_context():
        assert db.session.get_one(Attempt, browser.holder.attempt_id).state == "prepared"


def test_the_token_of_another_page_does_not_do(store: Flask, here: Divided, browser: Browser) -> None:
    other = Browser(store, here, 1)
    browser.forgery = other.forgery
    assert browser.start().status_code == 400


def test_https_asks_where_the_request_comes_from(browser: Browser, seen: list[str]) -> None:
    def start(referer: str) -> Any:
        return browser.http.post(
            f"/api/v1/attempts/{browser.holder.attempt_id}/start", json={"paper": False}, base_url="https://localhost",
            headers={**browser.forgery, **({"Referer": referer} if referer else {})},
        )  # fmt: skip

    assert start("").status_code == 400
    assert start("https://elsewhere.example/").status_code == 400
    assert len(seen) == 2
    assert start("https://localhost/exam/1").status_code == 200
    assert len(seen) == 2


def test_nobody_starts_for_another(store: Flask, here: Divided, browser: Browser) -> None:
    path = f"/api/v1/attempts/{here.holders[1].attempt_id}/start"
    assert browser.http.post(path, json={"paper": False}, headers=browser.forgery).status_code == 404
    assert browser.http.get(path.replace("start", "lobby")).status_code == 404


@pytest.mark.parametrize("terms", [{"lockdown": "required"}, {"camera": True}, {"screen": True}])
def test_what_integrity_asks_is_asked_by_the_ordinary_way(
    store: Flask, here: Divided, browser: Browser, seen: list[str], terms: dict[str, Any]
) -> None:
    with store.app_context():
        db.session.add(SessionIntegrity(session_id=here.session_id, signals=["focus"], **terms))
        db.session.commit()
    assert code(browser.start())[1] in ("lockdown_needed", "consent_missing")
    assert seen == ["framework"]


def test_a_refusal_is_worded_by_the_ordinary_way(
    store: Flask, here: Divided, browser: Browser, seen: list[str]
) -> None:
    with store.app_context():
        exam = db.session.get_one(ExamSession, here.session_id)
        exam.opens_at = exam.opened_at = now() - timedelta(minutes=31)
        db.session.commit()
    assert code(browser.start()) == (409, "late_entry_closed")
    assert seen == ["framework"]


values = st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from(["", "123456", "x" * 41, "\x00", "\ud800"])


@given(body=st.dictionaries(st.sampled_from(["paper", "gate_code", "more"]), values, max_size=3) | values)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_sent_wrongly_is_refused_as_ever(store: Flask, here: Divided, browser: Browser, body: Any) -> None:
    with store.app_context():
        renewed(here)
    sent = json.dumps(body)
    answer: Any = browser.http.post(
        f"/api/v1/attempts/{browser.holder.attempt_id}/start", data=sent, content_type="application/json",
        headers=browser.forgery,
    )  # fmt: skip
    given = body if isinstance(body, dict) else {"more": 1}
    code_given = given.get("gate_code", "")
    fits = (
        set(given) <= {"paper", "gate_code"} and isinstance(given.get("paper", True), bool)
        and isinstance(code_given, str) and len(code_given) <= 40 and not set(code_given) & {"\x00", "\ud800"}
    )  # fmt: skip
    assert (answer.status_code == 200) == fits
    if fits:
        assert ("key" in answer.json) == (given.get("paper") is False) == ("paper" not in answer.json)


def test_a_program_gets_its_paper_as_ever(store: Flask, here: Divided, client: FlaskClient) -> None:
    answer: Any = client.post("/api/v1/admissions", json=here.holders[0].typed)
    bearer = {"Authorization": f"Bearer {answer.json['token']}"}
    begun: Any = client.post(f"/api/v1/attempts/{here.holders[0].attempt_id}/start", headers=bearer)
    assert len(begun.json["paper"]["items"]) == 90
    assert "key" not in begun.json
