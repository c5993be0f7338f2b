from __future__ import annotations

import gzip
import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.certificate import Certificate
from app.models.register import CertificateCredential
from certificates.register import making
from certificates.signing.unavailable import timestamp_unavailable
from tests.factories import certificate_life as life
from tests.factories import certificates as factory
from tests.factories import people
from tests.web.visits import visitor

API = "/api/v1"
Headers = dict[str, str]


@pytest.fixture
def client(store: Flask) -> FlaskClient:
    return visitor(store)


@pytest.fixture
def registrar(app: Flask, session: Session) -> Headers:
    return people.bearer(app, session, people.user(session, Role.REGISTRAR, name="李审核"))


@pytest.fixture
def old(session: Session) -> Certificate:
    return factory.issued(session, name="王小名")


def test_a_name_corrected_and_the_certificate_replaced(
    client: FlaskClient, registrar: Headers, old: Certificate
) -> None:
    body = {"name": "王小明", "reason": "误录", "document": "身份证"}
    answer = client.post(f"{API}/applications/{old.application_id}/name", json=body, headers=registrar).json
    assert answer == {"before": "王小名", "name": "王小明", "certificates": [old.serial]}
    made = client.post(f"{API}/certificates/{old.serial}/replace", json={"reason": "误录"}, headers=registrar).json
    assert (made["holder"], made["status"], made["replaces"], made["replaced_by"]) == (
        "王小明",
        "valid",
        old.serial,
        None,
    )
    before = client.get(f"{API}/certificates/{old.serial}", headers=registrar).json
    assert (before["status"], before["ground"], before["replaced_by"]) == ("replaced", "name_corrected", made["serial"])
    life_of = client.get(f"{API}/certificates/{old.serial}/decisions", headers=registrar).json
    assert (life_of["worth"], life_of["replaced_by"], life_of["name_on_file"]) == ("replaced", made["serial"], "王小明")
    assert [(one["status"], one["decider"], one["letter"]) for one in life_of["decisions"]] == [
        ("valid", None, True), ("replaced", "李审核", True)
    ]  # fmt: skip
    letter = life_of["decisions"][1]["id"]
    pdf = client.get(f"{API}/certificates/{old.serial}/letters/{letter}", headers=registrar)
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    again = client.post(f"{API}/certificates/{old.serial}/replace", json={"reason": "x"}, headers=registrar)
    assert (again.status_code, again.json["error"]["code"]) == (409, "status_conflict")


def test_strangers_see_it_at_once(client: FlaskClient, session: Session, registrar: Headers, old: Certificate) -> None:
    """Page, JSON, what waits for the public log, and the status list, in the very next request."""

    def seen() -> tuple[Any, ...]:
        answer = client.get(f"/verify/{old.serial}", headers={"Accept": "application/json"}).json
        waiting = session.scalar(text("SELECT count(*) FROM public_log_pending")) or 0
        session.rollback()
        return answer["status"], waiting, *(_listed(client, session, old, one) for one in ("suspension", "revocation"))

    steps: list[tuple[str, dict[str, Any]]] = [
        ("suspend", {"reason": "x"}), ("reinstate", {"reason": "x"}), ("replace", {"reason": "x"})
    ]  # fmt: skip
    found = [seen()]
    for what, body in steps:
        if what == "replace":
            name = {"name": "王小明", "reason": "x", "document": "y"}
            client.post(f"{API}/applications/{old.application_id}/name", json=name, headers=registrar)
        assert client.post(f"{API}/certificates/{old.serial}/{what}", json=body, headers=registrar).status_code == 200
        found.append(seen())
    assert found == [
        ("valid", 1, False, False), ("suspended", 2, True, False), ("valid", 3, False, False),
        ("replaced", 5, False, True),
    ]  # fmt: skip
    assert "换发" in client.get(f"/verify/{old.serial}").text or "取代" in client.get(f"/verify/{old.serial}").text


def test_without_a_time_stamp_it_waits(
    client: FlaskClient, session: Session, registrar: Headers, old: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.rename(session, old, "王小明")
    session.commit()

    def refused(*_: object) -> None:
        raise timestamp_unavailable("down")

    monkeypatch.setattr(making, "pressed", refused)
    answer = client.post(f"{API}/certificates/{old.serial}/replace", json={"reason": "x"}, headers=registrar)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "timestamp_unavailable")
    found = client.get(f"{API}/certificates/{old.serial}/decisions", headers=registrar).json
    assert (found["worth"], found["waiting"]) == ("valid", "name_corrected")


def test_renewal_and_what_ends(
    client: FlaskClient, session: Session, registrar: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.with_terms(monkeypatch)
    made = factory.issued(session)
    answer = client.post(f"{API}/certificates/{made.serial}/renew", json={"reason": "x"}, headers=registrar)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "certificate_refused")
    codes = [one["code"] for one in answer.json["error"]["details"]["reasons"]]
    assert codes == ["renewal_too_early", "training_hours_short"]
    listed = client.get(f"{API}/certificates/ending?months=36", headers=registrar).json
    assert [one["serial"] for one in listed["certificates"]] == [made.serial]
    assert client.get(f"{API}/certificates/ending", headers=registrar).json["total"] == 0


def _listed(client: FlaskClient, session: Session, one: Certificate, purpose: str) -> bool:
    """Whether the public status list bears a mark at the certificate's place."""
    kept = session.scalars(select(CertificateCredential).where(CertificateCredential.certificate_id == one.id)).one()
    place, number = kept.place, kept.list_number
    session.rollback()
    answer = client.get(f"/register/status/demo-{number}/{purpose}", headers={"Accept": "application/vc+jwt"})
    body = answer.data.split(b".")[1]
    subject = json.loads(urlsafe_b64decode(body + b"=" * (-len(body) % 4)))["credentialSubject"]
    packed = subject["encodedList"].removeprefix("u").encode()
    bits = gzip.decompress(urlsafe_b64decode(packed + b"=" * (-len(packed) % 4)))
    return bool(bits[place // 8] & 0x80 >> place % 8)
