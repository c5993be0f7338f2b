"""Marking a practical on a tablet: by touch, blind until both have signed. Without a network: test_tablet.py."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.db import db
from app.models.practical import RubricSheet
from app.practical.marking.standing import value_of
from tests.journeys.conftest import Visit
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
TABLET, UPRIGHT = (1280, 800), (800, 1280)
EXCELLENT, GOOD = 0, 1


def state(page: Page) -> Any:
    return page.locator("[data-state]")


def open_first(examiner: Person) -> None:
    examiner.go("/examiner/")
    examiner.page.locator(".candidate-row").first.click()
    expect(state(examiner.page)).to_contain_text("全部评分已")


def tap_all(page: Page, band: int) -> None:
    for criterion in page.locator("[data-criterion]").all():
        criterion.locator(".band").nth(band).click()


def sign(examiner: Person) -> None:
    examiner.page.click("[data-review]")
    examiner.page.click("form[action$='/sign'] button")
    expect(examiner.page.locator(".notice.success")).to_be_visible()


def totals(store: Flask) -> list[tuple[str, str]]:
    with store.app_context():
        found = db.session.scalars(select(RubricSheet).order_by(RubricSheet.seat_id, RubricSheet.order))
        return [(str(value_of(sheet).total()), sheet.state) for sheet in found][:2]


def test_two_examiners_mark_and_sign(store: Flask, visit: Visit, demonstration: dict[str, Any]) -> None:
    first, second = (visit(account, size=TABLET) for account in demonstration["examiners"][:2])
    open_first(first)
    first.page.click("form[action$='/begin'] button")
    expect(first.page.get_by_role("timer")).to_be_visible()
    tap_all(first.page, EXCELLENT)
    first.page.click("#c-J01 .step >> nth=1")
    expect(first.page.locator("#points-J01")).to_have_value("6")
    expect(first.page.locator("#c-J01 .step >> nth=1")).to_be_disabled()
    total = first.page.locator("[data-total]").inner_text()
    expect(state(first.page)).to_contain_text("全部评分已于")
    sign(first)
    expect(first.page.locator("tfoot td")).to_have_count(2)  # their own and the most there is
    open_first(second)
    tap_all(second.page, EXCELLENT)
    sign(second)
    expect(second.page.locator("tfoot td")).to_have_count(3)
    (one, _), (other, _) = totals(store)
    assert sorted([one, other])[-1] == f"{float(total):.1f}"
    expect(second.page.locator(".verdict h2")).to_contain_text("操作技能考核成绩")


def test_wrong_points_are_told_at_once(visit: Visit, demonstration: dict[str, Any]) -> None:
    examiner = visit(demonstration["examiners"][0], size=TABLET)
    open_first(examiner)
    page = examiner.page
    for points in ("99", "5.25", "x"):
        page.fill("#points-J01", points)
        expect(page.locator("#points-J01")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("[data-total]")).to_have_text("0")
    page.fill("#points-J01", "5")
    expect(page.locator("#points-J01")).to_have_attribute("aria-invalid", "false")
    expect(page.locator("#c-J01 .band[aria-pressed=true]")).to_have_count(1)


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_everybody_can_use_the_pages(visit: Visit, demonstration: dict[str, Any], locale: str) -> None:
    examiner = visit(demonstration["examiners"][0], locale=locale, size=UPRIGHT)
    examiner.go("/examiner/")
    examiner.check_access()
    examiner.page.locator(".candidate-row").first.click()
    examiner.page.click("form[action$='/begin'] button")
    examiner.page.click("#c-J01 .band >> nth=3")
    examiner.check_access()
    for target in examiner.page.locator("main :is(button, a, input, summary):visible").all():
        box = target.bounding_box()
        assert box is None or box["height"] >= 48 or box["width"] <= 1, target.evaluate("one => one.outerHTML")
    tap_all(examiner.page, GOOD)
    examiner.page.click("[data-review]")
    examiner.page.wait_for_url("**/review")
    examiner.check_access()
    examiner.page.click("form[action$='/sign'] button")
    expect(examiner.page.locator(".notice.success").first).to_be_visible()
    examiner.check_access()
    registrar = visit(demonstration["registrar"], locale=locale)
    registrar.go(f"/registrar/sessions/{demonstration['practical_session']}/panel")
    registrar.check_access()
