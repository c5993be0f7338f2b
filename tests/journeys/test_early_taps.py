"""Whoever taps and types before a page's scripts run loses nothing of it, with or without a network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Visit
from tests.journeys.person import Person
from tests.journeys.test_tablet import HERE, SAVED, candidate, cut, looked, opened, sheet_of, state, tap_all

pytestmark = pytest.mark.browser

HOLD_UP = """async (name) => {
  const files = await caches.open("tablet-files"), place = `/static/js/${name}.js`;
  await import(place); // a copy that is still on its way would take this one's place
  await files.put(`${place}?kept`, await files.match(place));
  const waits = `await new Promise((go) => { globalThis.go = go; document.documentElement.dataset.waits = ""; });
    export const { start } = await import("${place}?kept");`;
  await files.put(place, new Response(waits, { headers: { "Content-Type": "text/javascript" } }));
}"""
WITHOUT_KEEPER = "navigator.serviceWorker.ready.then((one) => one.unregister())"


@pytest.fixture
def examiner(visit: Visit, demonstration: dict[str, Any]) -> Person:
    return opened(visit, demonstration["examiners"][0])


def without_network(examiner: Person, store: Flask, monkeypatch: pytest.MonkeyPatch, late: str) -> None:
    """From here on the tablet has only what it keeps, and of that one script comes when it is let go."""
    examiner.page.evaluate(HOLD_UP, late)
    examiner.context.set_offline(True)
    cut(store, monkeypatch)


def still(page: Page) -> None:
    """No time passes here any more: who is slow is not overtaken by a form that goes its plain way."""
    now = datetime.now(UTC)
    page.clock.install(time=now - timedelta(minutes=1))
    page.clock.pause_at(now)


def let_go(page: Page) -> None:
    expect(page.locator("html[data-waits]")).to_be_attached()
    page.evaluate("globalThis.go()")
    page.clock.resume()


def back(examiner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    examiner.context.set_offline(False)


def reviewed(examiner: Person) -> int:
    """A sheet with all its points, and at its review, as this tablet keeps it from now on."""
    page = examiner.page
    candidate(examiner)
    tap_all(page)
    expect(state(page)).to_contain_text(SAVED)
    sheet = sheet_of(page)
    page.goto(f"{examiner.site}/examiner/sheets/{sheet}/review")
    return sheet


def test_marks_given_and_typed_before_the_script_runs_without_a_network(
    store: Flask, examiner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = examiner.page
    without_network(examiner, store, monkeypatch, "marking")
    still(page)
    page.locator(".candidate-row").first.click()
    page.click("#c-J01 .band >> nth=1")
    page.click("#c-J01 .band >> nth=0")
    page.click("form[data-entry=begin] button")
    page.click("#c-J02 .note:not(.evidence) summary")
    page.fill("#note-J02", "语速稍快")
    page.fill("#points-J03", "1")
    page.fill("#points-J04", "2")
    page.click("#c-J04 .band >> nth=0")
    best = page.locator("#c-J04 .band").first.get_attribute("value")
    let_go(page)
    expect(page.locator("#c-J01 .band").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#c-J04 .band").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#note-J02")).to_have_value("语速稍快")
    expect(page.locator("#points-J03")).to_have_value("1")
    expect(page.get_by_role("timer").first).to_be_visible()
    expect(page.locator("[data-marked]")).to_have_text("3")
    expect(state(page)).to_contain_text(HERE)
    back(examiner, monkeypatch)
    expect(state(page)).to_contain_text(SAVED)
    sheet = sheet_of(page)
    marks, notes, began = looked(
        store,
        sheet,
        lambda one: (
            {mark.criterion: mark.points for mark in one.marks if mark.points is not None},
            {mark.criterion: mark.note for mark in one.marks if mark.note},
            one.seat.practical_started_at,
        ),
    )
    assert set(marks) == {"J01", "J03", "J04"}
    assert best == f"J04={marks['J04'].normalize():f}"
    assert notes == {"J02": "语速稍快"}
    assert began is not None


def test_a_sheet_signed_before_the_script_runs_without_a_network(
    store: Flask, examiner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, sheet = examiner.page, reviewed(examiner)
    without_network(examiner, store, monkeypatch, "marking-review")
    still(page)
    page.reload()
    page.dblclick("[data-sign-button]")
    let_go(page)
    expect(page.locator("[data-wish]")).to_be_visible()
    back(examiner, monkeypatch)
    expect(page.locator("tfoot")).to_be_visible()
    assert looked(store, sheet, lambda one: one.state) == "signed"


def test_a_signature_meant_for_other_points_is_not_made(
    store: Flask, examiner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kept page still shows what stood when it was loaded; the tablet knows better once its script runs."""
    page, sheet = examiner.page, reviewed(examiner)
    before = page.locator("[data-sign-button]").inner_text()
    page.goto(f"{examiner.site}/examiner/sheets/{sheet}")
    expect(state(page)).not_to_be_empty()
    without_network(examiner, store, monkeypatch, "marking-review")
    page.click("#c-J05 .band >> nth=3")
    expect(state(page)).to_contain_text(HERE)
    still(page)
    page.click("[data-review]")
    page.wait_for_url("**/review")
    expect(page.locator("[data-sign-button]")).to_have_text(before)
    page.click("[data-sign-button]")
    let_go(page)
    expect(page.locator("[data-sign-button]")).not_to_have_text(before)
    expect(page.locator("[data-sign-button]")).to_be_enabled()
    expect(page.locator("[data-wish]")).to_be_hidden()


def test_logging_out_before_the_script_runs_still_asks(
    store: Flask, examiner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = examiner.page
    candidate(examiner)
    without_network(examiner, store, monkeypatch, "tablet-leave")
    page.click("#c-J01 .band >> nth=0")
    expect(state(page)).to_contain_text(HERE)
    still(page)
    page.reload()
    page.click("form[action='/logout'] button")
    let_go(page)
    expect(page.locator("[data-leaving]")).to_contain_text("1 条记录只存在本平板上")


def missing(examiner: Person, script: str) -> None:
    examiner.page.evaluate(WITHOUT_KEEPER)  # what it fetches itself cannot be kept away here
    examiner.page.route(f"**/js/{script}.js", lambda route: route.abort())


def test_a_form_whose_script_fails_goes_its_plain_way(examiner: Person) -> None:
    missing(examiner, "marking")
    page = examiner.page
    page.locator(".candidate-row").first.click()
    page.fill("#points-J02", "1")
    page.click("#c-J01 .band >> nth=0")
    expect(page.locator("#c-J01 .band").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#points-J02")).to_have_value("1")
    examiner.faults.clear()  # of the missing script it was told


def test_a_form_whose_script_never_comes_goes_its_plain_way(examiner: Person) -> None:
    missing(examiner, "main")
    page = examiner.page
    still(page)
    page.locator(".candidate-row").first.click()
    page.fill("#points-J02", "1")
    page.click("#c-J01 .band >> nth=0")
    page.click("#c-J03 .band >> nth=0")
    page.clock.fast_forward(8_000)
    expect(page.locator("#c-J01 .band").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#points-J02")).to_have_value("1")
    expect(page.locator("#points-J03")).to_have_value("")


def test_a_flag_set_before_the_exam_runs_counts(visit: Visit, demonstration: dict[str, Any]) -> None:
    account = demonstration["candidates"][0]
    person = visit(account)
    page = person.page
    person.go(f"/exam/{account['attempt']}")
    page.click("main form button.large")
    expect(page.locator("[data-saving]")).to_contain_text("答案已全部保存")
    held: list[Route] = []
    page.route("**/js/exam.js", lambda route: held.append(route))  # noqa: PLW0108  # it marks what it is given
    page.evaluate(WITHOUT_KEEPER)
    with page.expect_request("**/js/exam.js"):
        page.reload(wait_until="commit")
    page.locator("#q-9 .flag").click()
    page.locator("#q-3 input").first.check()
    page.locator("#q-3 input").nth(1).check()
    held[0].continue_()
    expect(page.locator("[data-count=flagged]")).to_have_text("1")
    expect(page.locator("[data-count=answered]")).to_have_text("1")
    expect(page.locator("#q-3 input").nth(1)).to_be_checked()
    expect(page.locator("[data-saving]")).to_contain_text("答案已全部保存")
