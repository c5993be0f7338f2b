from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.certificate import Certificate, PartResult
from app.models.registration import ExamSession, Seat
from tests.factories import certificates as factory
from tests.factories import people, practical, theory

Headers = dict[str, str]


def closed_practical(session: Session, totals: tuple[str, ...]) -> ExamSession:
    exam, duties = practical.open_practical(session, candidates=1)
    for seat in session.scalars(select(Seat).where(Seat.session_id == exam.id)):
        seat.practical_started_at = exam.opens_at
    for duty, total in zip(duties, totals, strict=False):
        practical.mark_and_sign(session, duty, total)
    exam.state = "closed"
    session.commit()
    return exam


def test_scores_then_release(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = closed_practical(session, ("64", "66.5"))
    address = f"/registrar/sessions/{exam.id}/results"
    page = client.get(address, headers=registrar).text
    assert "65.25" in page
    assert f'action="{address}/release"' in page
    done = client.post(f"{address}/release", headers=registrar)
    assert (done.status_code, done.location) == (303, address)
    assert session.scalar(select(func.count()).select_from(PartResult)) == 1
    assert f"/registrar/sessions/{exam.id}/certificates" in client.get(address, headers=registrar).text


def test_what_is_missing_stands_beside_each(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = closed_practical(session, ("64",))
    address = f"/registrar/sessions/{exam.id}/results"
    assert "请联系考评员签字" in client.get(address, headers=registrar).text
    refused = client.post(f"{address}/release", headers={**registrar, "Accept": "application/json"})
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "results_incomplete")
    assert session.scalar(select(func.count()).select_from(PartResult)) == 0


def test_certificates_of_a_session(client: FlaskClient, session: Session, registrar: Headers) -> None:
    exam = theory.theory_session(session, candidates=0)
    names = ("甲", "<b>乙</b>", "丙")
    applied = [factory.passed(session, name=names[0]), factory.application(session, name=names[1]),
               factory.passed(session, name=names[2])]  # fmt: skip
    for number, one in enumerate(applied, 1):
        theory.seat(session, exam, one, number)
    session.commit()
    address = f"/registrar/sessions/{exam.id}/certificates"
    page = client.get(address, headers=registrar).text
    assert "&lt;b&gt;乙&lt;/b&gt;" in page
    assert "没有已公布的理论成绩" in page
    one = client.post(f"{address}/{applied[0].id}", headers=registrar)
    assert (one.status_code, one.location) == (303, address)
    assert client.post(address, headers=registrar).status_code == 303
    assert session.scalar(select(func.count()).select_from(Certificate)) == 2
    assert client.get(address, headers=registrar).text.count("/register/") == 2
    assert client.get(address + "?page=9", headers=registrar).status_code == 200


def test_an_auditor_sees_no_buttons(client: FlaskClient, store: Flask, session: Session) -> None:
    exam = closed_practical(session, ("64", "66"))
    auditor = people.bearer(store, session, people.user(session, Role.AUDITOR))
    for page in ("results", "certificates"):
        shown = client.get(f"/registrar/sessions/{exam.id}/{page}", headers=auditor)
        assert shown.status_code == 200
        assert 'method="post"' not in shown.text.split("<main")[1]
    for page in ("results/release", "certificates", "certificates/1"):
        assert client.post(f"/registrar/sessions/{exam.id}/{page}", headers=auditor).status_code == 403


@pytest.mark.parametrize("page", ["results", "certificates"])
def test_not_for_others(client: FlaskClient, store: Flask, session: Session, page: str) -> None:
    exam = theory.theory_session(session, candidates=0)
    session.commit()
    for role in (Role.CANDIDATE, Role.PROCTOR, Role.EXAMINER, Role.AUTHOR):
        headers = people.bearer(store, session, people.user(session, role))
        assert client.get(f"/registrar/sessions/{exam.id}/{page}", headers=headers).status_code == 403


def test_no_such_session(client: FlaskClient, registrar: Headers) -> None:
    for page in ("results", "certificates"):
        assert client.get(f"/registrar/sessions/4711/{page}", headers=registrar).status_code == 404
