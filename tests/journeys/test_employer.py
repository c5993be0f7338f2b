"""An employer checks a list at the screen and takes it back as a file."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.core.db import db
from tests.factories import certificates as factory
from tests.journeys.conftest import Visit


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_list_is_checked_and_taken_back(
    store: Flask, visit: Visit, demonstration: dict[str, Any], locale: str
) -> None:
    with store.app_context():
        serial = factory.issued(db.session(), name="欧阳明").serial
        db.session.remove()
    employer = visit(demonstration["verifier"], locale=locale)
    page = employer.page
    employer.go("/check/")
    employer.check_access()
    page.fill("#pasted", f"{serial}，欧阳明\n{serial}，王五\n301011-2026-AAAA-AAAAA")
    page.click("button[value=page]")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody .badge.bad")).to_have_count(2)
    employer.check_access()
    page.fill("#pasted", serial)
    with page.expect_download() as handed:
        page.click("button[value=file]")
    assert serial in handed.value.path().read_text(encoding="utf-8-sig")
