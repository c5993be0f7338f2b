"""What a candidate does at the screen: opens an account, applies step by step, and sits the exam."""

from __future__ import annotations

from playwright.sync_api import expect

from app.schemes.scheme import scheme
from tests.factories import applicants, people, theory
from tests.journeys.person import Person

RIGHT = {"single": ("B of",), "multiple": ("A of", "C of")}
"""How the options begin that theory.KEYS names; their order on the page is shuffled."""


def join(stranger: Person, name: str, username: str) -> None:
    page = stranger.page
    stranger.go("/")
    page.click("a[href='/join']")
    page.fill("#name", name)
    page.fill("#username", username)
    page.fill("#password", people.PASSWORD)
    page.fill("#again", people.PASSWORD)
    page.click("main button.primary")
    expect(page.locator(".notice.success")).to_be_visible()


def apply(candidate: Person) -> None:
    """From the level to the application handed in."""
    page = candidate.page
    level = scheme(theory.SCHEME).level(theory.LEVEL)
    page.click("main header a[href='/my/apply']")
    page.click(f"a[href='/my/apply/{theory.SCHEME}/{theory.LEVEL}']")
    page.check("input[name=identity_type][value=resident]")
    number = applicants.resident_number()
    page.fill("#identity_number", number[:-1] + ("0" if number[-1] != "0" else "1"))
    page.click("main button.primary")
    expect(page.locator("main [role=alert], main .error").first).to_be_visible()  # the check digit was wrong
    page.fill("#identity_number", number)
    page.click("main button.primary")
    page.wait_for_url("**/photo")
    page.set_input_files("#photo", {"name": "我.jpg", "mimeType": "image/jpeg", "buffer": applicants.picture()})
    page.click("main form[enctype] button")
    page.click("main form a.primary")
    page.check(f"input[name=occupation][value='{level.eligibility.any_of[0]}']")
    page.fill("#training_hours", str(level.training_hours))
    page.check(f"input[name=training_mode][value='{level.training_modes[0]}']")
    page.click("main form button.primary")
    page.wait_for_url("**/documents")
    page.select_option("#kind", "training")
    page.set_input_files("#file", {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": applicants.PDF})
    page.click("main form[enctype] button")
    expect(page.locator("main table")).to_contain_text("证明.pdf")
    page.click("main form[enctype] a.primary")
    page.click("form[action$='/submit'] button")
    expect(page.locator(".notice.success")).to_be_visible()


def start(candidate: Person) -> None:
    page = candidate.page
    candidate.go("/my/")
    page.click("main a[href^='/exam/'] >> nth=0")
    page.click("main form button.large")
    expect(page.locator("[data-saving]")).to_contain_text("答案已全部保存")


def answer(candidate: Person) -> None:
    """Everything, and all of it right."""
    page = candidate.page
    for item in page.locator("section[aria-labelledby=section-truefalse] fieldset.item").all():
        item.locator("input[value=T]").check()
    for kind, beginnings in RIGHT.items():
        for item in page.locator(f"section[aria-labelledby=section-{kind}] fieldset.item").all():
            for beginning in beginnings:
                item.locator("label", has_text=beginning).locator("input").check()
    expect(page.locator("[data-count=answered]")).to_have_text(str(page.locator("fieldset.item").count()))
    expect(page.locator("[data-saving]")).to_contain_text("答案已全部保存")


def hand_in(candidate: Person) -> None:
    page = candidate.page
    expect(page.locator("[data-saving]")).to_contain_text("答案已全部保存")
    page.click(".exam-bar [data-open=hand-in]")
    page.click("dialog[data-dialog=hand-in] button.primary")
