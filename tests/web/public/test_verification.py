from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.certificate import Certificate
from certificates.register.grounds import Ground
from certificates.register.revocation import revoke, suspend
from tests.factories import certificates as factory

JSON = {"Accept": "application/json"}


@pytest.fixture
def made(session: Session) -> Certificate:
    return factory.issued(session, name="李'𬭊")


def upload(client: FlaskClient, data: bytes, **headers: str) -> Any:
    return client.post("/verify", data={"file": (BytesIO(data), "certificate.pdf")}, headers=headers)


def test_the_page_asks_for_a_number_or_a_file(client: FlaskClient) -> None:
    page = client.get("/verify").text
    assert 'name="serial"' in page
    assert 'name="file"' in page


def test_by_number(client: FlaskClient, made: Certificate) -> None:
    page = client.post(f"/verify/{made.serial}", data={"name": "李'𬭊"})
    assert page.status_code == 200
    assert "李&#39;𬭊" in page.text
    assert made.serial in page.text
    answer = client.get(f"/verify/{made.serial}", headers=JSON).json
    assert (answer["intact"], answer["trusted"], answer["status"]) == (True, True, "valid")
    assert (answer["holder"], answer["reasons"], answer["demonstration"]) == (made.holder, [], True)


def test_the_number_as_the_forms_send_it(client: FlaskClient, made: Certificate) -> None:
    typed = made.serial.lower().replace("-", " ")
    sent = client.post("/verify", data={"serial": typed})
    assert (sent.status_code, sent.location) == (303, f"/verify/{made.serial}")
    assert client.get("/verify", query_string={"serial": typed}, follow_redirects=True).status_code == 200
    assert client.post("/verify", json={"serial": typed}, headers=JSON).json["status"] == "valid"


def test_the_whole_code_in_place_of_the_number(client: FlaskClient, made: Certificate) -> None:
    """As a phone reads it and people paste it."""
    code = f"https://exam.example.org/verify/{made.serial}#c1.{'A' * 10}.{'B' * 200}.{'C' * 86}"
    assert client.post("/verify", data={"serial": code}).location == f"/verify/{made.serial}"
    assert client.get("/verify", query_string={"serial": code}).location == f"/verify/{made.serial}"


@pytest.mark.parametrize("serial", ["a/b", "..", "https://exam.example.org/x", ""])
def test_what_cannot_be_a_number_leads_nowhere_else(client: FlaskClient, serial: str) -> None:
    page = client.get("/verify", query_string={"serial": serial})
    assert page.status_code == 404
    assert 'name="serial"' in page.text


def test_half_a_character_in_a_name_is_another_name(client: FlaskClient, made: Certificate) -> None:
    """JSON can bring what UTF-8 cannot."""
    sent = f'{{"serial": "{made.serial}", "name": "王\\ud800"}}'
    answer = client.post("/verify", data=sent, content_type="application/json", headers=JSON)
    assert (answer.status_code, answer.json["verdict"]) == (200, "name_differs")


@pytest.mark.parametrize("serial", ["301011-2026-AAAA-AAAAA", "x", "%00", "<script>", "9" * 300])
def test_an_unknown_number_gets_help(client: FlaskClient, made: Certificate, serial: str) -> None:
    page = client.get(f"/verify/{serial}")
    assert page.status_code == 404
    assert 'name="serial"' in page.text
    assert "<script>alert" not in page.text
    answer = client.get(f"/verify/{serial}", headers=JSON)
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "serial_unknown")


def test_the_file_by_page_and_json_without_cookies(client: FlaskClient, made: Certificate) -> None:
    page = upload(client, made.pdf)
    assert page.status_code == 200
    assert "李&#39;𬭊" in page.text
    assert upload(client, made.pdf, **JSON).json["status"] == "valid"
    raw = client.post("/verify", data=made.pdf, content_type="application/pdf", headers=JSON).json
    assert (raw["intact"], raw["trusted"], raw["serial"]) == (True, True, made.serial)


def test_status_and_its_kind_are_seen_not_the_words(client: FlaskClient, session: Session, made: Certificate) -> None:
    suspend(session, factory.REGISTRAR, made.serial, "secret words", now(), ground=Ground.UNDER_REVIEW)
    session.commit()
    answer = client.get(f"/verify/{made.serial}", headers=JSON).json
    assert (answer["status"], answer["ground"]) == ("suspended", "under_review")
    revoke(session, factory.REGISTRAR, made.serial, "secret words", now(), ground=Ground.FALSE_EVIDENCE)
    session.commit()
    for said in (client.get(f"/verify/{made.serial}").text, upload(client, made.pdf).text,
                 upload(client, made.pdf, **JSON).text):  # fmt: skip
        assert "secret words" not in said
    assert [one["code"] for one in upload(client, made.pdf, **JSON).json["reasons"]] == ["revoked"]


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"no pdf", 422, "not_a_pdf"),
        (b"%PDF-1.7 << /Encrypt 1 0 R >>", 422, "encrypted"),
        (b"%PDF-1.7 nothing", 200, "unsigned"),
    ],
)
def test_what_is_no_certificate(client: FlaskClient, data: bytes, status: int, code: str) -> None:
    assert upload(client, data).status_code == status
    answer = upload(client, data, **JSON)
    assert (answer.status_code, answer.json["intact"], answer.json["reasons"][0]["code"]) == (status, False, code)


@pytest.mark.parametrize("megabytes", [11, 20])
def test_too_large_a_file(client: FlaskClient, megabytes: int) -> None:
    data = b"%PDF-" + bytes(megabytes * 1024 * 1024)
    page = client.post("/verify", data=data, content_type="application/pdf")
    assert page.status_code == 413
    assert 'name="file"' in page.text
    answer = client.post("/verify", data=data, content_type="application/pdf", headers=JSON)
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "upload_too_large")


def test_an_altered_file_says_so_and_names_nobody(client: FlaskClient, made: Certificate) -> None:
    changed = bytearray(made.pdf)
    changed[len(changed) // 2] ^= 4
    answer = upload(client, bytes(changed), **JSON).json
    assert (answer["intact"], answer["holder"], answer["status"]) == (False, None, "unknown")
    assert made.serial not in upload(client, bytes(changed)).text


@pytest.mark.parametrize("data", [{}, {"serial": ""}, {"other": "x"}])
def test_nothing_sent(client: FlaskClient, data: dict[str, str]) -> None:
    assert client.post("/verify", data=data).status_code == 422
    assert client.post("/verify", data=data, headers=JSON).status_code == 422


def test_in_english(client: FlaskClient, made: Certificate) -> None:
    page = client.get(f"/verify/{made.serial}", headers={"Accept-Language": "en"}).text
    assert "This is a demonstration. It certifies nothing." in page
    assert "Junior" in page
