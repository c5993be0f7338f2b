"""From opening an account to a seat in an open session, at the screens of candidate, registrar and administrator."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.core.db import db
from app.models.registration import Application
from tests.factories import applicants
from tests.journeys.conftest import Visit
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
LANGUAGES = pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])


def join(visit: Visit, name: str, username: str) -> Person:
    person = visit()
    person.go("/join")
    page = person.page
    typed = {"name": name, "username": username, "password": "four calm cranes", "again": "four calm cranes"}
    for field, value in typed.items():
        page.fill(f"#{field}", value)
    page.click("main button.primary")
    return person


def upload(page: Page, field: str, name: str, kind: str, content: bytes) -> None:
    page.set_input_files(f"#{field}", {"name": name, "mimeType": kind, "buffer": content})
    page.click("main form button[type=submit], main form button:not([type])")


def test_an_application_from_the_first_click_to_the_admission(
    store: Flask, visit: Visit, demonstration: dict[str, Any]
) -> None:
    person = join(visit, "李𬭊", "li-he")
    page = person.page
    page.get_by_role("link", name="报名参加评价").first.click()
    page.get_by_role("link", name="报考初级").click()
    page.fill("#identity_number", "110105194912310021")
    page.click("main button.primary")
    expect(page.get_by_role("alert")).to_contain_text("末位校验码")
    person.check_access()
    page.fill("#identity_number", applicants.resident_number())
    page.click("main button.primary")
    upload(page, "photo", "me.jpg", "image/jpeg", applicants.picture())
    expect(page.get_by_role("img", name="您已上传的照片")).to_be_visible()
    person.check_access()
    page.get_by_role("link", name="下一步").click()
    page.get_by_text("从事或拟从事本行业").click()
    page.fill("#training_hours", "47")
    page.get_by_text("线上", exact=True).click()
    person.check_access()
    page.click("main button.primary")
    upload(page, "file", "proof.pdf", "application/pdf", applicants.PDF)
    page.get_by_role("link", name="下一步：核对").click()
    expect(page.locator("#reasons ~ ul li")).to_have_count(1)
    expect(page.get_by_role("button", name="提交报名")).to_be_disabled()
    person.check_access()
    page.get_by_role("link", name="申报条件与培训").click()
    page.fill("#training_hours", "48")
    page.click("main button.primary")
    page.get_by_role("link", name="下一步：核对").click()
    page.get_by_role("button", name="提交报名").click()
    expect(page.get_by_role("status")).to_contain_text("报名已提交")

    registrar = visit(demonstration["registrar"])
    registrar.go("/registrar/applications?status=submitted")
    registrar.page.get_by_role("link", name="李𬭊").click()
    registrar.check_access()
    registrar.page.get_by_role("button", name="准予报考").click()
    expect(registrar.page.get_by_role("status")).to_contain_text("李𬭊已准予报考")
    with store.app_context():
        assert db.session.query(Application).filter_by(status="admitted", demonstration=False).count() == 1


def test_a_session_is_planned_staffed_and_opened(visit: Visit, demonstration: dict[str, Any]) -> None:
    registrar = visit(demonstration["registrar"])
    page = registrar.page
    registrar.go("/registrar/sites/new")
    page.fill("#name", "滨江考点")
    page.click("main button.primary")
    registrar.go("/registrar/sessions/new")
    page.select_option("#part", "theory")
    page.select_option("#site", label="滨江考点 (30)")
    page.fill("#opens_at", "2035-05-04T09:00")
    page.fill("#closes_at", "2035-05-04T10:00")
    page.click("main button.primary")
    expect(page.get_by_role("alert")).to_contain_text("不得少于该科目时长 120 分钟")
    registrar.check_access()
    page.fill("#closes_at", "2035-05-04T12:00")
    page.click("main button.primary")
    expect(page.get_by_role("status")).to_contain_text("场次已安排")
    expect(page.get_by_role("button", name="抽取试卷")).to_be_disabled()
    page.locator("input[name=user]").first.check()
    page.get_by_role("button", name="加入名单").click()
    registrar.check_access()
    page.get_by_role("button", name="到场").first.click()
    expect(page.get_by_role("status")).to_contain_text("另一场次登记到场")


@LANGUAGES
def test_every_registrar_page_is_open_to_all(visit: Visit, demonstration: dict[str, Any], locale: str) -> None:
    registrar = visit(demonstration["registrar"], locale=locale)
    pages = ["/registrar/", "/registrar/applications", "/registrar/applications/1", "/registrar/sites",
             "/registrar/sites/new", "/registrar/sessions", "/registrar/sessions/new",
             f"/registrar/sessions/{demonstration['session']}",
             f"/registrar/sessions/{demonstration['practical_session']}"]  # fmt: skip
    for path in pages:
        registrar.go(path)
        registrar.check_access()


@LANGUAGES
def test_every_candidate_page_is_open_to_all(visit: Visit, demonstration: dict[str, Any], locale: str) -> None:
    candidate = visit(demonstration["candidates"][0], locale=locale, size=(375, 720))
    for path in ("/my/", "/my/apply", f"/my/apply/{applicants.SCHEME}/senior", "/my/applications/1"):
        candidate.go(path)
        candidate.check_access()
        overflow = candidate.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not overflow, path


@LANGUAGES
def test_every_account_page_is_open_to_all(visit: Visit, demonstration: dict[str, Any], locale: str) -> None:
    administrator = visit(demonstration["administrator"], locale=locale)
    for path in ("/accounts/", "/accounts/new", "/accounts/1"):
        administrator.go(path)
        administrator.check_access()
