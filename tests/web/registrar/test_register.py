from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.certificate import Certificate
from tests.factories import certificates as factory
from tests.factories import people
from tests.web.visits import token

Headers = dict[str, str]


@pytest.fixture
def made(session: Session) -> Certificate:
    return factory.issued(session, name="王'小'明")


def test_an_empty_register_says_what_to_do_first(client: FlaskClient, registrar: Headers) -> None:
    assert "尚未签发任何证书" in client.get("/register", headers=registrar).text


def test_search(client: FlaskClient, registrar: Headers, made: Certificate) -> None:
    for query in ("", "王", made.serial, made.serial.lower()):
        page = client.get("/register", query_string={"q": query}, headers=registrar).text
        assert made.serial in page
        assert "王&#39;小&#39;明" in page
    assert "没有符合条件的记录" in client.get("/register?q=nobody", headers=registrar).text
    assert client.get("/register?status=revoked", headers=registrar).text.count(made.serial) == 0
    assert client.get("/register?status=strange&page=x", headers=registrar).status_code == 200


def test_one_certificate_and_its_file(client: FlaskClient, registrar: Headers, made: Certificate) -> None:
    page = client.get(f"/register/{made.serial}", headers=registrar).text
    assert made.sha256 in page
    assert client.get(f"/register/{made.serial}/pdf", headers=registrar).data == made.pdf
    assert client.get("/register/x", headers=registrar).status_code == 404


def test_suspend_reinstate_revoke(client: FlaskClient, session: Session, registrar: Headers, made: Certificate) -> None:
    address = f"/register/{made.serial}"
    csrf = token(client, address, registrar)

    def press(**form: str) -> int:
        form["csrf_token"] = csrf
        status = client.post(address, data=form, headers=registrar).status_code
        session.expire_all()
        return status

    assert press(change="suspend", reason="", ground="unstated") == 422
    assert press(change="suspend", reason="复核", ground="under_review") == 303
    assert (made.status, made.status_reason) == ("suspended", "under_review")
    assert "复核" in client.get(address, headers=registrar).text
    assert press(change="suspend", reason="复核", ground="under_review") == 409
    assert press(change="reinstate", reason="无误", ground="unstated") == 303
    assert press(change="revoke", reason="不实", ground="false_evidence") == 422  # the tick is missing
    assert made.status == "valid"
    assert press(change="revoke", reason="不实", ground="false_evidence", final="y") == 303
    assert made.status == "revoked"
    assert 'name="change"' not in client.get(address, headers=registrar).text


def test_what_was_typed_is_kept(client: FlaskClient, registrar: Headers, made: Certificate) -> None:
    address = f"/register/{made.serial}"
    form = {"change": "reinstate", "reason": "写了很多", "ground": "unstated",
            "csrf_token": token(client, address, registrar)}  # fmt: skip
    page = client.post(address, data=form, headers=registrar)
    assert page.status_code == 409
    assert "写了很多" in page.text


def test_an_auditor_reads_only(client: FlaskClient, store: Flask, session: Session, made: Certificate) -> None:
    headers = people.bearer(store, session, people.user(session, Role.AUDITOR))
    assert 'name="change"' not in client.get(f"/register/{made.serial}", headers=headers).text
    form = {"change": "suspend", "reason": "x", "ground": "unstated"}
    assert client.post(f"/register/{made.serial}", data=form, headers=headers).status_code == 403
