"""The main job through the screens alone: from an application to a certificate that a stranger verifies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.core.db import db
from app.models.account import Role
from app.models.exam import Attempt
from tests.factories import people, theory
from tests.journeys import applying, examining, registering, verifying
from tests.journeys.conftest import Visit
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
NAME, SITE = "赵䶮", "城南考点"
TABLET, PHONE = (1280, 800), (375, 740)
STAFF = {"registrar": Role.REGISTRAR, "proctor": Role.PROCTOR, "first": Role.EXAMINER, "second": Role.EXAMINER}


@pytest.fixture
def staff(store: Flask) -> dict[str, dict[str, Any]]:
    """Accounts that an administrator handed out, and a bank."""
    with store.app_context():
        theory.bank(db.session())
        users = {key: people.user(db.session(), role, name=f"{key} 老师") for key, role in STAFF.items()}
        db.session.commit()
        return {key: {"username": user.username, "password": people.PASSWORD} for key, user in users.items()}


def test_from_application_to_verification(
    store: Flask, visit: Visit, staff: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    registrar, candidate = visit(staff["registrar"]), visit()
    written, shown = plan_both(registrar)
    applying.join(candidate, NAME, "zhao.yan")
    applying.apply(candidate)
    registering.admit(registrar, NAME)
    open_theory(registrar, visit(staff["proctor"]), written)
    sit(store, candidate)
    hold_practical(registrar, [visit(staff[key], size=TABLET) for key in ("first", "second")], shown)
    certify(registrar, written, shown)
    file = read_results(candidate, tmp_path)
    serial = candidate.page.locator(".serial").inner_text()
    stranger = visit(size=PHONE)
    verifying.verify(stranger, serial, file, NAME)
    revoke(registrar, serial)
    stranger.go(f"/verify/{serial}")
    expect(stranger.page.locator("h1")).to_have_text("此证书已被撤销。")
    stranger.check_access()


def plan_both(registrar: Person) -> tuple[int, int]:
    """Real sessions may not overlap for one person, so the practical stands in the afternoon."""
    registering.add_site(registrar, SITE)
    now = datetime.now(UTC)
    written = registering.plan(registrar, "theory", now - timedelta(minutes=5), timedelta(hours=3))
    return written, registering.plan(registrar, "practical", now + timedelta(hours=4), timedelta(hours=4))


def open_theory(registrar: Person, proctor: Person, written: int) -> None:
    """The gate counts who is there at the moment of opening, not who was when the page was drawn."""
    registering.seat(registrar, written, NAME)
    registering.roster(registrar, written, ["proctor 老师"])
    registering.step(registrar, "prepare")
    opening = registrar.page.locator("form[action$='/open'] button")
    expect(opening).to_be_disabled()
    proctor.go("/rooms/")
    arrive, leave = (proctor.page.locator(f"form[action$='/check-{way}'] button").first for way in ("in", "out"))
    arrive.click()
    expect(leave).to_be_visible()
    registrar.page.reload()
    expect(opening).to_be_enabled()
    leave.click()
    expect(arrive).to_be_visible()
    opening.click()
    expect(registrar.page.locator(".notice.error")).to_contain_text("需监考员 1 人")
    arrive.click()
    expect(leave).to_be_visible()
    registrar.page.reload()
    registering.step(registrar, "open")


def sit(store: Flask, candidate: Person) -> None:
    """Handing in waits for the scheme's half hour; here the candidate's start is moved back instead of waiting."""
    applying.start(candidate)
    applying.answer(candidate)
    applying.hand_in(candidate)
    expect(candidate.page.locator("[data-hand-in-refused]")).to_contain_text("30 分钟")
    with store.app_context():
        attempt = db.session.query(Attempt).one()
        assert attempt.started_at is not None
        assert attempt.deadline is not None
        attempt.started_at -= timedelta(minutes=31)
        attempt.deadline -= timedelta(minutes=31)
        db.session.commit()
    candidate.page.reload()
    applying.hand_in(candidate)
    expect(candidate.page.locator(".verdict h1")).to_have_text("您已交卷")


def hold_practical(registrar: Person, examiners: list[Person], shown: int) -> None:
    registering.seat(registrar, shown, NAME)
    registering.roster(registrar, shown, ["first 老师", "second 老师"])
    registering.mark_all_present(registrar)
    registering.step(registrar, "prepare")
    registering.step(registrar, "open")
    one, other = examiners
    examining.mark(one, first_band=0, begin=True)
    examining.sign(one)
    expect(one.page.locator(".verdict")).to_have_count(0)  # blind: nothing of the other sheet, no score
    expect(one.page.locator("tfoot td")).to_have_count(2)
    examining.mark(other, first_band=1)
    examining.sign(other)
    expect(other.page.locator(".verdict h2")).to_contain_text("操作技能考核成绩")
    one.page.reload()
    expect(one.page.locator(".verdict h2")).to_contain_text("操作技能考核成绩")


def certify(registrar: Person, written: int, shown: int) -> None:
    for number in (written, shown):
        registrar.go(f"/registrar/sessions/{number}")
        registering.step(registrar, "close")
        registering.release(registrar, number)
    registrar.page.click("main header a.primary")
    registrar.page.click("form[action$='/certificates'] button.primary")
    expect(registrar.page.locator(".notice.success")).to_be_visible()
    expect(registrar.page.locator("main table .serial")).to_be_visible()


def read_results(candidate: Person, folder: Path) -> Path:
    """Scores by row and by area, and the document."""
    page = candidate.page
    candidate.go("/results")
    expect(page.locator("main table")).to_have_count(2)
    assert "100" in page.locator(".facts strong").all_inner_texts()  # the theory, all of it right
    with page.expect_download() as begun:
        page.click(".verdict a.primary")
    file = folder / begun.value.suggested_filename
    begun.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF-")
    return file


def revoke(registrar: Person, serial: str) -> None:
    page = registrar.page
    page.click(f"main table a:has-text('{serial}')")
    page.select_option("#ground", index=1)
    page.fill("#reason", "替考，经核实")
    page.check("#final")
    page.click("button[value=revoke]")
    expect(page.locator(".notice.success")).to_be_visible()
