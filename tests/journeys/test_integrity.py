"""Signals, Safe Exam Browser and pictures, from the candidate's computer to the proctor's eye."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from sqlalchemy import select

from app.core.db import db
from app.models.integrity import Capture, IntegritySignal, SessionIntegrity
from proctoring import lockdown
from tests.browser import FLAGS
from tests.factories import integrity
from tests.journeys.conftest import Visit
from tests.journeys.person import Person, until

pytestmark = pytest.mark.browser
FAKE_CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
SAVED = "答案已全部保存"


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """With a camera that shows a test picture and needs no permission."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=[*FLAGS, *FAKE_CAMERA])
        yield started
        started.close()


@pytest.fixture
def candidate(demonstration: dict[str, Any]) -> dict[str, Any]:
    return demonstration["candidates"][0]  # type: ignore[no-any-return]


def agree(store: Flask, demonstration: dict[str, Any], **terms: Any) -> None:
    with store.app_context():
        integrity.agreed(db.session(), demonstration["session"], **terms)


def begin(person: Person) -> None:
    person.page.click("form[action$='/begin'] button")
    expect(person.page.locator("[data-saving]")).to_contain_text(SAVED)
    person.page.evaluate("import('/static/js/exam-integrity.js').then(() => null)")  # it watches from now on


def kept(store: Flask, what: type[IntegritySignal] | type[Capture]) -> list[Any]:
    with store.app_context():
        return list(db.session.scalars(select(what).order_by(what.id)))


def wait_for(page: Page, happened: Any) -> None:
    for _ in range(600):
        if happened():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => { const data = new DataTransfer(); data.setData("text", text);
           document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data })); }""",
        text,
    )


def send_now(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('online'))")


def test_what_is_noticed_reaches_the_proctor_beside_what_it_does_not_prove(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    person = visit(candidate)
    person.go(f"/exam/{candidate['attempt']}")
    expect(person.page.locator("#recorded + p")).to_be_visible()
    person.check_access()
    begin(person)
    page = person.page
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('blur'))")
    page.wait_for_timeout(1200)
    page.evaluate("dispatchEvent(new Event('focus'))")
    paste(page, "机密的十二个字符在这里呀")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert kept(store, IntegritySignal) == []
    page.context.set_offline(False)
    send_now(page)
    wait_for(page, lambda: len(kept(store, IntegritySignal)) == 3)
    signals = {one.kind: one for one in kept(store, IntegritySignal)}
    assert signals["focus"].seconds >= 1
    assert (signals["paste"].length, signals["paste"].data) == (12, {})
    assert not person.faults
    proctor = visit(demonstration["proctors"][0])
    proctor.go(f"/rooms/{demonstration['session']}/signals")
    proctor.check_access()
    proctor.page.click("table a >> nth=0")
    expect(proctor.page.locator("main")).to_contain_text("12 个字符")
    expect(proctor.page.locator("main")).to_contain_text("粘贴的内容并不知道")
    proctor.check_access()


def test_signals_outlive_a_reload_and_are_sent_once(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    person = visit(candidate)
    person.go(f"/exam/{candidate['attempt']}")
    begin(person)
    page = person.page
    page.route("**/signals", lambda route: route.abort())
    paste(page, "abc")
    send_now(page)
    page.unroute("**/signals")
    page.reload()
    wait_for(page, lambda: [one.length for one in kept(store, IntegritySignal) if one.kind == "paste"] == [3])
    send_now(page)
    page.wait_for_timeout(300)
    assert [one.kind for one in kept(store, IntegritySignal)] == ["paste"], "a reload is no leaving of the page"


def test_full_screen_is_asked_for_and_leaving_it_noted(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    agree(store, demonstration, full_screen=True)
    person = visit(candidate)
    person.go(f"/exam/{candidate['attempt']}")
    begin(person)
    page = person.page
    page.click("[data-full-screen] button")
    expect(page.locator("[data-full-screen]")).to_be_hidden()
    page.evaluate("document.exitFullscreen()")
    expect(page.locator("[data-full-screen]")).to_be_visible()
    send_now(page)
    wait_for(page, lambda: "full_screen" in [one.kind for one in kept(store, IntegritySignal)])
    person.check_access()


class SafeExamBrowser:
    """Adds to every request what that browser would; `on` is whether its keys still fit."""

    def __init__(self, store: Flask, demonstration: dict[str, Any]) -> None:
        with store.app_context():
            self.key = db.session.get_one(SessionIntegrity, demonstration["session"]).config_key
        self.public, self.on = store.extensions["settings"].public_url, True

    def hashed(self, url: str) -> str:
        address = self.public + urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl()
        return lockdown.request_hash(address, self.key)

    def __call__(self, route: Route) -> None:
        headers = dict(route.request.headers)
        if self.on:
            headers["X-SafeExamBrowser-ConfigKeyHash"] = self.hashed(route.request.url)
        route.continue_(headers=headers)


def test_the_exam_begins_in_safe_exam_browser_and_goes_on_whatever_becomes_of_it(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    agree(store, demonstration, lockdown="required")
    plain = visit(candidate)
    assert plain.page.goto(f"{plain.site}/exam/{candidate['attempt']}").status == 403  # type: ignore[union-attr]
    expect(plain.page.locator("a[href^='seb://']")).to_be_visible()
    plain.check_access()
    seb, person = SafeExamBrowser(store, demonstration), visit(candidate)
    person.context.route("**/*", seb)
    person.go(f"/exam/{candidate['attempt']}")
    begin(person)
    page = person.page
    seb.on = False  # updated in the middle of the exam
    page.locator(".item input").first.check()
    expect(page.locator("[data-saving][data-tone=good]")).to_contain_text(SAVED)
    page.reload()
    expect(page.locator("[data-saving][data-tone=good]")).to_contain_text(SAVED)
    assert [one.kind for one in kept(store, IntegritySignal) if one.kind != "focus"] == ["lockdown"]


def test_a_browser_that_tells_its_key_to_scripts_alone(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    agree(store, demonstration, lockdown="required")
    seb, person = SafeExamBrowser(store, demonstration), visit(candidate)
    known = {"configKey": seb.hashed(f"{seb.public}/exam/{candidate['attempt']}")}
    person.context.add_init_script(f"window.SafeExamBrowser = {{ version: 'test', security: {known} }};")
    person.page.goto(f"{person.site}/exam/{candidate['attempt']}")
    expect(person.page.locator("form[action$='/begin'] button")).to_be_visible()
    begin(person)
    person.page.reload()
    expect(person.page.locator("[data-saving]")).to_contain_text(SAVED)
    assert [one.kind for one in kept(store, IntegritySignal) if one.kind == "lockdown"] == []


def test_pictures_are_taken_of_who_agreed_seen_by_the_proctor_and_end_when_taken_back(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    agree(store, demonstration, camera=True)
    person = visit(candidate)
    person.go(f"/exam/{candidate['attempt']}")
    expect(person.page.locator("#pictures")).to_be_visible()
    person.check_access()
    person.page.click("button[value=agree]")
    begin(person)
    page = person.page
    wait_for(page, lambda: kept(store, Capture))
    expect(page.locator("[data-capture-said]")).to_contain_text("摄像头")
    person.check_access()
    proctor = visit(demonstration["proctors"][0])
    proctor.go(f"/rooms/{demonstration['session']}/seats/1/pictures")
    expect(proctor.page.locator(".contact-sheet img").first).to_have_js_property("complete", True)
    assert proctor.page.locator(".contact-sheet img").first.evaluate("(image) => image.naturalWidth") > 100
    proctor.check_access()
    page.click("[data-stop]")
    expect(page.locator("[data-capture-said]")).to_contain_text("不再拍摄")
    wait_for(page, lambda: "consent" in [one.kind for one in kept(store, IntegritySignal)])
    page.locator(".item input").first.check()
    expect(page.locator("[data-saving][data-tone=good]")).to_contain_text(SAVED)


def test_a_camera_that_starts_after_the_consent_was_taken_back_takes_no_picture(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    agree(store, demonstration, camera=True)
    person = visit(candidate)
    person.go(f"/exam/{candidate['attempt']}")
    person.page.click("button[value=agree]")
    person.page.add_init_script("""
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (wish) => {
            globalThis.stream = await ask(wish);
            await new Promise((go) => { globalThis.go = go; });
            return stream;
        };
    """)
    begin(person)
    page = person.page
    until(page, "Boolean(globalThis.go)")
    page.click("[data-stop]")
    expect(page.locator("[data-capture-said]")).to_contain_text("不再拍摄")
    page.evaluate("globalThis.go()")
    until(page, "globalThis.stream.getTracks()[0].readyState === 'ended'")
    expect(page.locator("[data-capture-said]")).to_contain_text("不再拍摄")
    assert kept(store, Capture) == []


def test_who_refuses_pictures_sits_when_the_proctor_has_decided(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    agree(store, demonstration, camera=True)
    person = visit(candidate)
    person.go(f"/exam/{candidate['attempt']}")
    person.page.click("button[value=refuse]")
    expect(person.page.locator(".notice.warn").first).to_contain_text("监考员")
    proctor = visit(demonstration["proctors"][0])
    proctor.go(f"/rooms/{demonstration['session']}/seats/1/signals")
    proctor.check_access()
    proctor.page.fill("#sit_without-reason", "坐在第一排")
    proctor.page.click("form[action$='/sit_without'] button")
    expect(proctor.page.locator(".notice.success")).to_be_visible()
    expect(person.page.locator("#pictures ~ .notice")).to_contain_text("监考员已决定")  # the page looks by itself
    begin(person)
    expect(person.page.locator("[data-capture]")).to_have_count(0)


def test_a_page_that_looks_again_does_not_take_away_what_is_being_sent(
    store: Flask, visit: Visit, demonstration: dict[str, Any], candidate: dict[str, Any]
) -> None:
    agree(store, demonstration, camera=True)
    person, held = visit(candidate), list[Route]()
    page = person.page
    page.add_init_script("""
        const every = globalThis.setInterval, end = globalThis.clearInterval;
        globalThis.setInterval = (act, wait) => {
            if (wait !== 15000) return every(act, wait);
            globalThis.look = act;
            return "look";
        };
        globalThis.clearInterval = (one) => { if (one === "look") globalThis.look = () => {}; else end(one); };
        document.addEventListener("submit", () => setTimeout(() => globalThis.look?.(), 0));
    """)
    person.go(f"/exam/{candidate['attempt']}")
    page.click("button[value=refuse]")
    until(page, "globalThis.look")
    page.route("**/consent", lambda route: held.append(route))  # noqa: PLW0108 - the browser driver hooks plain functions only
    page.click("button[value=agree]", no_wait_after=True)
    wait_for(page, lambda: held)
    page.wait_for_timeout(500)  # for a page that looks although it sends
    held[0].continue_()
    expect(page.locator("#pictures ~ .notice")).to_contain_text("同意。")
