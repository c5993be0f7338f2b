"""What a registrar does at the screen: sites, sessions, admission, places, staff, and the next step of a session."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from app.web.language import TIME_ZONE
from tests.factories import theory
from tests.journeys.person import Person


def add_site(registrar: Person, name: str) -> None:
    page = registrar.page
    registrar.go("/registrar/sites")
    page.click("main header a.primary")
    page.fill("#name", name)
    page.fill("#capacity", "30")
    page.check("#has_network")
    page.check("#has_monitoring")
    page.click("main button.primary")
    expect(page.locator("main table")).to_contain_text(name)


def plan(registrar: Person, part: str, opens_at: datetime, window: timedelta) -> int:
    page = registrar.page
    registrar.go("/registrar/sessions/new")
    page.select_option("#level", f"{theory.SCHEME}/{theory.LEVEL}")
    page.select_option("#part", part)
    page.select_option("#site", index=0)
    page.fill("#opens_at", _typed(opens_at))
    page.fill("#closes_at", _typed(opens_at + window))
    page.click("main button.primary")
    page.wait_for_url(re.compile(r"/registrar/sessions/\d+$"))
    return int(page.url.rsplit("/", 1)[1])


def admit(registrar: Person, name: str) -> None:
    page = registrar.page
    registrar.go("/registrar/")
    page.click(".tallies a >> nth=0")
    page.click(f"main table a:has-text('{name}')")
    expect(page.locator("main img.photo")).to_be_visible()
    page.click("#decision ~ form button.primary")
    expect(page.locator(".notice.success")).to_contain_text(name)


def seat(registrar: Person, session_id: int, name: str) -> None:
    page = registrar.page
    registrar.go(f"/registrar/sessions/{session_id}")
    page.check(f"form[action$='/candidates'] label:has-text('{name}') input")
    page.click("form[action$='/candidates'] button.primary")
    expect(page.locator("section[aria-labelledby=candidates] table")).to_contain_text(name)


def roster(registrar: Person, session_id: int, names: list[str]) -> None:
    page = registrar.page
    registrar.go(f"/registrar/sessions/{session_id}")
    for name in names:
        page.check(f"form[action$='/staff'] label:has-text('{name}') input")
    page.click("form[action$='/staff'] button:not(.quiet)")
    for name in names:
        expect(page.locator("section[aria-labelledby=staff] table")).to_contain_text(name)


def mark_all_present(registrar: Person) -> None:
    """Of the session whose page is open."""
    registrar.page.wait_for_load_state()
    buttons = registrar.page.locator("form[action$='/present'] button")
    for left in range(buttons.count(), 0, -1):
        expect(buttons).to_have_count(left)
        buttons.first.click()
    expect(buttons).to_have_count(0)


def step(registrar: Person, name: str) -> None:
    """Presses prepare, open or close on the page of a session."""
    page = registrar.page
    with page.expect_navigation():  # the step before may still be told of here
        page.click(f"section[aria-labelledby=next-step] form[action$='/{name}'] button")
    expect(page.locator(".notice.success")).to_be_visible()


def release(registrar: Person, session_id: int) -> None:
    page = registrar.page
    registrar.go(f"/registrar/sessions/{session_id}/results")
    page.click("form[action$='/results/release'] button")
    expect(page.locator(".notice.success")).to_be_visible()


def _typed(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(TIME_ZONE)).strftime("%Y-%m-%dT%H:%M")
