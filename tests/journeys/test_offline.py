"""The exam without a network: it goes on, opens again, hands in, and gives up nothing that was answered."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Download, Error, Locator, Page, Route, expect

from app.core import clock
from app.core.audit import SYSTEM
from app.core.db import db
from app.delivery import attempts
from app.models.exam import Attempt, AttemptState, Response
from app.models.rescue import LateChange
from proctoring import notices
from tests.journeys.conftest import Visit
from tests.journeys.machine import Machine
from tests.journeys.person import Person, until

pytestmark = pytest.mark.browser
SAVED = "答案已全部保存"
NOT_SENT = "尚未送达服务器"
LEFT = "document.querySelector('[data-clock]').textContent.split(':').reduce((all, one) => 60 * all + Number(one), 0)"


@pytest.fixture
def site(machine: Machine) -> str:
    return machine.address


@pytest.fixture
def candidate(demonstration: dict[str, Any]) -> dict[str, Any]:
    return demonstration["candidates"][0]  # type: ignore[no-any-return]


def begin(visit: Visit, candidate: dict[str, Any]) -> Person:
    person = visit(candidate)
    enter(person, candidate)
    return person


def enter(person: Person, candidate: dict[str, Any]) -> None:
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.go(f"/exam/{candidate['attempt']}")
    person.page.click("main form button.large")
    expect(saving(person.page)).to_contain_text(SAVED)


def saving(page: Page) -> Locator:
    return page.locator("[data-saving]")


def choose(page: Page, position: int, place: int = 0) -> None:
    page.locator(f"#q-{position} input").nth(place).check()


def answered(page: Page, count: int) -> None:
    expect(page.locator("[data-count=answered]")).to_have_text(str(count))


def kept(page: Page) -> None:
    """The browser can open this paper by itself."""
    expect(page.locator(".exam")).to_have_attribute("data-kept", "true")


def heard(page: Page) -> None:
    """The server has answered this page, and is asked next in a quarter of a minute."""
    expect(saving(page)).to_contain_text(re.compile(r"\d+:\d\d:\d\d"))


def seconds_left(page: Page) -> int:
    return page.evaluate(LEFT)  # type: ignore[no-any-return]


def stored(store: Flask, attempt: int) -> dict[int, list[str]]:
    with store.app_context():
        return {row.position: row.answer for row in db.session.query(Response).filter_by(attempt_id=attempt)}


def no_page_kept(page: Page) -> None:
    until(page, "caches.keys().then((names) => !names.length)")


def papers_kept(page: Page) -> Any:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('exam-'))")


def moved(store: Flask, attempt: int, *, minutes: int) -> None:
    with store.app_context():
        db.session.get_one(Attempt, attempt).deadline = clock.now() + timedelta(minutes=minutes)
        db.session.commit()


def test_reloaded_and_reopened_without_a_server_it_goes_on(
    store: Flask, machine: Machine, visit: Visit, candidate: dict[str, Any]
) -> None:
    person = begin(visit, candidate)
    page = person.page
    choose(page, 3)
    expect(saving(page)).to_contain_text(SAVED)
    kept(page)
    left = seconds_left(page)
    machine.stop()
    choose(page, 85, 1)
    page.locator("#q-85 .flag").click()
    expect(saving(page)).to_contain_text(NOT_SENT)
    page.reload()
    answered(page, 2)
    expect(page.locator("#q-85 .flag")).to_have_attribute("aria-pressed", "true")
    expect(saving(page)).to_contain_text(NOT_SENT)
    assert left - 300 < seconds_left(page) <= left
    choose(page, 4)
    until(page, f"JSON.parse(localStorage['exam-{candidate['attempt']}']).pending.length === 3")
    page.close()
    again = person.context.new_page()
    again.goto(f"{machine.address}/exam/{candidate['attempt']}")
    answered(again, 3)
    choose(again, 5)
    machine.start()
    expect(saving(again)).to_contain_text(SAVED)
    assert sorted(stored(store, candidate["attempt"])) == [3, 4, 5, 85]


def test_a_server_that_restarts_is_found_again_and_nothing_is_doubled(
    store: Flask, machine: Machine, visit: Visit, candidate: dict[str, Any]
) -> None:
    page = begin(visit, candidate).page
    for position in range(1, 4):
        choose(page, position)
    machine.stop()
    for position in range(3, 9):
        choose(page, position, 1)
    expect(saving(page)).to_contain_text(NOT_SENT)
    machine.start()
    expect(saving(page)).to_contain_text(SAVED)
    with store.app_context():
        assert db.session.get_one(Attempt, candidate["attempt"]).last_seq == 9
    assert len(stored(store, candidate["attempt"])) == 8


def test_the_first_computer_says_what_it_still_holds_when_another_took_over(
    store: Flask, visit: Visit, candidate: dict[str, Any]
) -> None:
    first = begin(visit, candidate)
    first.context.set_offline(True)
    choose(first.page, 2)
    expect(saving(first.page)).to_contain_text(NOT_SENT)
    second = visit(candidate)
    enter(second, candidate)
    answered(second.page, 0)
    first.context.set_offline(False)
    box = first.page.locator("dialog[data-dialog=replaced]")
    expect(box).to_be_visible()
    expect(box).to_contain_text("本机仍有尚未送达的作答")
    expect(box.locator("[data-rescue]")).to_be_visible()
    assert stored(store, candidate["attempt"]) == {}


def test_a_changed_clock_and_a_sleep_change_no_time(machine: Machine, visit: Visit, candidate: dict[str, Any]) -> None:
    page = begin(visit, candidate).page
    heard(page)
    left = seconds_left(page)
    with page.expect_response("**/changes"):
        page.evaluate("window.before = Date.now; Date.now = () => window.before() + 3600000")
    assert left - 300 < seconds_left(page) <= left
    with page.expect_response("**/changes"):
        page.evaluate("const steady = performance.now.bind(performance); performance.now = () => steady() - 600000")
    until(page, f"{LEFT} <= {left}")  # for a moment it may have shown as much more as the computer slept
    assert left - 300 < seconds_left(page) <= left
    machine.stop()
    page.evaluate("Date.now = () => window.before() - 7200000")
    choose(page, 1)
    expect(page.locator("[data-unsure]")).to_be_visible()
    assert left - 300 < seconds_left(page) <= left


def test_what_the_network_answers_in_the_servers_place_takes_no_answer_away(
    store: Flask, visit: Visit, candidate: dict[str, Any]
) -> None:
    """A log-in page of the school's network, a proxy with an opinion: each may be JSON, none acknowledges."""
    page = begin(visit, candidate).page
    asked = list[str]()
    for position, (status, said) in enumerate([(200, "{}"), (200, "null"), (403, '{"message": "no"}')], 1):

        def answer(route: Route, *, status: int = status, said: str = said) -> None:
            asked.append(route.request.url)
            route.fulfill(status=status, content_type="application/json", body=said)

        page.route("**/changes", answer)
        choose(page, position)
        expect(saving(page)).to_contain_text(NOT_SENT)
        page.wait_for_timeout(300)
        page.unroute("**/changes")
        expect(saving(page)).to_contain_text(SAVED)
    assert len(asked) < 20, "asked without a rest"
    page.route("**/submit", lambda route: route.fulfill(status=200, content_type="application/json", body="{}"))
    page.keyboard.press("Control+Enter")
    with page.expect_response("**/submit"):
        page.click("dialog[data-dialog=hand-in] button.primary")
    expect(page.locator("[data-alarm]")).to_contain_text("尚未交卷")
    assert sorted(stored(store, candidate["attempt"])) == [1, 2, 3]


def test_a_threshold_that_comes_twice_is_spoken_twice(visit: Visit, candidate: dict[str, Any]) -> None:
    page = begin(visit, candidate).page
    said = page.evaluate("""async () => {
        const { Clock } = await import("/static/js/exam-clock.js");
        const [said, now] = [[], Date.now()];
        const told = { over() {}, again() {}, doubt() {}, extended() {} };
        const rounded = (_, { minutes, seconds }) => Math.round(minutes + seconds / 60);
        const clock = new Clock(document.createElement("i"), rounded, (text) => said.push(text), told);
        const when = (seconds) => new Date(now + 1000 * seconds).toISOString();
        for (const left of [3000, 700, 600, 590, 1300, 599, 598, 300, 290]) {
            clock.offset = undefined;
            clock.sync(when(0), when(left), 0, 0);
        }
        return said;
    }""")
    assert said == [10, 10, 5]


def test_the_line_of_saving_tells_the_servers_time_not_the_computers(
    store: Flask, visit: Visit, candidate: dict[str, Any]
) -> None:
    person = visit(candidate)
    person.page.add_init_script("""
        const Right = Date;
        window.Date = class extends Right {
            constructor(...given) { super(...(given.length ? given : [Right.now() - 3 * 3600 * 1000])); }
        };
    """)
    enter(person, candidate)
    choose(person.page, 1)
    expect(saving(person.page)).to_contain_text(SAVED)
    heard(person.page)
    (told,) = re.findall(r"\d+:\d\d:\d\d", saving(person.page).inner_text())
    zone = ZoneInfo(person.page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone"))
    with store.app_context():
        now = clock.now().astimezone(zone)
    shown = now.replace(**dict(zip(("hour", "minute", "second"), map(int, told.split(":")), strict=True)))  # type: ignore[arg-type]
    assert min(abs(now - shown + timedelta(days=day)) for day in (-1, 0, 1)) < timedelta(minutes=5)


def test_handing_in_without_a_network_is_told_loudly_and_done_later(
    store: Flask, visit: Visit, candidate: dict[str, Any]
) -> None:
    person = begin(visit, candidate)
    page = person.page
    person.context.set_offline(True)
    choose(page, 7)
    page.keyboard.press("Control+Enter")
    page.click("dialog[data-dialog=hand-in] button.primary")
    expect(page.locator("[data-alarm][role=alert]")).to_contain_text("尚未交卷")
    expect(page.locator("#q-8 input").first).to_be_disabled()
    person.check_access()
    page.click("[data-take-back]")
    expect(page.locator("#q-8 input").first).to_be_enabled()
    choose(page, 8)
    page.keyboard.press("Control+Enter")
    page.click("dialog[data-dialog=hand-in] button.primary")
    expect(page.locator("[data-alarm]")).to_contain_text("尚未交卷")
    person.context.set_offline(False)
    expect(page.locator("h1")).to_have_text("您已交卷")
    assert sorted(stored(store, candidate["attempt"])) == [7, 8]
    assert papers_kept(page) == []
    no_page_kept(page)


def test_time_over_without_a_network_closes_and_keeps_what_came_late(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    person = begin(visit, candidate)
    page = person.page
    moved(store, candidate["attempt"], minutes=10)
    choose(page, 1)
    expect(saving(page)).to_contain_text(SAVED)
    person.context.set_offline(True)
    choose(page, 2)
    person.clocks_go_on(minutes=10)
    box = page.locator("dialog[data-dialog=over]")
    expect(box).to_be_visible()
    expect(box).to_contain_text("只保存在本机")
    expect(page.locator("#q-3 input").first).to_be_disabled()
    person.check_access()
    moved(store, candidate["attempt"], minutes=-1)
    person.context.set_offline(False)
    expect(page.locator("h1")).to_have_text("考试时间到，服务器已代为交卷")
    expect(page.locator("main")).to_contain_text("有 1 项作答变更在考试结束后才送达")
    person.check_access()
    assert list(stored(store, candidate["attempt"])) == [1]
    with store.app_context():
        assert db.session.query(LateChange).one().position == 2
        assert db.session.get_one(Attempt, candidate["attempt"]).state == AttemptState.MARKED
    registrar = visit(demonstration["registrar"])
    registrar.go(f"/sessions/{demonstration['session']}/late")
    registrar.check_access()
    registrar.page.click("main table a.button")
    registrar.check_access()
    registrar.page.check("input[value=accept]")
    registrar.page.fill("#reason", "教室交换机于考试结束前断电。")
    registrar.page.click("main form button.primary")
    expect(registrar.page.locator("main")).to_contain_text("已采纳")
    assert sorted(stored(store, candidate["attempt"])) == [1, 2]


def test_a_message_of_the_proctor_is_shown_until_it_is_read(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    person = begin(visit, candidate)
    page = person.page
    with store.app_context():
        notices.send(db.session(), SYSTEM, demonstration["session"], [1, 2], "请保持安静。", clock.now())
        attempts.extend(db.session(), SYSTEM, candidate["attempt"], 300, reason="断电", now=clock.now())
        db.session.commit()
    choose(page, 1)
    box = page.locator("[data-notices][role=alert]")
    expect(box).to_contain_text("请保持安静。")
    expect(page.locator("[data-told]")).to_contain_text("延长 5 分钟")
    person.check_access()
    box.locator("button").click()
    expect(box).to_be_hidden()
    page.reload()
    expect(saving(page)).to_contain_text(SAVED)
    expect(box).to_be_hidden()
    page.click(".exam-bar [data-open=help]")
    receipt = page.locator("code[data-receipt]").inner_text()
    with store.app_context():
        assert db.session.get_one(Attempt, candidate["attempt"]).receipt == receipt


def saved_file(download: Download, folder: Path) -> Path:
    place = folder / download.suggested_filename
    download.save_as(place)
    return place


def brought(visit: Visit, demonstration: dict[str, Any], file: Path) -> Person:
    registrar = visit(demonstration["registrar"])
    registrar.go(f"/sessions/{demonstration['session']}/late")
    registrar.page.set_input_files("#file", file)
    registrar.page.click("main form button.primary")
    expect(registrar.page.locator(".notices")).to_be_visible()
    registrar.check_access()
    return registrar


def test_a_file_on_a_stick_does_what_the_network_could_not(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any], tmp_path: Path
) -> None:
    person = begin(visit, candidate)
    page = person.page
    person.context.set_offline(True)
    choose(page, 1)
    choose(page, 90, 2)
    expect(saving(page)).to_contain_text(NOT_SENT)
    page.click(".exam-bar [data-open=help]")
    with page.expect_download() as waited:
        page.click("dialog[data-dialog=help] [data-rescue]")
    expect(page.locator("dialog[data-dialog=help] [data-rescue-said]")).to_contain_text("2 项作答变更")
    person.check_access()
    registrar = brought(visit, demonstration, saved_file(waited.value, tmp_path))
    expect(registrar.page.locator(".notices")).to_contain_text("2 项作答变更已计入考试")
    assert sorted(stored(store, candidate["attempt"])) == [1, 90]
    page.keyboard.press("Escape")
    person.context.set_offline(False)
    expect(saving(page)).to_contain_text(SAVED)
    with store.app_context():
        assert db.session.get_one(Attempt, candidate["attempt"]).last_seq == 2


def test_the_file_tells_what_it_holds_whatever_is_answered_while_it_is_made(
    visit: Visit, candidate: dict[str, Any]
) -> None:
    person = begin(visit, candidate)
    page = person.page
    person.context.set_offline(True)
    choose(page, 1)
    expect(saving(page)).to_contain_text(NOT_SENT)
    page.evaluate("""() => {
        const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
        crypto.subtle.encrypt = (...given) => new Promise((go) => { globalThis.go = () => go(encrypt(...given)); });
    }""")
    page.click(".exam-bar [data-open=help]")
    page.click("dialog[data-dialog=help] [data-rescue]")
    until(page, "Boolean(globalThis.go)")
    page.locator("#q-2 input").first.evaluate("(box) => box.click()")
    with page.expect_download():
        page.evaluate("globalThis.go()")
    expect(page.locator("dialog[data-dialog=help] [data-rescue-said]")).to_contain_text("1 项作答变更")


def test_of_a_computer_left_in_haste_the_newest_answers_are_kept(visit: Visit, candidate: dict[str, Any]) -> None:
    """What a page put where it can be written at once may be newer than what came to the disk before it was closed."""
    page = begin(visit, candidate).page
    found = page.evaluate("""async () => {
        const { Store } = await import("/static/js/exam-store.js");
        const [former, present] = [await Store.open("7000001"), await Store.open("7000002")];
        await former.keep({ version: 0, attempt: "7000001", pending: [] });
        former.mirror({ version: 2, attempt: "7000001", pending: ["the last answer"] });
        return (await present.others()).find(({ attempt }) => attempt === "7000001").record.pending;
    }""")
    assert found == ["the last answer"]


def test_a_page_is_not_put_by_once_all_is_over(visit: Visit, candidate: dict[str, Any]) -> None:
    page = begin(visit, candidate).page
    kept = page.evaluate("""async () => {
        const { keep, forget } = await import("/static/js/exam-keeper.js");
        const kept = keep("", document.querySelector(".exam").dataset.worker, true);
        await forget();
        return kept;
    }""")
    assert kept is False


def test_a_page_is_not_kept_without_its_scripts(visit: Visit, candidate: dict[str, Any]) -> None:
    page = begin(visit, candidate).page
    kept = page.evaluate("""async () => {
        const [{ active }, { port1, port2 }] = [await navigator.serviceWorker.ready, new MessageChannel()];
        const answered = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data); });
        const [path, files] = ["/exam/7000001", ["http://127.0.0.1:9/none.js"]];
        active.postMessage({ keep: { path, html: "<p>", files } }, [port2]);
        return [await answered, Boolean(await (await caches.open("exam-7000001")).match(path))];
    }""")
    assert kept == [False, False]


def test_the_next_candidate_at_the_computer_sees_nothing_of_the_one_before(
    store: Flask, machine: Machine, visit: Visit, demonstration: dict[str, Any], tmp_path: Path
) -> None:
    former, present = demonstration["candidates"]
    person = begin(visit, former)
    kept(person.page)
    person.page.route("**/changes", lambda route: route.abort())
    choose(person.page, 6)
    expect(saving(person.page)).to_contain_text(NOT_SENT)
    person.page.close()
    person.page = person.context.new_page()
    person.go("/")
    person.page.click("form[action='/logout'] button")
    person.go("/login")
    no_page_kept(person.page)
    person.log_in(present["username"], present["password"])
    enter(person, present)
    page = person.page
    answered(page, 0)
    kept(page)
    assert page.evaluate("caches.keys()") == [f"exam-{present['attempt']}"]
    assert papers_kept(page) == [f"exam-{present['attempt']}"]
    page.click(".exam-bar [data-open=help]")
    with page.expect_download() as waited:
        page.click("[data-sealed] button")
    file = saved_file(waited.value, tmp_path)
    assert '"answer"' not in file.read_text()
    brought(visit, demonstration, file)
    assert list(stored(store, former["attempt"])) == [6]
    machine.stop()
    other = person.context.new_page()
    with pytest.raises(Error, match="ERR_"):
        other.goto(f"{machine.address}/exam/{former['attempt']}")
