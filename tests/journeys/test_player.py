"""Sitting the theory exam: by keyboard alone, through failures, at two computers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from app.core import clock
from app.core.audit import SYSTEM
from app.core.db import db
from app.delivery import attempts
from app.models.exam import Attempt, AttemptState, Response
from tests.journeys.conftest import Visit
from tests.journeys.person import Person, until

pytestmark = pytest.mark.browser
SAVED = "答案已全部保存"
ALL = 90
WITHOUT_KEEPER = "navigator.serviceWorker.ready.then((one) => one.unregister())"


@pytest.fixture
def candidate(demonstration: dict[str, Any]) -> dict[str, Any]:
    return demonstration["candidates"][0]  # type: ignore[no-any-return]


def begin(visit: Visit, candidate: dict[str, Any]) -> Person:
    person = visit(candidate)
    person.go(f"/exam/{candidate['attempt']}")
    person.page.click("main form button.large")
    expect(saving(person.page)).to_contain_text(SAVED)
    return person


def saving(page: Page) -> Any:
    return page.locator("[data-saving]")


def answered(page: Page) -> Any:
    return page.locator("[data-count=answered]")


def stored(store: Flask, attempt: int) -> dict[int, list[str]]:
    with store.app_context():
        rows = db.session.query(Response).filter_by(attempt_id=attempt)
        return {row.position: row.answer for row in rows}


def moved(store: Flask, candidate: dict[str, Any], *, minutes: int) -> None:
    with store.app_context():
        db.session.get_one(Attempt, candidate["attempt"]).deadline = clock.now() + timedelta(minutes=minutes)
        db.session.commit()


def test_the_whole_exam_by_keyboard(store: Flask, visit: Visit, candidate: dict[str, Any]) -> None:
    person = begin(visit, candidate)
    page = person.page
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    for position in range(1, ALL + 1):
        page.keyboard.press("1" if position % 2 else "b")
        page.keyboard.press("j")
    page.keyboard.press("f")
    expect(answered(page)).to_have_text(str(ALL))
    expect(page.locator("[data-count=flagged]")).to_have_text("1")
    expect(saving(page)).to_contain_text(SAVED)
    page.keyboard.press("?")
    expect(page.locator("dialog[data-dialog=help]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[data-dialog=help]")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-count-unanswered]")).to_have_text("所有题目均已作答。")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("您已交卷")
    assert len(stored(store, candidate["attempt"])) == ALL


def test_who_has_handed_in_is_never_told_the_contrary(visit: Visit, candidate: dict[str, Any]) -> None:
    page = begin(visit, candidate).page
    page.evaluate("""() => {
        const alarm = document.querySelector("[data-alarm]");
        new MutationObserver(() => { sessionStorage.told = alarm.dataset.kind; }).observe(alarm, { attributes: true });
    }""")
    page.click(".exam-bar [data-open=hand-in]")
    page.click("dialog[data-dialog=hand-in] button.primary")
    expect(page.locator("h1")).to_have_text("您已交卷")
    assert page.evaluate("sessionStorage.told ?? null") is None


def test_handing_in_that_is_lost_on_its_way_goes_on_being_told(visit: Visit, candidate: dict[str, Any]) -> None:
    person = begin(visit, candidate)
    page = person.page
    person.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.click("dialog[data-dialog=hand-in] button.primary")
    expect(page.locator("[data-alarm]")).to_contain_text("尚未交卷")
    page.route("**/submit", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/submit")):
        person.context.set_offline(False)
    expect(page.locator("[data-alarm]")).to_contain_text("尚未交卷")
    page.unroute("**/submit")
    expect(page.locator("h1")).to_have_text("您已交卷")


def test_reload_goes_on_where_it_was(visit: Visit, candidate: dict[str, Any]) -> None:
    page = begin(visit, candidate).page
    page.locator("#q-3 input").first.check()
    page.locator("#q-85 input").nth(1).check()
    page.locator("#q-85 .flag").click()
    expect(saving(page)).to_contain_text(SAVED)
    page.reload()
    expect(answered(page)).to_have_text("2")
    expect(page.locator("#q-85 .flag")).to_have_attribute("aria-pressed", "true")
    page.locator("#q-4 input").first.check()
    expect(saving(page)).to_contain_text(SAVED)


def test_what_was_chosen_before_the_script_ran_counts(store: Flask, visit: Visit, candidate: dict[str, Any]) -> None:
    person = begin(visit, candidate)
    held: list[Route] = []
    person.page.route("**/js/exam.js", lambda route: held.append(route))  # noqa: PLW0108  # it marks what it is given
    person.page.evaluate(WITHOUT_KEEPER)  # what it fetches itself cannot be held up here
    with person.page.expect_request("**/js/exam.js"):
        person.page.reload(wait_until="commit")
    person.page.locator("#q-9 input").first.check()
    expect(person.page.locator(".exam-bar [data-open=hand-in]")).to_be_disabled()
    held[0].continue_()
    expect(answered(person.page)).to_have_text("1")
    expect(saving(person.page)).to_contain_text(SAVED)
    assert list(stored(store, candidate["attempt"])) == [9]


def test_without_a_network_answers_wait_here_and_outlive_a_reload(
    store: Flask, visit: Visit, candidate: dict[str, Any]
) -> None:
    person = begin(visit, candidate)
    page = person.page
    person.context.set_offline(True)
    page.locator("#q-7 input").first.check()
    expect(saving(page)).to_contain_text("尚未送达服务器")
    page.keyboard.press("Control+Enter")
    page.click("dialog[data-dialog=hand-in] button.primary")
    expect(page.locator("[data-alarm]")).to_contain_text("尚未交卷")
    page.click("[data-take-back]")
    kept = page.evaluate(f"JSON.parse(localStorage['exam-{candidate['attempt']}']).pending.length")
    assert kept == 1
    assert stored(store, candidate["attempt"]) == {}
    page.on("dialog", lambda dialog: dialog.accept())
    person.context.set_offline(False)
    page.reload()
    expect(answered(page)).to_have_text("1")
    expect(saving(page)).to_contain_text(SAVED)
    assert list(stored(store, candidate["attempt"])) == [7]


def test_another_computer_takes_over_and_the_first_says_so(visit: Visit, candidate: dict[str, Any]) -> None:
    first = begin(visit, candidate)
    first.page.locator("#q-2 input").first.check()
    expect(saving(first.page)).to_contain_text(SAVED)
    first.context.set_offline(True)  # or a heartbeat tells it before it is asked
    second = visit(candidate)
    second.go(f"/exam/{candidate['attempt']}")
    second.check_access()
    second.page.click("main form button.large")
    expect(answered(second.page)).to_have_text("1")
    first.page.locator("#q-5 input").first.check()
    first.context.set_offline(False)
    expect(first.page.locator("dialog[data-dialog=replaced]")).to_be_visible()


def test_a_second_tab_is_told(visit: Visit, candidate: dict[str, Any]) -> None:
    person = begin(visit, candidate)
    other = person.context.new_page()
    other.goto(f"{person.site}/exam/{candidate['attempt']}")
    expect(other.locator("dialog[data-dialog=tab]")).to_be_visible()


def test_a_page_that_is_still_going_away_is_not_called_another_tab(visit: Visit, candidate: dict[str, Any]) -> None:
    person = visit(candidate)
    former = person.context.new_page()
    former.goto(f"{person.site}/login")
    former.evaluate(
        """(name) => new Promise((held) => navigator.locks.request(name, () => {
            held();
            return new Promise((go) => { globalThis.go = go; });
        }))""",
        f"exam-{candidate['attempt']}",
    )
    person.page.add_init_script("AbortController.prototype.abort = () => {}")  # however long it takes here
    person.go(f"/exam/{candidate['attempt']}")
    person.page.click("main form button.large")
    until(former, "navigator.locks.query().then(({ pending }) => pending.length)")
    former.evaluate("globalThis.go()")
    expect(saving(person.page)).to_contain_text(SAVED)


def test_a_pause_covers_the_paper_until_it_ends(store: Flask, visit: Visit, candidate: dict[str, Any]) -> None:
    person = begin(visit, candidate)
    page = person.page
    person.context.set_offline(True)
    page.locator("#q-1 input").first.check()
    with store.app_context():
        attempts.pause(db.session(), SYSTEM, candidate["attempt"], "fire drill", clock.now())
        db.session.commit()
    person.context.set_offline(False)
    expect(page.locator("dialog[data-dialog=paused]")).to_be_visible()
    with store.app_context():
        attempts.resume(db.session(), SYSTEM, candidate["attempt"], "drill over", clock.now())
        db.session.commit()
    expect(page.locator("dialog[data-dialog=paused]")).to_be_hidden()
    expect(saving(page)).to_contain_text(SAVED)
    assert list(stored(store, candidate["attempt"])) == [1]


def test_when_time_is_over_the_server_hands_in(store: Flask, visit: Visit, candidate: dict[str, Any]) -> None:
    person = begin(visit, candidate)
    page = person.page
    moved(store, candidate, minutes=10)
    page.locator("#q-1 input").first.check()
    expect(saving(page)).to_contain_text(SAVED)
    page.route("**/changes", lambda route: None)  # no answer, so that the page shows its own end first
    moved(store, candidate, minutes=-1)
    person.clocks_go_on(minutes=10)
    expect(page.locator("dialog[data-dialog=over]")).to_be_visible()
    page.unroute("**/changes")
    expect(page.locator("h1")).to_have_text("考试时间到，服务器已代为交卷")
    with store.app_context():
        assert db.session.get_one(Attempt, candidate["attempt"]).state == AttemptState.MARKED


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_everybody_can_use_every_page_of_the_exam(visit: Visit, candidate: dict[str, Any], locale: str) -> None:
    person = visit(candidate, locale=locale)
    page = person.page
    person.go(f"/exam/{candidate['attempt']}")
    person.check_access()
    page.click("main form button.large")
    expect(page.locator("[data-saving][data-tone=good]")).to_be_visible()
    page.locator("#q-1 input").first.check()
    page.locator("#q-2 .flag").click()
    person.check_access()
    for opens in ("help", "hand-in"):
        page.locator(f".exam-bar [data-open={opens}]").click()
        person.check_access()
        page.keyboard.press("Escape")
    page.locator(".exam-bar [data-open=hand-in]").click()
    page.click("dialog[data-dialog=hand-in] button.primary")
    expect(page.locator(".verdict h1")).to_be_visible()
    person.check_access()
