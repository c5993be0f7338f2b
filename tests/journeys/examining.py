"""What an examiner does at the tablet: marks a whole sheet, and signs it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.person import Person


def mark(examiner: Person, *, first_band: int, begin: bool = False) -> None:
    """The first criterion as said, all others excellent: two sheets that differ, but not so far as to need a third."""
    page = examiner.page
    examiner.go("/examiner/")
    page.locator(".candidate-row").first.click()
    if begin:
        page.click("form[action$='/begin'] button")
    expect(page.locator("[data-state]")).to_contain_text("全部评分已")
    for place, criterion in enumerate(page.locator("[data-criterion]").all()):
        criterion.locator(".band").nth(0 if place else first_band).click()
    expect(page.locator("[data-state]")).to_contain_text("全部评分已于")
    if begin:
        page.click("form[action$='/end'] button")
        expect(page.locator(".notice.success")).to_be_visible()


def sign(examiner: Person) -> None:
    examiner.page.click("[data-review]")
    examiner.page.click("form[action$='/sign'] button")
    expect(examiner.page.locator(".notice.success")).to_be_visible()
