"""A task at a computer whose page is closed or loaded anew while there is no network; and who finds it afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, expect
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.models.tasks import SeatTask
from app.practical.tasks import view as task_view
from tests.factories import desk_tasks, people
from tests.journeys.conftest import Visit
from tests.journeys.machine import Machine
from tests.journeys.person import Person, until
from tests.journeys.test_types import typed

pytestmark = pytest.mark.browser
TEXT = "客户来电咨询包裹进度，客服先核实身份，再查询物流记录。" * 12
KINDS = ("chat", "ticket", "typing", "faults", "roster")


@pytest.fixture
def site(machine: Machine) -> str:
    return machine.address


@pytest.fixture
def tasks(store: Flask) -> dict[str, int]:
    with store.test_request_context():
        session = db.session()
        [seat] = desk_tasks.seats(session, desk_tasks.open_session(session))
        for kind in KINDS:
            desk_tasks.drawn(session, seat, kind, **({"text": TEXT} if kind == "typing" else {}))
        session.commit()
        return {task.slot: task.id for task in session.scalars(select(SeatTask))}


@pytest.fixture
def person(store: Flask, visit: Visit, tasks: dict[str, int]) -> Person:
    with store.app_context():
        task = db.session.get_one(SeatTask, tasks["chat"])
        account = desk_tasks.candidate_of(db.session(), task.seat).username
    found = visit({"username": account, "password": people.PASSWORD})
    found.page.on("dialog", lambda dialog: dialog.accept())
    return found


def begin(person: Person, task: int) -> Page:
    person.go(f"/my/practical/{task}")
    person.page.click("form[action$='/start'] button")
    kept(person.page)
    return person.page


def kept(page: Page) -> None:
    """The browser can open this task by itself."""
    expect(page.locator("[data-ready]")).to_have_attribute("data-kept", "true")


def saved(page: Page) -> None:
    expect(page.locator("[data-saving][data-tone=good]")).to_be_visible()


def reloaded(page: Page) -> None:
    page.reload()
    expect(page.locator("[data-ready][data-again]")).to_be_attached()


def seconds_left(page: Page) -> int:
    hours, minutes, seconds = map(int, page.locator("[data-clock]").inner_text().split(":"))
    return hours * 3600 + minutes * 60 + seconds


def work(store: Flask, task: int) -> dict[str, Any]:
    with store.app_context():
        return task_view.candidate_view(db.session(), db.session.get_one(SeatTask, task), clock.now())["work"]  # type: ignore[no-any-return]


def test_a_ticket_opens_again_with_all_that_was_written(
    store: Flask, machine: Machine, person: Person, tasks: dict[str, int]
) -> None:
    page = begin(person, tasks["ticket"])
    page.fill("#f-name", "周")
    saved(page)
    page.fill("#f-name", "周岚")
    saved(page)
    left = seconds_left(page)
    machine.stop()
    page.fill("#f-phone", "138 0000 0001")
    expect(page.locator("[data-fault]")).to_contain_text("也能在这台电脑上重新打开")
    reloaded(page)
    expect(page.locator("#f-name")).to_have_value("周岚")  # the server has it, the kept page did not
    expect(page.locator("#f-phone")).to_have_value("138 0000 0001")
    assert left - 300 < seconds_left(page) <= left
    page.select_option("#f-kind", "投诉")
    page.close()
    page = person.page = person.context.new_page()
    person.go(f"/my/practical/{tasks['ticket']}")
    expect(page.locator("#f-kind")).to_have_value("投诉")
    expect(page.locator("#f-phone")).to_have_value("138 0000 0001")
    machine.start()
    saved(page)
    page.fill("#f-note", "客户着急")
    saved(page)
    assert work(store, tasks["ticket"])["values"] == {
        "name": "周岚", "phone": "138 0000 0001", "kind": "投诉", "note": "客户着急"
    }  # fmt: skip


def test_a_chat_opens_again_in_its_order(store: Flask, machine: Machine, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["chat"])
    first = page.locator("[data-chat=c1]")
    first.locator("[data-say]").fill("您好，请稍等。")
    first.locator("[data-send]").click()
    expect(page.locator(".turn.unsent")).to_have_count(0)
    expect(first.locator(".turn.customer")).to_have_count(2)
    machine.stop()
    first.locator("[data-say]").fill("正在为您查询。")
    first.locator("[data-send]").click()
    reloaded(page)
    said = [text.split("：", 1)[1].strip() for text in first.locator(".turn").all_inner_texts()]
    assert said == ["我的包裹在哪里？", "您好，请稍等。", "那什么时候能到？", "正在为您查询。"]
    machine.start()
    expect(page.locator(".turn.unsent")).to_have_count(0)
    texts = [turn["text"] for turn in work(store, tasks["chat"])["turns"] if turn["conversation"] == "c1"]
    assert texts == said


def test_a_line_that_is_still_being_typed_is_not_called_saved(
    store: Flask, machine: Machine, person: Person, tasks: dict[str, int]
) -> None:
    page = begin(person, tasks["typing"])
    page.click("[data-part=text] [data-begin-part]")
    field = page.locator("[data-part=text] [data-typed]")
    for end in (5, 9):
        assert typed(field, TEXT[:end]) == "busy"
        saved(page)
        assert work(store, tasks["typing"])["texts"]["text"] == TEXT[:end]
    machine.stop()
    assert typed(field, TEXT[:12]) != "good"
    machine.start()
    saved(page)
    assert work(store, tasks["typing"])["texts"]["text"] == TEXT[:12]


def test_typing_and_marks_open_again(store: Flask, machine: Machine, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["typing"])
    page.click("[data-part=text] [data-begin-part]")
    field = page.locator("[data-part=text] [data-typed]")
    field.type(TEXT[:14])
    saved(page)
    machine.stop()
    field.type(TEXT[14:15])
    reloaded(page)
    expect(field).to_have_value(TEXT[:15])
    expect(page.locator("[data-part=text] [data-part-left]")).not_to_have_text("")
    field.press("End")
    field.type(TEXT[15:20])
    machine.start()
    saved(page)
    expect(page.locator("[data-part=text] [data-count]")).to_have_text("20")
    assert work(store, tasks["typing"])["texts"]["text"] == TEXT[:20]
    page.click("[data-finish]")
    page.click("[data-sure]")
    page.wait_for_url("**/my/practical/")
    page = begin(person, tasks["faults"])
    for place in ("0:05", "0:22"):
        page.click("[data-here]")
        page.fill("[data-mark-at]", place)
        page.check("[name=mark-kind] >> nth=1")
        page.click("[data-keep]")
    saved(page)
    page.click("[data-mark] >> nth=0 >> [data-remove]")
    saved(page)
    machine.stop()
    reloaded(page)
    expect(page.locator("[data-mark] strong")).to_have_text(["0:22"])
    machine.start()
    saved(page)
    assert [mark["at"] for mark in work(store, tasks["faults"])["marks"]] == ["22"]


def test_what_is_kept_goes_with_its_candidate(machine: Machine, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["ticket"])
    page.fill("#f-name", "周岚")
    saved(page)
    assert page.evaluate("caches.keys()") == [f"exam-task-{tasks['ticket']}"]
    address = f"{machine.address}/my/practical/{tasks['ticket']}"
    page.goto(f"{machine.address}/my/")
    page.get_by_role("button", name="退出").click()
    expect(page.locator("form[action='/logout']")).to_have_count(0)
    until(page, "caches.keys().then((all) => all.length === 0)")
    until(page, "!Object.keys(localStorage).some((one) => one.startsWith('task-'))")
    machine.stop()
    with pytest.raises(Error):
        page.goto(address)


def test_a_finished_task_does_not_open_any_more(machine: Machine, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["ticket"])
    page.fill("#f-name", "周岚")
    saved(page)
    page.click("[data-finish]")
    page.click("[data-sure]")
    page.wait_for_url("**/my/practical/")
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('task-'))") == []
    machine.stop()
    with pytest.raises(Error):
        page.goto(f"{machine.address}/my/practical/{tasks['ticket']}")


def test_a_page_that_is_not_quite_gone_does_not_shut_the_next_one_out(person: Person, tasks: dict[str, int]) -> None:
    leaving = begin(person, tasks["ticket"])
    person.go("/my/")
    held = f"navigator.locks.request('task-{tasks['ticket']}', () => new Promise((go) => {{ globalThis.go = go; }}))"
    leaving.evaluate(f"() => {{ {held}; }}")
    until(leaving, "Boolean(globalThis.go)")
    page = person.page = person.context.new_page()
    page.add_init_script("AbortController.prototype.abort = () => {}")  # however long it takes here
    person.go(f"/my/practical/{tasks['ticket']}")
    until(leaving, "navigator.locks.query().then(({ pending }) => pending.length === 1)")
    leaving.evaluate("globalThis.go()")
    expect(page.locator("[data-ready]")).to_be_attached()


PASSED = """async (path) => {
  const [name] = await caches.keys();
  const cache = await caches.open(name);
  const page = await cache.match(path);
  const headers = new Headers(page.headers);
  const until = Number(headers.get("X-Kept-Until"));
  headers.set("X-Kept-Until", String(Date.now() - 1));
  await cache.put(path, new Response(await page.text(), { headers }));
  return until - Date.parse(document.querySelector("[data-deadline]").dataset.deadline);
}"""


def test_past_its_time_it_does_not_open_without_a_network(
    machine: Machine, person: Person, tasks: dict[str, int]
) -> None:
    page = begin(person, tasks["ticket"])
    page.fill("#f-name", "周岚")
    saved(page)
    machine.stop()
    reloaded(page)
    longer = page.evaluate(PASSED, f"/my/practical/{tasks['ticket']}") / 1000
    assert 119 < longer < 120 + 60  # the page reckons from when it was made, and may have been long in coming
    with pytest.raises(Error):
        page.reload()
