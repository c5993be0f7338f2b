"""Every type of item at the screen: answered by keyboard alone, kept through failures, heard as often as allowed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.cli.demonstration.stage import Stage, Wanted
from app.cli.output import SHELL
from app.core import clock
from app.core.db import db
from app.models.account import Role
from app.models.exam import Attempt, Response
from app.models.rescue import LateChange
from app.schemes.scheme import scheme
from tests.factories import kinds, people
from tests.journeys.conftest import Visit
from tests.journeys.person import Person, until

pytestmark = pytest.mark.browser
SAVED = "答案已全部保存"


@pytest.fixture
def candidate(store: Flask) -> dict[str, Any]:
    with store.test_request_context():
        kinds.bank(db.session())
        wanted = Wanted(scheme(kinds.OF[0]).level(kinds.OF[1]), candidates=1)
        made = Stage(db.session(), SHELL, wanted, clock.now(), store.extensions["identity_vault"]).set_up()
        db.session.commit()
        return made["candidates"][0]  # type: ignore[no-any-return]


def begin(visit: Visit, candidate: dict[str, Any], **how: Any) -> Person:
    person = visit(candidate, **how)
    person.go(f"/exam/{candidate['attempt']}")
    person.page.click("main form button.large")
    expect(person.page.locator("[data-saving][data-tone=good]")).to_be_visible()
    return person


def item(page: Page, control: str, place: int = 0) -> Locator:
    return page.locator(f".item[data-control={control}]").nth(place)


def saved(page: Page) -> None:
    expect(page.locator("[data-saving]")).to_contain_text(SAVED)


def typed(field: Locator, text: str) -> str:
    """What the page says of its saving in the very moment in which this text stands in the field."""
    return field.evaluate(  # type: ignore[no-any-return]
        """(field, text) => {
            field.value = text;
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
            return document.querySelector("[data-saving]").dataset.tone;
        }""",
        text,
    )


def stored(store: Flask, candidate: dict[str, Any], of: Locator) -> list[str]:
    with store.app_context():
        row = db.session.get(Response, (candidate["attempt"], int(of.get_attribute("data-position") or 0)))
        return row.answer if row else []


def bring(store: Flask, candidate: dict[str, Any], file: Path) -> None:
    with store.app_context():
        session_id = db.session.get_one(Attempt, candidate["attempt"]).session_id
        registrar = people.bearer(store, db.session(), people.user(db.session(), Role.REGISTRAR))
        db.session.commit()
    where, kind = f"/api/v1/sessions/{session_id}/rescue", "application/json"
    answer = store.test_client().post(where, data=file.read_bytes(), headers=registrar, content_type=kind)
    assert answer.status_code == 200, answer.text


def position(of: Locator) -> str:
    return of.get_attribute("data-position") or ""


def test_every_type_by_keyboard_alone(store: Flask, visit: Visit, candidate: dict[str, Any]) -> None:
    page = begin(visit, candidate).page
    keys = page.keyboard
    count = page.locator(".item").count()
    keys.press("m")
    keys.press("Enter")
    for number in range(1, count + 1):
        control = page.locator(f"#q-{number}").get_attribute("data-control")
        if control == "choice":
            keys.press("1")
        elif control in ("fill", "open"):
            for field in range(page.locator(f"#q-{number} [data-part]").count()):
                if field:
                    keys.press("Tab")
                keys.type("jk 12 f" if control == "fill" else "m f 1")
        else:
            for field in range(page.locator(f"#q-{number} [data-part]").count()):
                if field:
                    keys.press("Tab")
                for _ in range(field + 1 if control == "ordering" else 1):
                    keys.press("ArrowDown")
        keys.press("Escape")
        keys.press("j")
    expect(page.locator("[data-count=answered]")).to_have_text(str(count))
    expect(page.locator("[data-count=flagged]")).to_have_text("0")
    saved(page)
    assert stored(store, candidate, item(page, "open")) == ["m f 1"]
    assert len(stored(store, candidate, item(page, "ordering"))) == 4
    assert len(stored(store, candidate, item(page, "matching"))) == 3
    assert set(stored(store, candidate, item(page, "fill"))) == {"jk 12 f"}
    keys.press("Control+Enter")
    expect(page.locator("[data-count-unanswered]")).to_have_text("所有题目均已作答。")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("您已交卷")


def fill_some(page: Page) -> None:
    item(page, "fill").locator("input").first.fill("６０ 秒")
    steps = item(page, "ordering").locator("select")
    steps.nth(0).select_option("2")
    steps.nth(1).select_option("2")  # takes the place of the first, which is left without one
    item(page, "matching").locator("select").nth(2).select_option(index=1)
    item(page, "open").locator("textarea").fill("第一行\n第二行")


def test_a_reload_shows_what_was_answered(store: Flask, visit: Visit, candidate: dict[str, Any]) -> None:
    page = begin(visit, candidate).page
    fill_some(page)
    item(page, "ordering").locator(".flag").click()
    saved(page)
    before = {control: stored(store, candidate, item(page, control)) for control in ("ordering", "matching")}
    assert [bool(one) for one in before["ordering"]].count(True) == 1
    page.reload()
    saved(page)
    expect(item(page, "fill").locator("input").first).to_have_value("６０ 秒")
    expect(item(page, "ordering").locator("select").nth(0)).to_have_value("")
    expect(item(page, "ordering").locator("select").nth(1)).to_have_value("2")
    expect(item(page, "ordering").locator("[data-order]")).to_have_text("？ → B → ？ → ？")
    expect(item(page, "matching").locator("select").nth(2)).not_to_have_value("")
    expect(item(page, "open").locator("textarea")).to_have_value("第一行\n第二行")
    expect(item(page, "open").locator("[data-length]")).to_have_text("7")
    expect(page.locator(f"[data-map] a[data-position='{position(item(page, 'ordering'))}']")).to_have_class(
        "begun flagged"
    )


def test_a_step_that_takes_a_place_gives_its_own(visit: Visit, candidate: dict[str, Any]) -> None:
    page = begin(visit, candidate).page
    one = item(page, "ordering")
    for place in range(4):
        one.locator("select").nth(place).select_option(str(place + 1))
    one.locator("select").nth(3).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    for _ in range(3):  # on its way it passes the places of others, who keep them
        page.keyboard.press("ArrowDown")
    expect(one.locator("[data-order]")).to_have_text("A → B → C → D")
    one.locator("select").nth(3).select_option("1")
    expect(one.locator("[data-order]")).to_have_text("D → B → C → A")
    expect(page.locator("[data-announce]")).to_contain_text("步骤 D 排在第 1 位")


def test_a_text_that_is_still_being_typed_is_not_called_saved(
    store: Flask, visit: Visit, candidate: dict[str, Any]
) -> None:
    page = begin(visit, candidate).page
    area = item(page, "open").locator("textarea")
    assert typed(area, "第一行") == "busy"
    saved(page)
    assert stored(store, candidate, item(page, "open")) == ["第一行"]
    assert typed(area, "第一行第") == "busy"
    assert typed(area, "第一行") == "busy"  # the same text again: there is nothing to send, which is found later
    saved(page)


def test_what_is_being_typed_when_the_exam_is_closed_reaches_the_server(
    store: Flask, visit: Visit, candidate: dict[str, Any]
) -> None:
    page = begin(visit, candidate).page
    with store.app_context():
        db.session.get_one(Attempt, candidate["attempt"]).deadline = clock.now() - timedelta(hours=1)
        db.session.commit()
    item(page, "open").locator("textarea").evaluate("""(field) => {
        field.value = "最后一句";
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        dispatchEvent(new Event("online"));
    }""")
    expect(page.locator("h1")).to_have_text("考试时间到，服务器已代为交卷")
    with store.app_context():
        assert db.session.query(LateChange).one().answer == ["最后一句"]


def test_what_is_typed_without_a_network_is_kept_and_sent(
    store: Flask, visit: Visit, candidate: dict[str, Any]
) -> None:
    person = begin(visit, candidate)
    page = person.page
    person.context.set_offline(True)
    area = item(page, "open").locator("textarea")
    area.press_sequentially("先听，")
    expect(page.locator("[data-saving]")).to_contain_text("尚未送达服务器")
    area.press_sequentially("再查。")
    area.blur()
    expect(page.locator("[data-saving]")).to_contain_text("尚未送达服务器")
    kept = "JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('exam-'))))"
    until(page, f"{kept}.pending.at(-1).answer[0] === '先听，再查。'")
    assert stored(store, candidate, item(page, "open")) == []
    page.on("dialog", lambda dialog: dialog.accept())
    person.context.set_offline(False)
    page.reload()
    saved(page)
    expect(area).to_have_value("先听，再查。")
    assert stored(store, candidate, item(page, "open")) == ["先听，再查。"]


def test_a_second_file_on_a_stick_brings_what_was_typed_after_the_first(
    store: Flask, visit: Visit, candidate: dict[str, Any], tmp_path: Path
) -> None:
    person = begin(visit, candidate)
    page = person.page
    person.context.set_offline(True)
    area = item(page, "open").locator("textarea")
    said = list[str]()
    for place, text in enumerate(("先听，", "再查。", "后答。")):
        area.press_sequentially(text)
        area.blur()
        said.append(area.input_value())
        expect(page.locator("[data-saving]")).to_contain_text("尚未送达服务器")
        page.click(".exam-bar [data-open=help]")
        with page.expect_download() as waited:
            page.click("dialog[data-dialog=help] [data-rescue]")
        page.keyboard.press("Escape")
        file = tmp_path / f"{place}.rescue"
        waited.value.save_as(file)
        bring(store, candidate, file)
        assert stored(store, candidate, item(page, "open")) == [said[-1]]
    assert said == ["先听，", "先听，再查。", "先听，再查。后答。"]


def test_a_recording_plays_as_often_as_allowed_wherever_one_sits(visit: Visit, candidate: dict[str, Any]) -> None:
    person = begin(visit, candidate)
    page = person.page
    player = page.locator("[data-player]")
    expect(player.locator("[data-plays-left]")).to_have_text("还可播放 2 次")
    player.locator("[data-play]").focus()
    page.keyboard.press("Enter")
    expect(player.locator("[data-plays-left]")).to_have_text("还可播放 1 次")
    expect(player.locator("[data-play-said]")).to_have_text("录音播放完毕。")
    page.reload()
    expect(player.locator("[data-plays-left]")).to_have_text("还可播放 1 次")
    second = begin(visit, candidate).page
    player = second.locator("[data-player]")
    expect(player.locator("[data-plays-left]")).to_have_text("还可播放 1 次")
    player.locator("[data-play]").click()
    expect(player.locator("[data-play-said]")).to_have_text("录音播放完毕。")
    expect(player.locator("[data-plays-left]")).to_have_text("播放次数已用完")
    expect(player.locator("[data-play]")).to_have_attribute("aria-disabled", "true")
    assert not person.faults


def test_a_play_without_a_network_is_asked_for_again(visit: Visit, candidate: dict[str, Any]) -> None:
    person = begin(visit, candidate)
    player = person.page.locator("[data-player]")
    person.context.set_offline(True)
    player.locator("[data-play]").click()
    expect(player.locator("[data-play-said]")).to_contain_text("暂时连不上服务器")
    person.context.set_offline(False)
    player.locator("[data-play]").click()
    expect(player.locator("[data-play-said]")).to_have_text("录音播放完毕。")
    expect(player.locator("[data-plays-left]")).to_have_text("还可播放 1 次")


def test_from_an_item_to_its_material_and_back(visit: Visit, candidate: dict[str, Any]) -> None:
    page = begin(visit, candidate).page
    link = page.locator(".item [data-stimulus]").first
    link.click()
    material = page.locator(link.get_attribute("href") or "")
    expect(material).to_be_focused()
    material.locator("[data-item]").last.click()
    expect(page.locator(f"#q-{material.locator('[data-item]').last.inner_text()} :focus")).to_be_attached()
    expect(page.locator(".item img")).to_have_js_property("complete", True)
    assert page.locator(".item img").evaluate("image => image.naturalWidth") == 360


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_everybody_can_use_every_type(visit: Visit, candidate: dict[str, Any], locale: str) -> None:
    person = begin(visit, candidate, locale=locale)
    person.check_access()
    fill_some(person.page)
    person.check_access()
    person.page.set_viewport_size({"width": 1024, "height": 768})
    person.check_access()
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
