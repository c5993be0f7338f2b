"""An examiner's tablet without a network: it goes on, opens again, moves between candidates, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.models.account import Login
from app.models.marking import MarkEntry, SheetEvidence
from app.models.practical import RubricSheet
from app.practical.marking.entries import late_entries
from app.practical.marking.standing import value_of
from tests.journeys.conftest import Visit
from tests.journeys.person import Person, until

pytestmark = pytest.mark.browser
UPRIGHT = (820, 1180)
SAVED, HERE = "全部评分已于", "本平板上还有"


def state(page: Page) -> Locator:
    return page.locator("[data-state]")


def opened(visit: Visit, account: dict[str, Any], *, locale: str = "zh-CN") -> Person:
    """At the list, with every candidate loaded onto the tablet."""
    examiner = visit(account, size=UPRIGHT, locale=locale)
    examiner.page.on("dialog", lambda dialog: dialog.accept())
    home(examiner)
    return examiner


def home(examiner: Person) -> None:
    examiner.go("/examiner/")
    until(examiner.page, "navigator.serviceWorker.ready.then((one) => one.active)")
    expect(examiner.page.locator("[data-keeping]")).to_contain_text("断网也能打开")


def candidate(examiner: Person, place: int = 0) -> None:
    examiner.page.locator(".candidate-row").nth(place).click()
    expect(examiner.page.locator("[data-criterion]").first).to_be_visible()
    expect(state(examiner.page)).not_to_be_empty()


def tap_all(page: Page, band: int = 0) -> None:
    for criterion in page.locator("[data-criterion]").all():
        criterion.locator(".band").nth(band).click()


def sheet_of(page: Page) -> int:
    return int(page.locator("[data-marks]").locator("..").get_attribute("data-sheet") or 0)


def cut(store: Flask, monkeypatch: pytest.MonkeyPatch, ending: str = "") -> None:
    """Nothing gets through to the server: a page just opened is online until the browser has been told it is not."""

    answer = store.wsgi_app

    def silent(environ: Any, start_response: Any) -> Any:
        if not environ["PATH_INFO"].endswith(ending):
            return answer(environ, start_response)
        start_response("503 Service Unavailable", [])
        return []

    monkeypatch.setattr(store, "wsgi_app", silent)


def stored(store: Flask, sheet_id: int) -> dict[str, str]:
    with store.app_context():
        sheet = db.session.get_one(RubricSheet, sheet_id)
        return {key: f"{points:f}" for key, points in value_of(sheet).awarded.items()}


def counted(store: Flask, sheet_id: int) -> int:
    with store.app_context():
        rows = select(func.count()).select_from(MarkEntry).where(MarkEntry.sheet_id == sheet_id)
        return db.session.scalar(rows) or 0


def looked(store: Flask, sheet_id: int, read: Callable[[RubricSheet], Any]) -> Any:
    with store.app_context():
        return read(db.session.get_one(RubricSheet, sheet_id))


def test_a_whole_sitting_without_a_network(
    store: Flask, visit: Visit, demonstration: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    examiner = opened(visit, demonstration["examiners"][0])
    page, context = examiner.page, examiner.context
    context.set_offline(True)
    cut(store, monkeypatch)
    candidate(examiner)
    first = sheet_of(page)
    page.click("form[data-entry=begin] button")
    expect(page.get_by_role("timer").first).to_be_visible()
    tap_all(page)
    page.click("#c-J02 .note:not(.evidence) summary")
    page.fill("#note-J02", "语速稍快")
    page.locator("#points-J01").focus()
    expect(state(page)).to_contain_text(HERE)
    page.reload()
    expect(page.locator("#note-J02")).to_have_value("语速稍快")
    expect(page.locator("[data-marked]")).to_have_text("16")
    expect(page.get_by_role("timer").first).to_be_visible()
    page.click("form[data-entry=end] button")
    page.click("[data-review]")
    page.wait_for_url("**/review")
    expect(page.locator("[data-missing]")).to_be_hidden()
    page.dblclick("[data-sign-button]")
    expect(page.locator("[data-wish]")).to_be_visible()
    page.goto(examiner.site + "/examiner/")
    row = page.locator(".candidate-row").nth(0)
    expect(row.locator("[data-kept-here]")).to_contain_text("签字待上传")
    candidate(examiner, 1)
    page.click("#c-J01 .band >> nth=1")
    expect(state(page)).to_contain_text(HERE)
    second = sheet_of(page)
    assert second != first
    assert stored(store, first) == stored(store, second) == {}
    monkeypatch.undo()
    context.set_offline(False)
    expect(state(page)).to_contain_text(SAVED)
    assert len(stored(store, first)) == 16
    assert len(stored(store, second)) == 1
    assert counted(store, first) == 16 + 3
    state_now, made, ended = looked(
        store, first, lambda one: (one.state, one.sign_made_at, one.seat.practical_ended_at)
    )
    assert state_now == "signed"
    assert made is not None
    assert ended is not None
    home(examiner)
    page.locator(".candidate-row").nth(0).click()
    expect(page.locator("tfoot")).to_be_visible()


def test_a_full_disk_keeps_no_page_away(visit: Visit, demonstration: dict[str, Any]) -> None:
    examiner = opened(visit, demonstration["examiners"][0])
    [worker] = examiner.context.service_workers
    worker.evaluate("() => { Cache.prototype.put = () => Promise.reject(new Error('full')); }")
    examiner.go(f"/examiner/sessions/{demonstration['practical_session']}/papers")
    expect(examiner.page.locator("h1")).to_be_visible()


SLOW_DISK = """() => {
  const seal = crypto.subtle.encrypt.bind(crypto.subtle), later = new Promise((go) => { globalThis.go = go; });
  crypto.subtle.encrypt = async (...how) => { await later; return seal(...how); };
}"""
TYPED = """(field) => {
  field.value = "语速稍快";
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  return field.form.querySelector("[data-state]").textContent;
}"""


def test_only_what_is_on_the_disk_is_said_to_be_on_the_tablet(visit: Visit, demonstration: dict[str, Any]) -> None:
    examiner = opened(visit, demonstration["examiners"][0])
    page = examiner.page
    candidate(examiner)
    sheet = sheet_of(page)
    examiner.context.set_offline(True)
    page.click("form[data-entry=begin] button")
    expect(state(page)).to_contain_text(HERE)
    assert page.locator("#note-J02").evaluate(TYPED) == "正在保存……"
    expect(state(page)).to_contain_text("2 条")
    page.evaluate(SLOW_DISK)
    page.click("#c-J01 .band >> nth=0")
    expect(state(page)).to_have_text("正在保存……")
    page.click("form[data-entry=end] button")
    page.click("[data-review]")
    page.evaluate("globalThis.go()")
    page.wait_for_url("**/review")
    page.goto(f"{examiner.site}/examiner/sheets/{sheet}")
    expect(page.locator("[data-span]").first).to_have_attribute("data-stage", "ended")
    expect(page.locator("#note-J02")).to_have_value("语速稍快")
    expect(page.locator("#c-J01 .band").first).to_have_attribute("aria-pressed", "true")


def test_two_tablets_with_one_sheet(store: Flask, visit: Visit, demonstration: dict[str, Any]) -> None:
    account = demonstration["examiners"][0]
    one, other = opened(visit, account), opened(visit, account)
    for tablet in (one, other):
        candidate(tablet)
    one.context.set_offline(True)
    other.context.set_offline(True)
    one.page.click("#c-J01 .band >> nth=0")
    one.page.click("#c-J02 .band >> nth=0")
    other.page.click("#c-J02 .band >> nth=2")
    other.page.click("#c-J02 .band >> nth=1")
    other.page.click("#c-J03 .band >> nth=3")
    other.context.set_offline(False)
    expect(state(other.page)).to_contain_text(SAVED)
    one.context.set_offline(False)
    expect(state(one.page)).to_contain_text(SAVED)
    sheet = sheet_of(one.page)
    both = stored(store, sheet)
    assert set(both) == {"J01", "J02", "J03"}
    for tablet in (one, other):
        tablet.page.reload()
        for key, points in both.items():
            expect(tablet.page.locator(f"#points-{key}")).to_have_value(f"{float(points):g}")
    assert counted(store, sheet) == 5


def test_a_signature_on_what_another_tablet_changed_is_asked_again(
    store: Flask, visit: Visit, demonstration: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = demonstration["examiners"][0]
    one, other = opened(visit, account), opened(visit, account)
    candidate(one)
    candidate(other)
    tap_all(one.page)
    expect(state(one.page)).to_contain_text(SAVED)
    sheet = sheet_of(one.page)
    one.page.click("[data-review]")
    one.page.wait_for_url("**/review")
    expect(one.page.locator("[data-missing]")).to_be_hidden()
    one.context.set_offline(True)
    cut(store, monkeypatch, "/sign")
    one.page.click("[data-sign-button]")
    expect(one.page.locator("[data-wish]")).to_be_visible()
    other.page.reload()
    expect(state(other.page)).not_to_be_empty()
    other.page.click("#c-J05 .band >> nth=3")
    expect(state(other.page)).to_contain_text(SAVED)
    monkeypatch.undo()
    one.context.set_offline(False)
    expect(one.page.locator("[data-refusal]")).to_contain_text("重新核对")
    assert looked(store, sheet, lambda found: found.state) == "open"
    expect(one.page.locator("[data-line=J05] [data-grade]")).to_have_text("差")
    one.page.click("[data-sign-button]")
    expect(one.page.locator(".notice.success")).to_be_visible()
    assert looked(store, sheet, lambda found: found.state) == "signed"


def test_a_tablet_that_comes_back_after_the_signature(
    store: Flask, visit: Visit, demonstration: dict[str, Any]
) -> None:
    account = demonstration["examiners"][0]
    forgotten, used = opened(visit, account), opened(visit, account)
    candidate(forgotten)
    forgotten.context.set_offline(True)
    forgotten.page.click("#c-J01 .band >> nth=3")
    expect(state(forgotten.page)).to_contain_text(HERE)
    candidate(used)
    tap_all(used.page)
    used.page.click("[data-review]")
    used.page.click("[data-sign-button]")
    expect(used.page.locator(".notice.success")).to_be_visible()
    sheet = sheet_of(forgotten.page)
    signed = stored(store, sheet)
    forgotten.context.set_offline(False)
    expect(forgotten.page.locator("[data-signed-notice]").or_(forgotten.page.locator("tfoot"))).to_be_visible()
    assert stored(store, sheet) == signed
    expect(forgotten.page.locator("[data-late-notice]")).to_contain_text("1 条")
    with store.app_context():
        assert [entry.key for entry in late_entries(db.session(), [sheet])] == ["J01"]


def test_a_log_in_that_ended_keeps_what_is_entered(store: Flask, visit: Visit, demonstration: dict[str, Any]) -> None:
    account = demonstration["examiners"][0]
    examiner = opened(visit, account)
    page = examiner.page
    candidate(examiner)
    with store.app_context():
        db.session.query(Login).update({Login.ended_at: clock.now() - timedelta(seconds=1)})
        db.session.commit()
    page.click("#c-J01 .band >> nth=0")
    expect(page.locator("[data-login]")).to_be_visible()
    expect(state(page)).to_contain_text("重新登录")
    page.click("[data-login] a")
    page.fill("#username", account["username"])
    page.fill("#password", account["password"])
    page.click("main button.primary")
    expect(state(page)).to_contain_text(SAVED)
    assert set(stored(store, sheet_of(page))) == {"J01"}


def test_another_examiner_at_the_same_tablet_finds_nothing(
    store: Flask, visit: Visit, demonstration: dict[str, Any]
) -> None:
    mine, theirs = demonstration["examiners"][:2]
    examiner = opened(visit, mine)
    page, context = examiner.page, examiner.context
    candidate(examiner)
    sheet = sheet_of(page)
    context.route("**/entries", lambda route: route.abort())
    page.click("#c-J01 .note:not(.evidence) summary")
    page.fill("#note-J01", "只有我能看")
    page.locator("#points-J02").focus()
    expect(state(page)).to_contain_text(HERE)
    page.click("form[action='/logout'] button")
    expect(page.locator("[data-leaving]")).to_contain_text("1 条记录只存在本平板上")
    page.click("[data-leave]")
    expect(page.locator("form[action='/logout']")).to_have_count(0)
    context.set_offline(True)
    assert not page.evaluate("caches.keys().then((all) => all.filter((one) => one !== 'tablet-files').length)")
    context.set_offline(False)
    examiner.log_in(theirs["username"], theirs["password"])
    home(examiner)
    expect(page.locator("[data-others]")).to_be_visible()
    page.locator(".candidate-row").first.click()
    expect(page.locator("#note-J01")).to_have_value("")
    assert "只有我能看" not in page.evaluate(ROWS)
    page.click("form[action='/logout'] button")
    expect(page.locator("form[action='/logout']")).to_have_count(0)
    context.unroute("**/entries")
    examiner.log_in(mine["username"], mine["password"])
    examiner.go(f"/examiner/sheets/{sheet}")
    expect(page.locator("#note-J01")).to_have_value("只有我能看")
    expect(state(page)).to_contain_text(SAVED)


ROWS = """() => new Promise((done) => {
  const asked = indexedDB.open("tablet", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("rows").objectStore("rows").getAll();
    all.onsuccess = () => done(JSON.stringify(all.result.map((row) => [row, new TextDecoder().decode(row.data)])));
  };
})"""


def test_evidence_is_kept_and_sent_once(
    store: Flask, visit: Visit, demonstration: dict[str, Any], tmp_path: Path
) -> None:
    from PIL import Image

    picture, fake = tmp_path / "screen.png", tmp_path / "sound.wav"
    Image.new("RGB", (400, 300), "navy").save(picture)
    fake.write_bytes(b"this is no sound")
    examiner = opened(visit, demonstration["examiners"][0])
    page = examiner.page
    candidate(examiner)
    sheet = sheet_of(page)
    examiner.context.set_offline(True)
    page.click("#c-J03 .evidence summary")
    for file in (picture, fake):
        page.set_input_files("#c-J03 [data-kind=auto]", file)
        page.fill("#c-J03 [data-caption]", "客户资料截图")
        page.click("#c-J03 [data-attach]")
    expect(page.locator("#c-J03 [data-waits]:not([hidden])")).to_have_count(2)
    page.reload()
    expect(page.locator("#c-J03 [data-waits]:not([hidden])")).to_have_count(2)
    page.click("#c-J03 .evidence summary")
    examiner.context.set_offline(False)
    expect(page.locator("#c-J03 [data-evidence-said]")).to_contain_text("不是可播放的录音")
    expect(page.locator("#c-J03 [data-waits]")).to_have_count(0)
    with store.app_context():
        [kept] = db.session.scalars(select(SheetEvidence).where(SheetEvidence.sheet_id == sheet))
        assert (kept.criterion, kept.kind, kept.media_type, kept.caption) == (
            "J03", "screen", "image/jpeg", "客户资料截图",
        )  # fmt: skip
    page.reload()
    expect(page.locator("#c-J03 .piece-picture")).to_have_count(1)


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_everybody_can_use_it_without_a_network(visit: Visit, demonstration: dict[str, Any], locale: str) -> None:
    examiner = visit(demonstration["examiners"][0], size=UPRIGHT, locale=locale)
    page = examiner.page
    examiner.go("/examiner/")
    expect(page.locator("[data-keeping]")).to_contain_text("断网" if locale == "zh-CN" else "without")
    examiner.check_access()
    examiner.context.set_offline(True)
    page.locator(".candidate-row").first.click()
    page.click("#c-J01 .band >> nth=0")
    page.click("#c-J01 .evidence summary")
    examiner.check_access()
    for target in page.locator("main :is(button, a, input, summary):visible").all():
        box = target.bounding_box()
        assert box is None or box["height"] >= 48 or box["width"] <= 1, target.evaluate("one => one.outerHTML")
    page.click("[data-review]")
    page.wait_for_url("**/review")
    examiner.check_access()
