"""What a stranger does with a phone: asks by number and by file, and is told an altered file apart."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.person import Person


def verify(stranger: Person, serial: str, file: Path, name: str) -> None:
    page = stranger.page
    stranger.go("/verify")
    stranger.check_access()
    page.fill("#serial", serial.lower())
    page.click("form:has(#serial) button")
    expect(page.locator(".facts")).to_contain_text(name)
    stranger.check_access()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the phone"
    upload(stranger, file)
    expect(page.locator(".verdict.bad")).to_have_count(0)
    expect(page.locator(".facts")).to_contain_text(serial)
    altered = file.with_name("altered.pdf")
    kept = file.read_bytes()
    place = len(kept) // 3
    altered.write_bytes(kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :])
    upload(stranger, altered)
    expect(page.locator(".verdict.bad h1")).to_have_text("此文件已被改动，请勿采信。")


def upload(stranger: Person, file: Path) -> None:
    stranger.go("/verify")
    stranger.page.set_input_files("#file", file)
    stranger.page.click("form:has(#file) button")
