from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.registration import Part
from tests.factories import certificates as factory
from tests.factories import people
from tests.web.visits import visitor


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


def test_nothing_before_the_release(client: FlaskClient, store: Flask, session: Session) -> None:
    headers = people.bearer(store, session, people.user(session, Role.CANDIDATE))
    assert "还没有已公布的成绩" in client.get("/results", headers=headers).text


def test_scores_and_marks_by_row(client: FlaskClient, store: Flask, session: Session) -> None:
    user = factory.candidate(session)
    applied = factory.application(session, user=user)
    factory.result(session, applied, Part.THEORY, "59.99")
    page = client.get("/results", headers=people.bearer(store, session, user)).text
    assert "59.99" in page
    assert "一、基础知识" in page
    assert "不合格" in page
    assert ">60<" in page


def test_the_own_certificate_and_nobody_elses(client: FlaskClient, store: Flask, session: Session) -> None:
    user = factory.candidate(session)
    mine, other = factory.issued(session, user=user), factory.issued(session, name="别人")
    headers = people.bearer(store, session, user)
    page = client.get("/results", headers=headers).text
    assert mine.serial in page
    assert other.serial not in page
    assert client.get(f"/results/certificates/{mine.serial}", headers=headers).data == mine.pdf
    assert client.get(f"/results/certificates/{other.serial}", headers=headers).status_code == 404


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.EXAMINER])
def test_only_for_candidates(client: FlaskClient, store: Flask, session: Session, role: Role) -> None:
    headers = people.bearer(store, session, people.user(session, role))
    assert client.get("/results", headers=headers).status_code == 403
