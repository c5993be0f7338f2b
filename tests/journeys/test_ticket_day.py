"""The day of the exam with a ticket in hand: log-in, lobby, the room opens, the paper; and what goes wrong."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.core import clock
from app.core.db import db
from app.models.registration import Room
from proctoring import doors
from tests.factories import rooms_of_session
from tests.factories.rooms_of_session import Divided, Holder
from tests.journeys.conftest import Visit
from tests.journeys.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def here(store: Flask) -> Divided:
    with store.test_request_context():
        found = rooms_of_session.divided(db.session(), candidates=2, size=1)
        db.session.expunge_all()
        return found


def proctor_does(store: Flask, what: Any) -> None:
    with store.test_request_context():
        what(db.session())
        db.session.commit()


def open_room(store: Flask, here: Divided) -> str:
    proctor_does(store, lambda session: doors.open_room(session, here.actor, here.rooms[0].id, clock.now()))
    with store.app_context():
        return db.session.get_one(Room, here.rooms[0].id).gate_code


def type_ticket(person: Person, number: str, code: str) -> None:
    person.page.fill("#number", number)
    person.page.fill("#code", code)
    person.page.click("main button.primary")


def admitted(visit: Visit, holder: Holder, **how: Any) -> Person:
    person = visit(**how)
    person.go("/admission")
    type_ticket(person, holder.number, holder.code.lower())
    expect(person.page.locator("[data-behaviour=lobby]")).to_be_visible()
    return person


def test_from_the_ticket_to_the_paper(store: Flask, visit: Visit, here: Divided) -> None:
    person = admitted(visit, here.holders[0])
    page = person.page
    expect(page.locator("[data-start]")).to_be_disabled()
    expect(page.locator(".device .badge.good")).to_have_count(5)
    expect(page.locator("dl.facts")).to_contain_text("01")
    person.check_access()
    gate = open_room(store, here)
    expect(page.locator("[data-start]")).to_be_enabled()
    expect(page.locator("[data-state]")).to_contain_text("入场口令")
    person.check_access()
    page.fill("#gate_code", gate)
    page.click("[data-start]")
    expect(page.locator("[data-behaviour~=exam]")).to_be_visible()
    expect(page.locator("fieldset.item")).to_have_count(90)


def test_it_starts_by_itself_once_the_doors_open(store: Flask, visit: Visit, here: Divided) -> None:
    person = admitted(visit, here.holders[0], locale="en-US")
    person.page.check("[data-by-itself] input")
    attempt = here.holders[0].attempt_id
    proctor_does(store, lambda session: doors.let_in(session, here.actor, attempt, clock.now()))
    store.extensions.pop("lobby", None)  # as a process that looks at this candidate anew
    open_room(store, here)
    expect(person.page.locator("[data-behaviour~=exam]")).to_be_visible()


def test_a_wrong_gate_code_is_said_where_it_was_typed(store: Flask, visit: Visit, here: Divided) -> None:
    gate = open_room(store, here)
    person = admitted(visit, here.holders[0])
    page = person.page
    page.fill("#gate_code", f"{(int(gate) + 1) % 10**6:06}")
    page.click("[data-start]")
    expect(page.locator(".notices .notice.error")).to_contain_text("入场口令不正确")
    page.fill("#gate_code", gate)
    page.click("[data-start]")
    expect(page.locator("[data-behaviour~=exam]")).to_be_visible()


def test_slips_wrong_codes_and_used_ones(visit: Visit, here: Divided) -> None:
    holder, other = here.holders
    person = visit()
    person.go("/admission")
    slip = holder.number[:-1] + str((int(holder.number[-1]) + 1) % 10)
    type_ticket(person, slip, holder.code)
    expect(person.page.locator("[role=alert]")).to_contain_text("准考证号输入有误")
    person.check_access()
    type_ticket(person, holder.number, other.code)
    expect(person.page.locator("[role=alert]")).to_contain_text("不符")
    admitted(visit, holder)
    type_ticket(person, holder.number, holder.code)
    expect(person.page.locator("[role=alert]")).to_contain_text("已使用")


def test_another_computer_after_the_proctor_opened_the_code_again(store: Flask, visit: Visit, here: Divided) -> None:
    holder = here.holders[0]
    gate = open_room(store, here)
    first = admitted(visit, holder)
    first.page.fill("#gate_code", gate)
    first.page.click("[data-start]")
    expect(first.page.locator("[data-behaviour~=exam]")).to_be_visible()
    proctor_does(
        store, lambda session: doors.reopen_code(session, here.actor, holder.attempt_id, "dark", clock.now()) and None
    )
    second = visit()
    second.go("/admission")
    type_ticket(second, holder.number, holder.code)
    second.page.wait_for_url("**/exam/**")
    second.check_access()
    second.page.click("main .actions button.primary")
    expect(second.page.locator("[data-behaviour~=exam]")).to_be_visible()


def test_the_log_in_of_the_day_ends_at_the_exam(visit: Visit, here: Divided) -> None:
    person = admitted(visit, here.holders[0])
    person.page.goto(f"{person.site}/")
    expect(person.page).to_have_url(f"{person.site}/exam/{here.holders[0].attempt_id}")
    answer = person.page.goto(f"{person.site}/my/")
    assert answer is not None
    assert answer.status == 403
