from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.account import Role
from certificates.register.revocation import revoke
from tests.factories import certificates as factory
from tests.factories import people, theory

API = "/api/v1"


@pytest.fixture
def registrar(app: Flask, session: Session) -> dict[str, str]:
    return people.bearer(app, session, people.user(session, Role.REGISTRAR))


def test_a_session_gets_its_certificates_and_all_reasons(
    client: FlaskClient, session: Session, registrar: dict[str, str]
) -> None:
    exam = theory.theory_session(session, candidates=0)
    for number, applied in enumerate((factory.passed(session), factory.application(session)), 1):
        theory.seat(session, exam, applied, number)
    session.commit()
    address = f"{API}/sessions/{exam.id}/certificates"
    answer = client.post(address, headers=registrar).json
    assert (answer["issued"], answer["already"], answer["refused"]) == (1, 0, 1)
    good, bad = answer["outcomes"]
    assert good["status"] == "issued"
    assert [one["code"] for one in bad["reasons"]] == ["theory_missing", "practical_missing"]
    again = client.post(address, headers=registrar).json
    assert (again["issued"], again["already"], again["outcomes"][0]["serial"]) == (0, 1, good["serial"])


def test_no_such_session(client: FlaskClient, registrar: dict[str, str]) -> None:
    assert client.post(f"{API}/sessions/4711/certificates", headers=registrar).status_code == 404


def test_the_register(client: FlaskClient, session: Session, registrar: dict[str, str]) -> None:
    made = factory.issued(session, name="王小明")
    listed = client.get(f"{API}/certificates?q=小明", headers=registrar).json
    assert (listed["total"], listed["certificates"][0]["serial"]) == (1, made.serial)
    assert client.get(f"{API}/certificates?page=0", headers=registrar).status_code == 422
    one = client.get(f"{API}/certificates/{made.serial}", headers=registrar).json
    assert (one["holder"], one["status"], one["sha256"]) == ("王小明", "valid", made.sha256)
    pdf = client.get(f"{API}/certificates/{made.serial}/pdf", headers=registrar)
    assert (pdf.mimetype, pdf.data) == ("application/pdf", made.pdf)
    assert client.get(f"{API}/certificates/x", headers=registrar).json["error"]["code"] == "serial_unknown"


def test_suspend_reinstate_revoke(client: FlaskClient, session: Session, registrar: dict[str, str]) -> None:
    serial = factory.issued(session).serial

    def change(what: str, body: Any) -> Any:
        return client.post(f"{API}/certificates/{serial}/{what}", json=body, headers=registrar)

    assert change("suspend", {"reason": "x", "ground": "under_review"}).json["status"] == "suspended"
    assert change("reinstate", {"reason": "x"}).json["status"] == "valid"
    assert change("revoke", {"reason": "x"}).json["ground"] == "unstated"
    assert change("revoke", {"reason": "x"}).json["error"]["code"] == "status_conflict"
    assert change("suspend", {"reason": ""}).status_code == 422
    assert change("suspend", {"reason": "x", "ground": "whim"}).status_code == 422
    assert change("suspend", {}).status_code == 422


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.REGISTRAR, Role.AUDITOR)])
def test_the_register_is_not_for(client: FlaskClient, app: Flask, session: Session, role: Role) -> None:
    serial = factory.issued(session).serial
    headers = people.bearer(app, session, people.user(session, role))
    for path in ("", f"/{serial}", f"/{serial}/pdf"):
        assert client.get(f"{API}/certificates{path}", headers=headers).status_code == 403
    assert client.post(f"{API}/certificates/{serial}/revoke", json={"reason": "x"}, headers=headers).status_code == 403


def test_an_auditor_reads_and_changes_nothing(client: FlaskClient, app: Flask, session: Session) -> None:
    serial = factory.issued(session).serial
    headers = people.bearer(app, session, people.user(session, Role.AUDITOR))
    assert client.get(f"{API}/certificates/{serial}", headers=headers).status_code == 200
    for what in ("suspend", "reinstate", "revoke"):
        answer = client.post(f"{API}/certificates/{serial}/{what}", json={"reason": "x"}, headers=headers)
        assert answer.status_code == 403


def test_after_a_revocation_the_pdf_is_still_the_same(
    client: FlaskClient, session: Session, registrar: dict[str, str]
) -> None:
    made = factory.issued(session)
    revoke(session, factory.REGISTRAR, made.serial, "x", now())
    session.commit()
    assert client.get(f"{API}/certificates/{made.serial}/pdf", headers=registrar).data == made.pdf
