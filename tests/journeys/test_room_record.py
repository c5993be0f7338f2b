"""A proctor at the door of a room of six, an incident with its evidence, and the record signed by two."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.delivery import attempts
from app.models.exam import Attempt
from app.models.registration import Candidate, Seat
from tests.factories import applicants, desk, people, rooms
from tests.factories.rooms import Room
from tests.journeys.conftest import Visit
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
TABLET = (1024, 768)


@pytest.fixture
def room(store: Flask) -> dict[str, Any]:
    with store.test_request_context():
        session = db.session()
        here = rooms.room(session, candidates=6, started=0)
        for number, candidate in enumerate(session.scalars(select(Candidate).order_by(Candidate.id)), 1):
            candidate.name, candidate.photo = f"考生{'甲乙丙丁戊己'[number - 1]}", applicants.picture()
        other = desk.second_proctor(session, here, "李监考")
        here.proctor.name = "王监考"
        session.commit()
        accounts = [{"username": one.username, "password": people.PASSWORD} for one in (here.proctor, other)]
        return {"here": here, "accounts": accounts, "at": f"/rooms/{here.session_id}"}


def hand_in(store: Flask, here: Room, numbers: list[int]) -> None:
    """Those at the seats sit their exam; the registrar closes the session."""

    def done() -> None:
        with store.test_request_context():
            session = db.session()
            query = select(Attempt).join(Seat, Seat.id == Attempt.seat_id).where(Seat.number.in_(numbers))
            for attempt in session.scalars(query).all():
                attempt.started_at, attempt.deadline = clock.now(), clock.now()
                attempt.state = "in_progress"
            session.flush()
            attempts.sweep(session, clock.now() + timedelta(minutes=5), session_id=here.session_id)
            desk.close(session, here)

    with ThreadPoolExecutor(1) as aside:
        aside.submit(done).result()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_from_the_door_to_the_signed_record(visit: Visit, store: Flask, room: dict[str, Any], tmp_path: Path) -> None:
    face = tmp_path / "face.jpg"
    face.write_bytes(applicants.picture(1600, 1200))
    proctor = visit(room["accounts"][0], size=TABLET)
    page = proctor.page
    proctor.go(room["at"] + "/attendance")
    at_the_door(proctor, face)
    proctor.go(room["at"] + "/incidents?seat=4&kind=identity")
    page.select_option("#category", "impersonation")
    page.check("input[name=severity][value=serious]")
    page.fill("#description", "来人与报名照片不是同一人，已请其离开。")
    page.set_input_files("#files", face)
    proctor.check_access()
    page.click("#record button.primary")
    expect(page.locator("article.card")).to_contain_text("face.jpg")
    hand_in(store, room["here"], [1, 2, 3])
    other = visit(room["accounts"][1], size=TABLET)
    other.go(room["at"] + "/incidents")
    press(other.page, "见证签署")
    expect(other.page.locator("article.card")).to_contain_text("见证人：李监考")
    proctor.go(room["at"] + "/record")
    page.fill("#remark-text", "考场室温 28 度。")
    press(page, "添加备注")
    expect(page.locator("li.typed")).to_contain_text("考场室温 28 度。")
    expect(page.locator("#signatures")).to_contain_text("王监考、李监考")
    sign(proctor, "签署考场记录")
    expect(page.locator("#signatures")).to_contain_text("待签：李监考")
    other.go(room["at"] + "/record")
    other.check_access()
    sign(other, "签署考场记录")
    expect(other.page.locator("#signatures")).to_contain_text("已全部签署")
    with page.expect_download() as download:
        page.click("#signatures a.button")
    kept = tmp_path / "record.pdf"
    download.value.save_as(kept)
    told = "".join("".join(one.extract_text() for one in PdfReader(BytesIO(kept.read_bytes())).pages).split())
    for words in (
        "考场情况记录表",
        "考生丁",
        "替考",
        "见证人Witness:李监考",
        "考场室温28度",
        "应到Expected",
        "王监考",
        "李监考",
    ):
        assert words in told, words
    assert "待签" not in told


def at_the_door(proctor: Person, face: Path) -> None:
    """Three match, one by the keyboard; the fourth is somebody else, and the last two never come."""
    page = proctor.page
    expect(page.locator("#person")).to_contain_text("考生甲")
    page.set_input_files("#photo", face)
    expect(page.locator("img[data-shown]")).to_be_visible()
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # the next page shows itself, and time stands still
    press(page, "核验一致，准予入场")
    expect(page.locator("#person")).to_contain_text("考生乙")
    expect(page.locator("[data-camera]")).to_be_visible()  # the script has started
    page.keyboard.press("Enter")
    expect(page.locator("#person"), "an Enter meant for the last person confirms nobody").to_contain_text("考生乙")
    page.clock.run_for(800)
    page.keyboard.press("Enter")
    expect(page.locator("#person")).to_contain_text("考生丙")
    page.clock.resume()
    proctor.check_access()
    press(page, "核验一致，准予入场")
    expect(page.locator("#person")).to_contain_text("考生丁")
    page.click("summary")
    page.fill("#note", "与照片明显不符")
    press(page, "非本人：不准入场")
    expect(page.locator(".person .notice")).to_contain_text("未准入场")
    proctor.check_access()
    page.fill("#q", "考生己")
    expect(page.locator("[data-roll] li:visible")).to_have_count(1)
    page.click("[data-roll] li:visible a")
    expect(page.locator("#person")).to_contain_text("考生己")
    press(page, "未到")
    expect(page.locator("#person")).to_contain_text("考生戊")
    press(page, "未到")
    expect(page.locator(".desk-tallies")).to_contain_text("2 缺考")
    assert not proctor.faults


def sign(person: Person, button: str) -> None:
    person.page.fill("#sign-password", people.PASSWORD)
    press(person.page, button)
