"""A proctor's day at the board: pauses, messages, time for the room, a fault made good, another computer, an end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.core import clock
from app.core.audit import Actor
from app.core.db import db
from app.delivery import attempts
from app.models.account import Login
from app.models.exam import Attempt
from app.models.watching import ConnectionGap
from proctoring.presence import Sign, presence
from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser


def begin(store: Flask, made: dict[str, Any]) -> list[int]:
    """Both candidates are at work since an hour, and lost two minutes of it to the network."""
    numbers = [one["attempt"] for one in made["candidates"]]
    with store.app_context():
        now = clock.now()
        for number in numbers:
            attempt = db.session.get_one(Attempt, number)
            login = Login(user_id=attempt.user_id, kind="browser", created_at=now, expires_at=now + timedelta(hours=2))
            db.session.add(login)
            db.session.flush()
            sitter = attempts.Sitter(Actor(attempt.user_id, "candidate", "test"), login.id, login.created_at)
            attempts.start(db.session(), sitter, number, now - timedelta(minutes=60))
            gap = now - timedelta(minutes=20)
            db.session.add(ConnectionGap(attempt_id=number, from_at=gap, until_at=gap + timedelta(minutes=2),
                                         source="signs", waiting=3))  # fmt: skip
        db.session.commit()
    heard(store, numbers)
    return numbers


def heard(store: Flask, numbers: Sequence[int]) -> None:
    """As from candidates at work: on a slow machine their silence during the test would count as lost time."""
    with store.app_context():
        presence().beats({number: Sign(clock.now()) for number in numbers})


def tile(page: Page, seat: int) -> Any:
    return page.locator(f".tile[data-seat='{seat}']")


def test_a_day_at_the_board(store: Flask, visit: Visit, demonstration: dict[str, Any]) -> None:
    numbers = begin(store, demonstration)
    proctor = visit(demonstration["proctors"][0], size=(1024, 768))
    page = proctor.page
    room = f"/rooms/{demonstration['session']}"
    proctor.go(room)
    if page.get_by_role("button", name="签到", exact=True).count():
        page.get_by_role("button", name="签到", exact=True).click()
    expect(tile(page, 1)).to_have_attribute("data-state", "in_progress")
    proctor.check_access()

    page.get_by_label("选择 1 号座位").check()
    page.fill("[name=reason]", "考生身体不适")
    page.click("button[value=pause]")
    expect(tile(page, 1)).to_have_attribute("data-state", "paused")
    expect(tile(page, 2)).to_have_attribute("data-state", "in_progress")
    expect(page.locator("[name=reason]")).to_have_value("考生身体不适")
    page.get_by_label("选择 1 号座位").check()
    page.click("button[value=resume]")
    expect(tile(page, 1)).to_have_attribute("data-state", "in_progress")

    page.get_by_label("本考场").check()
    page.fill("[name=text]", "还有十分钟")
    page.click("button[value=message]")
    expect(page.locator(".notice.success")).to_contain_text("2")
    page.get_by_label("本考场").check()
    page.fill("[name=minutes]", "3")
    page.click("button[value=extend]")
    expect(page.locator(".notice.success")).to_contain_text("3 分钟")

    heard(store, numbers)
    page.get_by_role("link", name="时间补偿").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    proctor.check_access()
    page.locator("tbody input[type=checkbox]").nth(1).uncheck()
    page.fill("#reason", "网络中断")
    page.get_by_role("button", name="补回时间").click()
    expect(page.locator(".notice.success")).to_contain_text("1")
    heard(store, numbers)
    page.get_by_role("link", name="时间补偿").click()
    expect(page.locator("tbody tr")).to_have_count(1)

    proctor.go(f"{room}/seats/1")
    proctor.check_access()
    page.get_by_text("换机", exact=True).click()
    page.fill("#hand_over-reason", "显示器损坏")
    page.get_by_role("button", name="确认换机").click()
    expect(page.locator(".notice.success")).to_contain_text("15 分钟")

    proctor.go(f"{room}?by=map")
    page.get_by_label("选择 2 号座位").check()
    page.fill("[name=reason]", "使用手机")
    page.locator(".act-danger summary").click()
    page.click("button[value=end]")
    expect(page.locator(".notices .notice.error")).to_be_visible()
    page.get_by_label("选择 2 号座位").check()
    page.locator(".act-danger summary").click()
    page.locator(".act-danger input").check()
    page.click("button[value=end]")
    expect(tile(page, 2)).to_have_attribute("data-state", "expired")
    proctor.check_access()

    proctor.go(f"{room}/all")
    proctor.check_access()
    with store.app_context():
        first, second = (db.session.get_one(Attempt, number) for number in numbers)
        assert first.client is None
        less, more = sorted([first.extra_seconds, second.extra_seconds])
        assert less == 180
        assert 300 <= more < 1800  # on a slow machine also the silence during this test is given back
        assert second.closed_how == "proctor"
