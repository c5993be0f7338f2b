"""An examiner times a task that is played before them, takes a mistaken beginning back, and decides on a proposal."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.models.practical import RubricSheet
from app.models.registration import Seat
from app.models.task_work import TaskScore
from app.models.tasks import SeatTask
from tests.factories import desk_tasks
from tests.journeys.conftest import Visit
from tests.journeys.test_tablet import HERE, SAVED, candidate, looked, opened, sheet_of, state, tap_all

pytestmark = pytest.mark.browser


@pytest.fixture
def examiner_account(store: Flask, demonstration: dict[str, Any]) -> dict[str, Any]:
    """The first candidate has a call to play and has done the typing at half of what earns full points."""
    with store.test_request_context():
        session = db.session()
        wanted = select(Seat).where(Seat.session_id == demonstration["practical_session"]).order_by(Seat.number)
        seat = session.scalars(wanted).first()
        assert seat is not None
        desk_tasks.drawn(session, seat, "call")
        typed = desk_tasks.drawn(session, seat, "typing")
        typed.started_at, typed.ended_at = clock.now() - timedelta(minutes=9), clock.now()
        session.flush()
        session.add(TaskScore(seat_task_id=typed.id, share=Decimal("0.5"), facts={}, at=clock.now()))
        session.commit()
    account: dict[str, Any] = demonstration["examiners"][0]
    return account


def times(store: Flask, slot: str) -> tuple[bool, bool]:
    with store.app_context():
        task = db.session.scalars(select(SeatTask).where(SeatTask.slot == slot)).one()
        return task.started_at is not None, task.ended_at is not None


def test_one_task_is_begun_taken_back_begun_and_ended(
    store: Flask, visit: Visit, examiner_account: dict[str, Any]
) -> None:
    examiner = opened(visit, examiner_account)
    page = examiner.page
    candidate(examiner)
    sheet = sheet_of(page)
    task = page.locator("[data-task=call]")
    task.locator(".task-summary").click()
    expect(page.locator("[data-task=typing] form[data-entry]")).to_have_count(0)
    task.locator("form[data-entry=begin] button").click()
    expect(task.locator("[data-task-stage]")).to_be_visible()
    expect(state(page)).to_contain_text(SAVED)
    assert times(store, "call") == (True, False)
    examiner.check_access()
    examiner.context.set_offline(True)
    task.locator("[data-undo] summary").click()
    task.locator("[data-undo] input[name=reason]").fill("考生还没到")
    task.locator("[data-undo] button").click()
    expect(task.locator(".span")).to_have_attribute("data-stage", "waiting")
    expect(task.locator("[data-task-stage]")).to_be_hidden()
    expect(state(page)).to_contain_text(HERE)
    examiner.context.set_offline(False)
    expect(state(page)).to_contain_text(SAVED)
    assert times(store, "call") == (False, False)
    assert looked(store, sheet, lambda one: one.seat.practical_started_at) is None
    task.locator("form[data-entry=begin] button").click()
    task.locator("form[data-entry=end] button").click()
    expect(task.locator(".span")).to_have_attribute("data-stage", "ended")
    expect(task.locator("[data-undo]")).to_be_hidden()
    expect(state(page)).to_contain_text(SAVED)
    assert times(store, "call") == (True, True)
    assert looked(store, sheet, lambda one: one.seat.practical_ended_at) is None


def test_a_proposal_is_taken_over_or_other_points_explained(
    store: Flask, visit: Visit, examiner_account: dict[str, Any]
) -> None:
    examiner = opened(visit, examiner_account)
    page = examiner.page
    candidate(examiner)
    sheet = sheet_of(page)
    card = page.locator("#c-J15")
    proposed = card.locator("[data-proposed]").inner_text()
    expect(card.locator("[data-accept]")).to_be_visible()
    tap_all(page)
    expect(card.locator("[data-other]")).to_be_visible()
    expect(state(page)).to_contain_text(SAVED)
    page.click("[data-review]")
    page.wait_for_url("**/review")
    page.click("[data-sign-button]")
    expect(page.locator("[data-refusal]")).to_contain_text("写明理由")
    expect(page.locator("[data-refusal]")).to_contain_text("J15")
    page.goto(f"{examiner.site}/examiner/sheets/{sheet}")
    card.locator("[data-accept]").click()
    expect(page.locator("#points-J15")).to_have_value(proposed)
    expect(card.locator("[data-accept]")).to_be_hidden()
    expect(card.locator("[data-other]")).to_be_hidden()
    expect(state(page)).to_contain_text(SAVED)
    page.click("[data-review]")
    page.wait_for_url("**/review")
    page.click("[data-sign-button]")
    expect(page.locator(".notice.success")).to_be_visible()
    with store.app_context():
        signed = db.session.get_one(RubricSheet, sheet)
        assert signed.state == "signed"
        assert next(mark.points for mark in signed.marks if mark.criterion == "J15") == Decimal(proposed)
