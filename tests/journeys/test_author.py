"""The workshop at the screen: every type of item from its first word to the pool, by two people; files in and out."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from app.core.db import db
from app.models.account import Role
from question_bank.bank_item import BankItem
from question_bank.formats.excel_writing import write_excel
from question_bank.pool import load_pool
from tests.factories import kinds, people, workshop
from tests.factories.items import bank_item
from tests.journeys.conftest import Visit
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
WRITTEN = {
    "truefalse": {"stem": "客户挂断后才可以记录工单。", "check": ["F"]},
    "single": {"stem": "客户情绪激动时，座席先做什么？", "options": ["倾听", "打断", "转接", "挂断"], "check": ["A"]},
    "multiple": {
        "stem": "下列哪些属于礼貌用语？",
        "options": ["您好", "请稍候", "等着", "不知道", "谢谢来电"],
        "check": ["A", "B", "E"],
    },
    "fill": {"stem": "工作日受理时间为 ____ 点至 ____ 点。", "gaps": ["9 | 九", "18"]},
    "ordering": {"stem": "请排出处理投诉的次序。", "options": ["核实", "倾听", "答复", "回访"], "order": "BACD"},
    "matching": {
        "stem": "把指标与含义对应起来。",
        "options": ["AHT", "FCR", "CSAT", "满意度", "处理时长", "首次解决率"],
        "pairs": ["B", "C", "A"],
    },
    "open": {"stem": "请写出给该客户的答复。", "criteria": [("致歉并说明原因", "8"), ("给出办法和时限", "10")]},
}


def account(store: Flask, *roles: Role, name: str) -> dict[str, Any]:
    with store.app_context():
        user = people.user(db.session(), *roles, name=name)
        db.session.commit()
        return {"username": user.username, "password": people.PASSWORD}


@pytest.fixture
def author(store: Flask, visit: Visit) -> Person:
    return visit(account(store, Role.AUTHOR, name="沈编写"))


@pytest.fixture
def reviewer(store: Flask, visit: Visit) -> Person:
    return visit(account(store, Role.REVIEWER, name="陆审核"))


def begin(author: Person, code: str, kind: str) -> Page:
    page = author.page
    author.go("/bank/items/new")
    page.select_option("#level", f"{kinds.OF[0]}/{kinds.OF[1]}")
    page.select_option("#type", kind)
    page.fill("#code", code)
    page.click("main form button.primary")
    page.wait_for_url(f"**/bank/items/{code}/edit")
    return page


def press(page: Page, do: str) -> None:
    """A button of the editor; what it did is said above."""
    with page.expect_navigation():  # what the button before did may still be told of here
        page.click(f".editor [name=do][value='{do}']:not(.visually-hidden)")
    expect(page.locator(".notice.success").first).to_be_visible()


def fill(page: Page, kind: str) -> None:
    what: dict[str, Any] = WRITTEN[kind]
    page.fill("[name=stem]", what["stem"])
    fields = page.locator("[name^=option-]")
    for place, text in enumerate(what.get("options", ())):
        fields.nth(place).fill(text)
    for letter in what.get("check", ()):
        page.check(f"[name=key][value={letter}]")
    if "order" in what:
        page.fill("[name=order]", what["order"])
    if "gaps" in what:
        press(page, "save")
        for number, text in enumerate(what["gaps"], 1):
            page.fill(f"[name=gap-{number}]", text)
    for place, letter in enumerate(what.get("pairs", ()), 1):
        page.select_option(f"[name=match-{place}]", letter)
    if "criteria" in what:
        press(page, "remove-criterion:3")
        for number, (text, points) in enumerate(what["criteria"], 1):
            page.fill(f"[name=criterion-{number}-text]", text)
            page.fill(f"[name=criterion-{number}-points]", points)
    page.select_option("[name=place]", index=1)
    page.fill("[name=rationale]", "依据服务规范，先倾听再处理。")
    page.fill("[name=source]", "服务规范第 3 章")
    page.fill("[name=point]", "接待")
    page.fill("[name=difficulty]", "0.65")


def in_pool(store: Flask, code: str) -> bool:
    with store.app_context():
        return code in {one.id for one in load_pool(db.session(), *kinds.OF)}


def test_every_type_from_the_first_word_to_the_pool(store: Flask, author: Person, reviewer: Person) -> None:
    for kind in WRITTEN:
        code = f"N-{kind}"
        page = begin(author, code, kind)
        fill(page, kind)
        press(page, "save")
        expect(page.locator(".notice.warn")).to_have_count(0)
        author.check_access()
        press(page, "submit")
        author.go(f"/bank/items/{code}/preview")
        expect(page.locator(".preview-frame .item")).to_be_visible()
        author.check_access()
        desk = reviewer.page
        reviewer.go("/bank/review")
        desk.click(f"a[href='/bank/items/{code}/review']")
        desk.wait_for_url(f"**/bank/items/{code}/review")
        reviewer.check_access()
        desk.click("form[action$='/judging/approve'] button")
        expect(desk.locator(".notice.success")).to_contain_text("已审定")
        reviewer.go(f"/bank/items/{code}")
        desk.click("form[action$='/judging/put-in-use'] button")
        expect(desk.locator(".notice.success")).to_contain_text("启用")
        reviewer.check_access()
        assert in_pool(store, code)


def test_sent_back_mended_and_approved(author: Person, reviewer: Person) -> None:
    page = begin(author, "N-1", "single")
    fill(page, "single")
    press(page, "submit")
    desk = reviewer.page
    reviewer.go("/bank/items/N-1/review")
    desk.select_option("#comment-field", "options.B")
    desk.fill("#comment-text", "“打断”过于明显。")
    desk.click("form[action$='/comments'] button:not(.linkish)")
    expect(desk.locator("#comments")).to_contain_text("“打断”过于明显。")
    desk.fill("#reason", "请换一个更像样的干扰项。")
    with desk.expect_navigation():
        desk.click("form[action$='/judging/send-back'] button")
    author.go("/bank/items/N-1/edit")
    expect(page.locator("section[aria-labelledby=remarks]")).to_contain_text("请换一个更像样的干扰项。")
    author.check_access()
    page.fill("[name=option-B]", "先解释公司规定")
    press(page, "submit")
    reviewer.go("/bank/items/N-1/changes?before=r1.2&after=r1.3")
    expect(desk.locator("ins")).to_contain_text("先解释公司规定")
    expect(desk.locator("del")).to_contain_text("打断")
    reviewer.check_access()
    reviewer.go("/bank/items/N-1/review")
    desk.click("form[action$='/judging/approve'] button")
    expect(desk.locator(".notice.success")).to_be_visible()


def test_nobody_approves_their_own(store: Flask, visit: Visit) -> None:
    both = visit(account(store, Role.AUTHOR, Role.REVIEWER, name="双岗"))
    page = begin(both, "N-1", "single")
    fill(page, "single")
    press(page, "submit")
    both.go("/bank/items/N-1/review")
    expect(page.locator(".notice.warn").first).to_contain_text("须由另一位审题员")
    expect(page.locator("form[action$='/judging/approve']")).to_have_count(0)
    both.go("/bank/review")
    expect(page.locator("a[href='/bank/items/N-1/review']")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("N-1")


def test_two_write_at_once_and_nothing_is_lost(store: Flask, visit: Visit, author: Person) -> None:
    page = begin(author, "N-1", "single")
    fill(page, "single")
    press(page, "save")
    other = visit(account(store, Role.AUTHOR, name="另一位"))
    other.go("/bank/items/N-1/edit")
    other.page.fill("[name=stem]", "客户情绪激动时，座席应当首先做什么？")
    other.page.fill("[name=rationale]", "另一位写的解析。")
    press(other.page, "save")
    page.fill("[name=stem]", "客户发火时，座席先做什么？")
    page.fill("[name=source]", "我改的依据")
    page.click(".save-bar [value=save]")
    expect(page.locator("[role=alert]")).to_contain_text("另一位")
    expect(page.locator("section[aria-labelledby=apart] del")).not_to_have_count(0)
    expect(page.locator("[name=stem]")).to_have_value("客户发火时，座席先做什么？")
    expect(page.locator("[name=rationale]")).to_have_value("另一位写的解析。")
    author.check_access()
    press(page, "save")
    expect(page.locator("[name=source]")).to_have_value("我改的依据")
    expect(page.locator("[name=rationale]")).to_have_value("另一位写的解析。")


def test_pictures_and_recordings_come_in_and_are_heard(tmp_path: Path, author: Person) -> None:
    picture, sound = tmp_path / "来电 图.png", tmp_path / "留言.wav"
    picture.write_bytes(kinds.chart())
    sound.write_bytes(kinds.tone())
    page = begin(author, "N-1", "single")
    fill(page, "single")
    page.set_input_files("[name=picture]", picture)
    page.fill("[name=picture-alt]", "四天来电数的柱形图")
    page.click("section[aria-labelledby=material] summary")
    page.fill("[name=stimulus-id]", "M-1")
    page.fill("[name=stimulus-title]", "客户的留言")
    page.set_input_files("[name=recording]", sound)
    page.click(".save-bar [value=preview]")
    image = page.locator(".preview-frame .item img")
    expect(image).to_have_attribute("alt", "四天来电数的柱形图")
    expect(image).to_have_js_property("naturalWidth", 360)
    heard = page.locator(".preview-frame audio")
    assert heard.evaluate("async (one) => { await one.play(); return one.error }") is None
    author.check_access()
    page = begin(author, "N-2", "single")
    page.select_option("#take", "M-1")
    press(page, "take-material")
    expect(page.locator("[name=stimulus-title]")).to_have_value("客户的留言")


def workbook(*items: BankItem) -> bytes:
    made, _losses = write_excel(items)
    return made


def test_a_workbook_with_faults_is_mended_and_taken_in(tmp_path: Path, author: Person) -> None:
    file, page = tmp_path / "题目.xlsx", author.page
    right = bank_item("E-1")
    file.write_bytes(workbook(right, bank_item("E-2", difficulty=right.difficulty * 2, key=("H",))))
    author.go("/bank/import")
    author.check_access()
    page.set_input_files("#file", file)
    page.click("form[enctype] button")
    report = page.locator("section[aria-labelledby=report]")
    expect(report).to_contain_text("E-2")
    expect(report.locator("td").first).to_contain_text(re.compile(r"[A-Z]+3"))
    author.check_access()
    with page.expect_download() as loading:
        page.click("form[action$='/import/corrected'] button")
    copy = CalamineWorkbook.from_filelike(io.BytesIO(Path(loading.value.path()).read_bytes()))
    assert "E-2" in str(copy.get_sheet_by_index(0).to_python())
    file.write_bytes(workbook(right, bank_item("E-2", stem="改好的题干？")))
    page.set_input_files("#file", file)
    page.click("form[enctype] button")
    page.click("form[action$='/import/run'] button")
    expect(page.locator("main table")).to_contain_text("改好的题干？")
    expect(page.locator(".notice.success")).to_contain_text("2")


def test_many_at_once_are_looked_at_first(store: Flask, visit: Visit, author: Person) -> None:
    with store.app_context():
        session: Session = db.session()
        writer, judge = workshop.person(session, Role.AUTHOR), workshop.person(session, Role.REVIEWER)
        for code in ("U-1", "U-2"):
            workshop.in_use(session, writer, judge, code)
        workshop.draft(session, writer, "U-3")
        session.commit()
    reviewer = visit(account(store, Role.REVIEWER, name="陆审核"))
    page = reviewer.page
    reviewer.go("/bank")
    for code in ("U-1", "U-2", "U-3"):
        page.check(f"input[aria-label='{code}']")
    page.select_option("#act", "retire")
    page.fill("#bulk-reason", "教材改版")
    page.click(".bulk button")
    expect(page.locator(".badge.good")).to_have_count(2)
    expect(page.locator(".badge.warn")).to_have_count(1)
    reviewer.check_access()
    page.click("form[action$='/many/run'] button")
    expect(page.locator(".notice.success")).to_contain_text("2")
    reviewer.go("/bank?state=retired")
    expect(page.locator("tbody tr")).to_have_count(2)
    reviewer.check_access()
