"""From the lobby to the paper without asking for a page: it waits sealed, and opens by what the start answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, Route, expect

from app.core import clock
from app.core.db import db
from app.models.exam import Attempt, Response
from app.models.registration import Room
from proctoring import doors
from tests.factories import rooms_of_session
from tests.factories.rooms_of_session import Divided
from tests.journeys.conftest import Visit
from tests.journeys.machine import Machine
from tests.journeys.person import Person
from tests.journeys.test_integrity import wait_for

pytestmark = pytest.mark.browser
SAVED = "答案已全部保存"
NO_CRYPTO = "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })"


@pytest.fixture
def site(machine: Machine) -> str:
    return machine.address


@pytest.fixture
def here(store: Flask) -> Divided:
    with store.test_request_context():
        found = rooms_of_session.divided(db.session(), candidates=2, size=1, gated=False)
        db.session.expunge_all()
        return found


def waiting(visit: Visit, here: Divided, script: str = "", **how: Any) -> Person:
    person = visit(**how)
    if script:
        person.context.add_init_script(script)
    person.go("/admission")
    person.page.fill("#number", here.holders[0].number)
    person.page.fill("#code", here.holders[0].code)
    person.page.click("main button.primary")
    expect(person.page.locator("[data-behaviour=lobby]")).to_be_visible()
    return person


def sealed(person: Person) -> None:
    """The page has come, with all it needs."""
    expect(person.page.locator("[data-sealed=here]")).to_be_attached()


def open_room(store: Flask, here: Divided) -> None:
    with store.test_request_context():
        doors.open_room(db.session(), here.actor, here.rooms[0].id, clock.now())
        db.session.commit()


def start(page: Page) -> None:
    expect(page.locator("[data-start]")).to_be_enabled()
    page.click("[data-start]")


def on_paper(page: Page) -> None:
    expect(page.locator(".exam [data-saving]")).to_contain_text(SAVED)
    expect(page.locator("fieldset.item")).to_have_count(90)


def stored(store: Flask, attempt: int) -> list[int]:
    with store.app_context():
        return sorted(row.position for row in db.session.query(Response).filter_by(attempt_id=attempt))


def test_the_paper_opens_in_place_and_is_a_paper_like_any(
    store: Flask, machine: Machine, visit: Visit, here: Divided
) -> None:
    person = waiting(visit, here)
    page, attempt = person.page, here.holders[0].attempt_id
    sealed(person)
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one))  # noqa: PLW0108 - the browser driver hooks plain functions only
    open_room(store, here)
    start(page)
    on_paper(page)
    assert [one.url for one in asked if one.is_navigation_request() or "/begin" in one.url] == []
    assert any(one.url.endswith("/start") for one in asked)
    person.check_access()
    with store.app_context():
        row = db.session.get_one(Attempt, attempt)
        shown = page.locator(".exam").get_attribute
        assert (shown("data-client"), shown("data-state")) == (str(row.client), "in_progress")
        assert page.locator("input[name=client]").get_attribute("value") == str(row.client)
    page.locator("#q-3 input").first.check()
    expect(page.locator("[data-saving]")).to_contain_text(SAVED)
    expect(page.locator(".exam")).to_have_attribute("data-kept", "true")
    assert stored(store, attempt) == [3]
    machine.stop()
    page.locator("#q-4 input").first.check()
    page.reload()
    expect(page.locator("[data-count=answered]")).to_have_text("2")
    machine.start()
    expect(page.locator("[data-saving]")).to_contain_text(SAVED)
    assert stored(store, attempt) == [3, 4]
    page.reload()
    on_paper(page)
    expect(page.locator("[data-count=answered]")).to_have_text("2")


def test_a_look_at_the_doors_that_comes_late_takes_no_paper_away(store: Flask, visit: Visit, here: Divided) -> None:
    person = waiting(visit, here)
    page, held = person.page, list[Route]()
    sealed(person)
    open_room(store, here)
    expect(page.locator("[data-start]")).to_be_enabled()
    looks = page.locator("[data-behaviour=lobby]").get_attribute("data-address") or ""
    page.route(f"**{looks}", lambda route: held.append(route))  # noqa: PLW0108 - the browser driver hooks plain functions only
    wait_for(page, lambda: held)
    page.click("[data-start]")
    on_paper(page)
    page.evaluate("window.same = true")
    with store.app_context():
        found = {"attempt_state": "in_progress", "server_time": clock.now().isoformat()}
    with page.expect_response(f"**{looks}"):
        held[0].fulfill(json=found)
    page.locator("#q-3 input").first.check()
    expect(page.locator("[data-saving]")).to_contain_text(re.compile(r"\d+:\d\d:\d\d"))
    assert page.evaluate("window.same")


def test_without_the_server_it_stays_shut_and_opens_once_the_start_is_answered(
    store: Flask, machine: Machine, visit: Visit, here: Divided
) -> None:
    person = waiting(visit, here)
    page = person.page
    sealed(person)
    open_room(store, here)
    expect(page.locator("[data-start]")).to_be_enabled()
    machine.stop()
    page.click("[data-start]")
    expect(page.locator("[data-state]")).to_contain_text("暂时连接不上服务器")
    assert "fieldset" not in page.content()
    with store.app_context():
        assert db.session.get_one(Attempt, here.holders[0].attempt_id).state == "prepared"
    machine.start()
    on_paper(page)


def test_an_answer_lost_on_its_way_is_asked_for_again(store: Flask, visit: Visit, here: Divided) -> None:
    person = waiting(visit, here)
    page, lost = person.page, list[str]()
    sealed(person)

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().json()["client"])
            route.abort()

    page.route("**/start", lose)
    open_room(store, here)
    start(page)
    on_paper(page)
    assert page.locator(".exam").get_attribute("data-client") == lost[0]


def test_a_second_computer_takes_over_what_was_opened(store: Flask, visit: Visit, here: Divided) -> None:
    first = waiting(visit, here)
    sealed(first)
    open_room(store, here)
    start(first.page)
    on_paper(first.page)
    first.page.locator("#q-1 input").first.check()
    expect(first.page.locator("[data-saving]")).to_contain_text(SAVED)
    first.context.set_offline(True)  # or a heartbeat tells it before it is asked
    with store.test_request_context():
        attempt = here.holders[0].attempt_id
        doors.reopen_code(db.session(), here.actor, attempt, "dark", clock.now())
        db.session.commit()
    second = visit()
    second.go("/admission")
    second.page.fill("#number", here.holders[0].number)
    second.page.fill("#code", here.holders[0].code)
    second.page.click("main button.primary")
    second.page.click("main .actions button.primary")
    on_paper(second.page)
    expect(second.page.locator("[data-count=answered]")).to_have_text("1")
    first.page.locator("#q-2 input").first.check()
    first.context.set_offline(False)
    expect(first.page.locator("dialog[open]:is([data-dialog=replaced], [data-dialog=login])")).to_be_visible()


def test_what_is_said_against_the_start_is_said_at_the_door(store: Flask, visit: Visit, here: Divided) -> None:
    with store.app_context():
        room = db.session.get_one(Room, here.rooms[0].id)
        room.gate_code = "123456"
        db.session.commit()
    person = waiting(visit, here)
    page = person.page
    sealed(person)
    open_room(store, here)
    expect(page.locator("[data-start]")).to_be_enabled()
    page.fill("#gate_code", "654321")
    page.click("[data-start]")
    expect(page.locator("[data-refused]")).to_contain_text("入场口令不正确")
    person.check_access()
    page.fill("#gate_code", "123456")
    page.click("[data-start]")
    on_paper(page)


def test_a_browser_without_cryptography_starts_as_ever(store: Flask, visit: Visit, here: Divided) -> None:
    person = waiting(visit, here, NO_CRYPTO)
    page, asked = person.page, list[str]()
    page.on("request", lambda one: asked.append(one.url))
    open_room(store, here)
    start(page)
    on_paper(page)
    assert not [one for one in asked if one.endswith(("/ahead", "/start"))]
    assert [one for one in asked if one.endswith("/begin")]
