"""A candidate at the tasks at a computer: all kinds, a network that goes away in the middle, and who watches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.models.task_work import TaskScore
from app.models.tasks import SeatTask
from app.practical.tasks import view as task_view
from app.practical.tasks.proposals import proposals
from tests.factories import desk_tasks, people
from tests.journeys.conftest import Visit
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
TEXT = "客户来电咨询包裹进度，客服先核实身份，再查询物流记录。" * 12
KINDS = ("call", "chat", "ticket", "typing", "faults", "report", "roster")


@pytest.fixture
def tasks(store: Flask) -> Iterator[dict[str, int]]:
    """Of one candidate, whose log-in is under "account"."""
    with store.test_request_context():
        session = db.session()
        [seat] = desk_tasks.seats(session, desk_tasks.open_session(session))
        for kind in KINDS:
            changed = {"text": TEXT, "digits": "13800000001" * 25} if kind == "typing" else {}
            desk_tasks.drawn(session, seat, kind, **changed)
        session.commit()
        yield {task.slot: task.id for task in session.scalars(select(SeatTask))}


@pytest.fixture
def person(store: Flask, visit: Visit, tasks: dict[str, int]) -> Person:
    with store.app_context():
        task = db.session.get_one(SeatTask, tasks["chat"])
        account = desk_tasks.candidate_of(db.session(), task.seat).username
    return visit({"username": account, "password": people.PASSWORD})


def begin(person: Person, task: int) -> Page:
    person.go(f"/my/practical/{task}")
    person.page.click("form[action$='/start'] button")
    expect(person.page.locator("[data-ready]")).to_be_attached()
    return person.page


def finish(page: Page) -> None:
    saved(page)
    page.click("[data-finish]")
    page.click("[data-sure]")
    page.wait_for_url("**/my/practical/")


def saved(page: Page) -> None:
    expect(page.locator("[data-saving][data-tone=good]")).to_be_visible()


def work(store: Flask, task: int) -> dict[str, Any]:
    with store.app_context():
        return task_view.candidate_view(db.session(), db.session.get_one(SeatTask, task), clock.now())["work"]  # type: ignore[no-any-return]


def score(store: Flask, task: int) -> TaskScore:
    with store.app_context():
        return db.session.get_one(TaskScore, task)


def test_two_customers_at_once(store: Flask, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["chat"])
    first, second = page.locator("[data-chat=c1]"), page.locator("[data-chat=c2]")
    expect(first.locator(".turn.customer")).to_have_text("王女士：我的包裹在哪里？")
    expect(second.locator(".turn.customer")).to_have_text("李先生：我想改地址。")
    page.keyboard.press("Alt+2")
    page.keyboard.type("请说新地址。")
    page.keyboard.press("Enter")
    expect(second.locator(".turn.customer").nth(1)).to_have_text("李先生：改到西城，谢谢。")
    page.keyboard.press("Alt+1")
    first.locator("[data-phrases]").select_option(index=1)
    expect(first.locator("[data-say]")).to_have_value("您好，很高兴为您服务。")
    first.locator("[data-send]").click()
    expect(first.locator(".turn.customer").nth(1)).to_have_text("王女士：那什么时候能到？")
    expect(page.locator(".turn.unsent")).to_have_count(0)
    person.check_access()
    second.locator("[data-end]").click()
    expect(second.locator("[data-say]")).to_be_disabled()
    person.page.reload()
    expect(page.locator("[data-ready]")).to_be_attached()
    expect(second.locator(".turn")).to_have_count(3)
    expect(second.locator("[data-say]")).to_be_disabled()
    finish(page)
    facts = score(store, tasks["chat"]).facts["customers"]
    assert [one["messages"] for one in facts] == [1, 1]


def test_who_ends_a_task_hears_what_is_still_open(person: Person, tasks: dict[str, int]) -> None:
    def said() -> Locator:
        person.page.click("[data-finish]")
        return person.page.locator("[data-open-points]")

    page = begin(person, tasks["chat"])
    page.fill("[data-chat=c2] [data-say]", "请说新地址。")
    expect(said()).to_have_text("有 1 条回复已写好但没有发送，结束后不会保留。 还有 2 段会话没有结束。")
    page.click("[data-back]")
    page.click("[data-chat=c1] [data-end]")
    page.click("[data-chat=c2] [data-end]")
    expect(said()).to_have_text("没有未完成的内容。")
    page.click("[data-back]")
    finish(page)
    begin(person, tasks["typing"])
    expect(said()).to_have_text("还有 2 个部分没有开始录入。")
    page.click("[data-back]")
    finish(page)
    begin(person, tasks["faults"])
    page.click("[data-here]")
    expect(said()).to_have_text("您作了 0 处标记。 有一处标记还没有保存，结束后不会保留。")


def test_conversations_on_a_small_screen(visit: Visit, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["chat"])
    page.set_viewport_size({"width": 1000, "height": 760})
    expect(page.locator("[data-chat=c2]")).to_be_hidden()
    page.click("[data-switch=c2]")
    expect(page.locator("[data-chat=c1]")).to_be_hidden()
    page.fill("[data-chat=c2] [data-say]", "请说新地址。")
    person.context.set_offline(True)  # so that the answer comes when nobody looks at this conversation any more
    page.click("[data-chat=c2] [data-send]")
    page.click("[data-switch=c1]")
    person.context.set_offline(False)
    expect(page.locator("[data-switch=c2] [data-unread]")).to_be_visible()
    person.check_access()


def test_a_ticket_through_a_lost_network(store: Flask, person: Person, tasks: dict[str, int]) -> None:
    person.page.add_init_script("delete Navigator.prototype.serviceWorker")  # it would open again: see the other file
    page = begin(person, tasks["ticket"])
    page.fill("#f-name", "周岚")
    page.fill("#f-phone", "123")
    page.keyboard.press("Tab")
    expect(page.locator("#h-phone")).not_to_be_empty()
    saved(page)
    person.context.set_offline(True)
    page.fill("#f-phone", "138 0000 0001")
    page.select_option("#f-kind", "投诉")
    page.fill("#f-note", "客户着急")
    expect(page.locator("[data-saving][data-tone=warn]")).to_contain_text("暂存在本机")
    expect(page.locator("[data-fault]")).to_contain_text("不要关闭或刷新本页")
    person.context.set_offline(False)
    saved(page)
    expect(page.locator("[data-fault]")).to_be_hidden()
    person.check_access()
    expect(page.locator("#h-phone")).to_be_empty()
    finish(page)
    assert score(store, tasks["ticket"]).share == 1
    assert work(store, tasks["ticket"])["values"]["note"] == "客户着急"


def test_what_a_closed_page_could_not_send_comes_with_the_next(
    store: Flask, person: Person, tasks: dict[str, int]
) -> None:
    page = begin(person, tasks["ticket"])
    person.context.route("**/entries", lambda route: route.abort())
    page.fill("#f-name", "周岚")
    expect(page.locator("[data-saving][data-tone=warn]")).to_be_visible()
    person.context.unroute("**/entries")
    person.context.set_offline(True)
    page.close()
    person.context.set_offline(False)
    person.page = person.context.new_page()
    person.go(f"/my/practical/{tasks['ticket']}")
    expect(person.page.locator("#f-name")).to_have_value("周岚")
    saved(person.page)
    assert work(store, tasks["ticket"])["values"]["name"] == "周岚"


@pytest.mark.parametrize(("status", "body"), [(200, "{}"), (200, "null"), (403, '{"portal": "log in first"}')])
def test_what_another_machine_answers_acknowledges_nothing(
    store: Flask, person: Person, tasks: dict[str, int], status: int, body: str
) -> None:
    page, asked = begin(person, tasks["ticket"]), list[str]()

    def portal(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=status, body=body, content_type="application/json")

    person.context.route("**/entries", portal)
    page.fill("#f-name", "周岚")
    expect(page.locator("[data-saving][data-tone=warn]")).to_contain_text("暂存在本机")
    assert len(asked) < 10
    person.context.unroute("**/entries")
    saved(page)
    assert work(store, tasks["ticket"])["values"]["name"] == "周岚"


def test_typing_counts_fingers_only(store: Flask, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["typing"])
    expect(page.locator("[data-part=text] [data-typed]")).to_be_hidden()
    page.click("[data-part=text] [data-begin-part]")
    field = page.locator("[data-part=text] [data-typed]")
    field.type(TEXT[:20])
    field.evaluate("one => one.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, cancelable: true}))")
    saved(page)
    person.context.set_offline(True)
    field.type(TEXT[20:40])
    expect(page.locator("[data-saving][data-tone=warn]")).to_be_visible()
    person.context.set_offline(False)
    saved(page)
    person.check_access()
    page.click("[data-part=digits] [data-begin-part]")
    page.locator("[data-part=digits] [data-typed]").type("13800000001")
    expect(page.locator("[data-part=text] [data-typed]")).not_to_be_editable()
    finish(page)
    scored = score(store, tasks["typing"])
    text = scored.facts["parts"][0]
    assert (scored.facts["pastes"], text["characters"], text["wrong"]) == (1, 40, 0)
    assert str(scored.share) == "0.122916"  # 40 of 200 and 11 of 240 characters, halved


def test_faults_by_keyboard(store: Flask, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["faults"])
    page.click("[data-play]")
    expect(page.locator(".player-left")).to_contain_text("1")
    expect(page.locator("[data-play-said]")).to_contain_text("播放完毕")
    page.keyboard.press("Alt+m")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-mark]")).to_have_count(1)
    page.keyboard.press("Alt+m")
    page.fill("[data-mark-at]", "9:59")
    page.check("[name=mark-kind] >> nth=1")
    page.click("[data-keep]")
    expect(page.locator("[data-mark-hint]")).not_to_be_empty()
    page.fill("[data-mark-at]", "0:22")
    page.click("[data-keep]")
    page.keyboard.press("Alt+m")
    page.check("[name=mark-kind] >> nth=1")
    page.click("[data-keep]")
    expect(page.locator("[data-mark]")).to_have_count(3)
    page.click("[data-mark] >> nth=1 >> [data-remove]")
    person.check_access()
    page.reload()
    expect(page.locator("[data-mark]")).to_have_count(2)
    finish(page)
    scored = score(store, tasks["faults"])
    assert scored.facts["found"] >= 1


def test_a_roster_and_a_report(store: Flask, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["roster"])
    expect(page.locator("[data-breaches] li")).to_have_count(1)
    page.click("[data-finish]")
    expect(page.locator("[data-open-points]")).to_have_text("有 1 处违反限制。")
    page.click("[data-back]")
    for who, shift in desk_tasks.ROSTER["best"].items():
        page.check(f"[name=s-{who}][value={shift}]")
    expect(page.locator("[data-no-breach]")).to_be_visible()
    expect(page.locator("[data-met]")).to_have_text("100 %")
    page.check("[name=s-p2][value=early]")
    expect(page.locator("[data-breaches] li")).to_have_text("员工1与员工2不能同班。")
    page.check("[name=s-p2][value=late]")
    person.check_access()
    finish(page)
    assert score(store, tasks["roster"]).share == 1
    page = begin(person, tasks["report"])
    page.fill("#q-q1", "300")
    page.check("[name=q-q2][value=二]")
    for choice in ("一", "三"):
        page.check(f"[name=q-q3][value={choice}]")
    page.fill("#q-q4", "加人")
    person.check_access()
    finish(page)
    assert score(store, tasks["report"]).share == 1
    with store.app_context():
        seat = db.session.get_one(SeatTask, tasks["report"]).seat_id
        assert proposals(db.session(), seat) == {}  # the junior scheme has neither of the two


def test_the_end_of_the_time_closes_by_itself(store: Flask, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["ticket"])
    page.fill("#f-name", "周岚")
    page.fill("#f-note", "还在写")
    saved(page)
    with store.app_context():
        task = db.session.get_one(SeatTask, tasks["ticket"])
        assert task.started_at is not None
        task.extra_seconds = (clock.now() - task.started_at).seconds + 8 - 15 * 60
        db.session.commit()
    page.evaluate("dispatchEvent(new Event('online'))")  # the page asks at once, and hears of it
    expect(page.locator("section.verdict")).to_be_visible()
    assert score(store, tasks["ticket"]).facts["fields"][0]["given"] == "周岚"


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_lists_and_cards(visit: Visit, store: Flask, person: Person, tasks: dict[str, int], locale: str) -> None:
    with store.app_context():
        task = db.session.get_one(SeatTask, tasks["chat"])
        account = desk_tasks.candidate_of(db.session(), task.seat).username
    own = visit({"username": account, "password": people.PASSWORD}, locale=locale, size=(1024, 768))
    for path in ("/my/", "/my/practical/", f"/my/practical/{tasks['call']}", f"/my/practical/{tasks['chat']}"):
        own.go(path)
        own.check_access()
    begin(own, tasks["chat"])
    finish(own.page)
    own.go(f"/my/practical/{tasks['chat']}")
    own.check_access()


def test_a_second_computer_takes_a_task_over(store: Flask, visit: Visit, person: Person, tasks: dict[str, int]) -> None:
    page = begin(person, tasks["ticket"])
    page.fill("#f-name", "周岚")
    saved(page)
    with store.app_context():
        account = desk_tasks.candidate_of(db.session(), db.session.get_one(SeatTask, tasks["ticket"]).seat).username
    person.context.set_offline(True)  # or a heartbeat tells it before it is asked
    there = visit({"username": account, "password": people.PASSWORD})
    there.go(f"/my/practical/{tasks['ticket']}")
    expect(there.page.locator("#f-name")).to_have_value("周岚")
    saved(there.page)
    there.page.fill("#f-phone", "138 0000 0001")
    saved(there.page)
    page.fill("#f-note", "客户着急")
    person.context.set_offline(False)
    expect(page.locator("[data-fault]")).to_contain_text("另一台电脑")
    expect(page.locator("#f-note")).to_be_disabled()
    expect(page.locator("[data-finish]")).to_be_disabled()
    person.check_access()
    there.context.set_offline(True)
    page.click("[data-here-again]")
    expect(page.locator("#f-phone")).to_have_value("138 0000 0001")
    expect(page.locator("#f-note")).to_have_value("客户着急")
    saved(page)
    there.page.fill("#f-name", "别人")
    there.context.set_offline(False)
    expect(there.page.locator("[data-fault]")).to_contain_text("另一台电脑")
    finish(page)
    assert work(store, tasks["ticket"])["values"] == {"name": "周岚", "phone": "138 0000 0001", "note": "客户着急"}
