"""The credential beside the PDF: one's own, in two forms."""

from __future__ import annotations

import json

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.account import Role
from tests.factories import certificates as factory
from tests.factories import people


def test_one_s_own_as_a_token_and_with_a_proof(store: Flask, client: FlaskClient, session: Session) -> None:
    holder = factory.candidate(session)
    made = factory.issued(session, user=holder)
    headers = people.bearer(store, session, holder)
    page = client.get("/results", headers=headers).text
    address = f"/results/certificates/{made.serial}/credential"
    assert f"{address}.jwt" in page
    token = client.get(f"{address}.jwt", headers=headers)
    assert token.headers["Content-Disposition"].endswith(f'certificate-{made.serial}.jwt"')
    said = jwt.decode(token.text, options={"verify_signature": False})
    proved = json.loads(client.get(f"{address}.json", headers=headers).text)
    assert proved["proof"]["cryptosuite"] == "ecdsa-jcs-2019"
    assert proved["credentialSubject"] == said["credentialSubject"]
    assert "iss" not in proved


def test_not_another_s_nor_in_another_form(store: Flask, client: FlaskClient, session: Session) -> None:
    holder = factory.candidate(session)
    made = factory.issued(session, user=holder)
    other = people.bearer(store, session, factory.candidate(session))
    own = people.bearer(store, session, holder)
    assert client.get(f"/results/certificates/{made.serial}/credential.jwt", headers=other).status_code == 404
    assert client.get(f"/results/certificates/{made.serial}/credential.pdf", headers=own).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.REGISTRAR, 200), (Role.AUDITOR, 200), (Role.VERIFIER, 403)])
def test_the_certifying_body_s_programs(
    store: Flask, client: FlaskClient, session: Session, role: Role, status: int
) -> None:
    made = factory.issued(session)
    headers = people.bearer(store, session, people.user(session, role))
    assert client.get(f"/api/v1/certificates/{made.serial}/credential", headers=headers).status_code == status
