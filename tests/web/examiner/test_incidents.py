"""Incidents of a practical: examiners on duty and registrars record them, whoever is neither does not find them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core import clock
from app.models.account import Role, User
from app.models.monitoring import Incident
from app.models.registration import ExamSession, StaffAssignment
from tests.factories import people, practical
from tests.factories.evidence import picture
from tests.web.visits import token, visitor

Headers = dict[str, str]


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


@pytest.fixture
def exam(session: Session) -> ExamSession:
    return practical.open_practical(session, examiners=3)[0]


def staff(store: Flask, session: Session, exam: ExamSession) -> list[Headers]:
    found = [people.bearer(store, session, session.get_one(User, one.user_id)) for one in exam.staff]
    session.commit()
    return found


def send(client: FlaskClient, page: str, headers: Headers, address: str = "", **form: Any) -> TestResponse:
    form["csrf_token"] = token(client, page, headers)
    return client.post(address or page, data=form, headers=headers)


def test_recorded_countersigned_and_resolved(
    client: FlaskClient, session: Session, store: Flask, exam: ExamSession
) -> None:
    first, second, _ = staff(store, session, exam)
    page = f"/panel/{exam.id}/incidents"
    told = {"seat": 1, "category": "computer", "severity": "serious", "description": "工位电脑死机"}
    assert send(client, page, first, **{**told, "description": ""}).status_code == 422
    files = (BytesIO(picture()), "屏幕.jpg")
    assert send(client, page, first, **told, blocking="y", files=files).status_code == 303
    one = session.scalars(select(Incident)).one()
    assert (one.session_id, one.blocking) == (exam.id, True)
    assert "屏幕.jpg" in client.get(page, headers=second).text
    countersign = f"/panel/incidents/{one.id}/countersign"
    assert send(client, page, first, countersign).status_code == 409
    assert send(client, page, second, countersign).status_code == 303
    resolve = f"/panel/incidents/{one.id}/resolve"
    assert send(client, page, second, resolve, **{f"i{one.id}-resolution": ""}).status_code == 422
    assert send(client, page, second, resolve, **{f"i{one.id}-resolution": "已换电脑"}).status_code == 303
    assert "已换电脑" in client.get(page, headers=first).text


def test_who_is_not_on_the_roster_does_not_find_them(
    client: FlaskClient, session: Session, store: Flask, exam: ExamSession
) -> None:
    page = f"/panel/{exam.id}/incidents"
    for role in Role:
        headers = people.bearer(store, session, people.user(session, role))
        session.commit()
        seen = client.get(page, headers=headers).status_code
        assert seen == (200 if role in (Role.REGISTRAR, Role.AUDITOR) else 404), role
        if role == Role.AUDITOR:
            assert "<form" not in client.get(page, headers=headers).text.split("<main")[1]


def test_an_examiner_who_left_reads_and_writes_nothing(
    client: FlaskClient, session: Session, store: Flask, exam: ExamSession
) -> None:
    first, *_ = staff(store, session, exam)
    session.execute(update(StaffAssignment).where(StaffAssignment.session_id == exam.id).values(left_at=clock.now()))
    session.commit()
    page = f"/panel/{exam.id}/incidents"
    assert 'id="record"' not in client.get(page, headers=first).text
    assert send(client, page, first, seat=0, category="power", description="停电").status_code == 409


def test_a_registrar_does_it_by_api_as_well(
    client: FlaskClient, session: Session, store: Flask, exam: ExamSession
) -> None:
    registrar = people.bearer(store, session, people.user(session, Role.REGISTRAR))
    session.commit()
    address = f"/api/v1/sessions/{exam.id}/incidents"
    made = client.post(address, json={"category": "power", "description": "停电十分钟"}, headers=registrar)
    assert made.status_code == 201
    assert [one["id"] for one in client.get(address, headers=registrar).get_json()["incidents"]] == [
        made.get_json()["id"]
    ]
