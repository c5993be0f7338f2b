"""What the register's pages say of renewals and keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models.archive import KnownKey
from app.models.certificate import Certificate
from certificates.archive import troubles
from certificates.signing.unavailable import timestamp_unavailable
from tests.factories import certificates as factory

Headers = dict[str, str]
NOW = datetime.now(UTC)


def test_where_nothing_is_to_be_done_the_register_says_nothing(client: FlaskClient, registrar: Headers) -> None:
    assert "查看证明与密钥" not in client.get("/register", headers=registrar).text
    page = client.get("/register/proofs", headers=registrar).text
    assert "演示签发机构 DEMONSTRATION Issuer" in page
    assert "受阻情况" not in page


def test_what_is_due_and_what_stands_in_the_way(client: FlaskClient, registrar: Headers, session: Session) -> None:
    made = factory.issued(session)
    session.execute(update(Certificate).values(weakens_at=NOW + timedelta(days=30)))
    troubles.met(session, troubles.ALL, timestamp_unavailable("<tsa> is silent"), NOW)
    troubles.met(session, made.serial, timestamp_unavailable("silent"), NOW)
    session.commit()
    assert "有 1 份证书需要加盖新的时间戳；其中 2 项" in client.get("/register", headers=registrar).text
    page = client.get("/register/proofs", headers=registrar).text
    assert "所有待续期的证书" in page
    assert "&lt;tsa&gt; is silent" in page
    assert f"/register/{made.serial}" in page
    told = client.get("/metrics").text
    assert "exam_certificate_proofs_due 1.0" in told
    assert "exam_certificate_proofs_failed 2.0" in told
    assert 'exam_key_days_left{use="signing"}' in told


def test_a_root_that_went_missing_is_told_on_the_register(
    client: FlaskClient, registrar: Headers, session: Session
) -> None:
    session.add(
        KnownKey(sha256="ab" * 32, use="root", subject="CN=旧根", pem="", starts_at=NOW, ends_at=NOW, first_seen=NOW,
                 last_seen=NOW)
    )  # fmt: skip
    session.commit()
    assert "根证书 CN=旧根 曾受本系统信任" in client.get("/register", headers=registrar).text


def test_every_download_hands_out_the_renewed_whole(
    app: Flask, client: FlaskClient, registrar: Headers, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = factory.issued(session)
    session.execute(update(Certificate).values(weakens_at=NOW + timedelta(days=30)))
    session.commit()
    assert app.test_cli_runner().invoke(args=["certificate", "archive"]).exit_code == 0
    for address in (f"/register/{made.serial}/pdf", f"/api/v1/certificates/{made.serial}/pdf"):
        data = client.get(address, headers=registrar).data
        assert data.startswith(made.pdf)
        assert len(data) > len(made.pdf)
        for file in (data, made.pdf):
            headers = {"Content-Type": "application/pdf", "Accept": "application/json"}
            answer = client.post("/verify", data=file, headers=headers).get_json()
            assert (answer["intact"], answer["trusted"], answer["status"]) == (True, True, "valid")
