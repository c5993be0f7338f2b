"""A phone that read the code, where the house masks names: the entry, and the name put into the form, not sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.core.db import db
from certificates.register.facts import facts_of
from certificates.register.qr import code_content
from tests.factories import certificates as factory
from tests.journeys.conftest import Visit

NAME = "阿卜杜热依木·麦麦提"


@pytest.fixture(autouse=True)
def masking(store: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(store.extensions, "settings", replace(store.extensions["settings"], mask_holder=True))


def test_the_name_in_the_code_is_offered_and_compared(store: Flask, site: str, visit: Visit) -> None:
    with store.app_context():
        issuer = factory.choice()(True)
        content = code_content(facts_of(factory.issued(db.session(), name=NAME), site), issuer.keys.code)
        db.session.remove()
    phone = visit(size=(390, 844))
    phone.go(content.removeprefix(site))
    expect(phone.page.locator(".facts")).to_contain_text("阿*")
    expect(phone.page.locator("#name")).to_have_value(NAME)
    phone.check_access()
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the phone"
    phone.page.click("form:has(#name) button")
    expect(phone.page.locator(".facts")).to_contain_text(NAME)
    phone.check_access()


def test_a_broken_code_does_no_harm(store: Flask, site: str, visit: Visit) -> None:
    with store.app_context():
        serial = factory.issued(db.session(), name=NAME).serial
        db.session.remove()
    phone = visit(size=(390, 844))
    for fragment in ("#c1.x.%%%.y", "#c1", "#", "#c1.a.//8.b"):
        phone.go("/verify")
        phone.go(f"/verify/{serial}{fragment}")
        expect(phone.page.locator("#name")).to_have_value("")
