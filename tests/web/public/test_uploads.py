"""What is told, in words and to programs, of a file that somebody uploads."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.certificate import Certificate
from app.web.public import wording
from certificates.register.grounds import Ground
from certificates.register.revocation import reinstate, suspend
from certificates.verifying import findings
from certificates.verifying.findings import Reason
from tests.factories import attacks
from tests.factories import certificates as factory

JSON = {"Accept": "application/json"}


@pytest.fixture
def made(session: Session) -> Certificate:
    return factory.issued(session)


def upload(client: FlaskClient, data: bytes, address: str = "/verify", **form: str) -> Any:
    return client.post(address, data={"file": (BytesIO(data), "certificate.pdf"), **form})


def told(client: FlaskClient, data: bytes, address: str = "/verify", **form: str) -> dict[str, Any]:
    sent = {"file": (BytesIO(data), "certificate.pdf"), **form}
    return dict(client.post(address, data=sent, headers=JSON).json)


def test_every_finding_has_a_headline() -> None:
    """So that none of them ends in a page that says less than is known."""
    codes = {one.code for one in vars(findings).values() if isinstance(one, Reason)}
    codes -= {findings.ACTIVE.code}  # only ever said beside another
    assert codes <= set(wording._BY_REASON)


@pytest.mark.parametrize("name", attacks.FORGERIES)
def test_each_forgery_has_its_own_page(client: FlaskClient, made: Certificate, name: str) -> None:
    page = upload(client, attacks.FORGERIES[name][0](made.pdf))
    assert page.status_code in (200, 422)
    assert "verdict answer good" not in page.text
    assert made.holder not in page.text


def test_what_was_checked_is_listed_for_programs(client: FlaskClient, made: Certificate) -> None:
    answer = told(client, made.pdf)
    assert answer["verdict"] == "valid"
    outcomes = {one["code"]: one["outcome"] for one in answer["checks"]}
    assert {outcomes[code] for code in ("readable", "signed", "unchanged", "ours", "entered", "worth")} == {"passed"}
    forged = told(client, attacks.other_content(made.pdf))
    outcomes = {one["code"]: one["outcome"] for one in forged["checks"]}
    assert (forged["verdict"], outcomes["unchanged"], outcomes["worth"]) == ("shadow_content", "failed", "open")


def test_the_past_is_seen_without_names_or_words(client: FlaskClient, session: Session, made: Certificate) -> None:
    suspend(session, factory.REGISTRAR, made.serial, "private words", now(), ground=Ground.UNDER_REVIEW)
    reinstate(session, factory.REGISTRAR, made.serial, "private words", now())
    session.commit()
    assert [one["what"] for one in told(client, made.pdf)["history"]] == ["issued", "suspended", "reinstated"]
    page = upload(client, made.pdf).text
    assert "已恢复" in page
    assert "private words" not in page


def test_a_file_of_another_certificate(client: FlaskClient, session: Session, made: Certificate) -> None:
    other = factory.issued(session, name="李四")
    for sent in (
        told(client, made.pdf, f"/verify/{other.serial}"),
        told(client, made.pdf, serial=other.serial),
        told(client, made.pdf, of_serial=other.serial),
        told(client, made.pdf, f"/verify?serial={other.serial}"),
    ):
        assert (sent["verdict"], sent["status"], sent["holder"]) == ("other_certificate", "unknown", None)
    assert told(client, made.pdf, f"/verify/{made.serial}")["verdict"] == "valid"
    assert told(client, made.pdf, name="李四")["verdict"] == "other_holder"
    assert told(client, made.pdf, name=made.holder)["verdict"] == "valid"
    raw = client.post(f"/verify?name={made.holder}", data=made.pdf, content_type="application/pdf", headers=JSON)
    assert raw.json["verdict"] == "valid"
    page = upload(client, made.pdf, f"/verify/{other.serial}").text
    assert "verdict answer bad" in page
    assert "此文件不是您要查验的那张证书。" in page


def test_no_file_for_a_number(client: FlaskClient, made: Certificate) -> None:
    assert client.post(f"/verify/{made.serial}", data={}).status_code == 422
