from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from flask import current_app
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.models.certificate import Certificate
from certificates.drawing.pdf import draw
from certificates.register.revocation import revoke, suspend
from certificates.signing.demo_ca import ensure_demo_ca
from certificates.signing.seals import issuer, trusted_roots
from certificates.signing.sign import Seal, sign
from certificates.verifying.inquiry import MOST_BYTES, Verification, by_file, by_serial
from tests.factories import certificates as factory
from tests.unit.certificates.conftest import a_face


def roots() -> list[x509.Certificate]:
    return trusted_roots(current_app.extensions["settings"])


def asked(session: Session, data: bytes) -> Verification:
    return by_file(session, data, roots(), now())


def codes(found: Verification) -> list[str]:
    return [reason.code for reason in found.reasons]


@pytest.fixture
def made(session: Session) -> Certificate:
    return factory.issued(session)


def test_the_issued_file_is_valid(session: Session, made: Certificate) -> None:
    found = asked(session, made.pdf)
    assert found.valid
    assert (found.intact, found.trusted, found.status, codes(found)) == (True, True, "valid", [])
    answer = found.answer(lambda reason: reason.message)
    assert list(answer)[:7] == ["intact", "trusted", "status", "holder", "level", "serial", "reasons"]
    assert (answer["holder"], answer["level"], answer["serial"]) == (made.holder, "junior", made.serial)


def test_by_number_the_stored_copy_is_checked(session: Session, made: Certificate) -> None:
    assert by_serial(session, made.serial.lower(), roots(), now()).valid
    with pytest.raises(Refusal) as refused:
        by_serial(session, "301011-2026-AAAA-AAAAA", roots(), now())
    assert refused.value.status == 404


@pytest.mark.parametrize(("change", "status"), [(suspend, "suspended"), (revoke, "revoked")])
def test_ours_but_worth_nothing(session: Session, made: Certificate, change, status: str) -> None:  # type: ignore[no-untyped-def]
    change(session, factory.REGISTRAR, made.serial, "private words", now())
    for found in (asked(session, made.pdf), by_serial(session, made.serial, roots(), now())):
        assert (found.intact, found.trusted, found.status, codes(found)) == (True, True, status, [status])
        assert not found.valid
        assert "private words" not in str(found.answer(str))


def test_an_expired_one(session: Session, made: Certificate) -> None:
    assert made.expires_on is None  # the scheme gives none, so this is one of another scheme
    session.expunge(made)
    made.expires_on = now().date() - timedelta(days=2)
    from certificates.register.entries import worth

    assert worth(made, now().date()) == "expired"


def test_one_byte_changed(session: Session, made: Certificate) -> None:
    place = len(made.pdf) // 3
    changed = made.pdf[:place] + bytes([made.pdf[place] ^ 1]) + made.pdf[place + 1 :]
    found = asked(session, changed)
    assert (found.intact, found.status, found.certificate, codes(found)) == (False, "unknown", None, ["altered"])


def test_something_appended(session: Session, made: Certificate) -> None:
    found = asked(session, made.pdf + b"\n% more\n")
    assert (found.intact, found.valid) == (False, False)
    assert codes(found) == ["changed_after_signing"]
    assert found.certificate is not None


def test_a_foreign_signature_with_our_names(session: Session, made: Certificate, tmp_path: Path) -> None:
    other = ensure_demo_ca(tmp_path / "other")
    seal = Seal.from_pkcs12(other.pkcs12, other.passphrase, at=now())
    forged = sign(draw(a_face(serial=made.serial, holder_name=made.holder)), seal, reason="x", at=now())
    found = asked(session, forged)
    assert (found.intact, found.trusted, found.status) == (True, False, "unknown")
    assert codes(found) == ["foreign_signature"]
    assert found.answer(str)["holder"] is None


def test_our_key_on_a_document_the_register_does_not_know(session: Session) -> None:
    seal = issuer(current_app.extensions["settings"], True).seal
    found = asked(session, sign(draw(a_face()), seal, reason="x", at=now()))
    assert (found.intact, found.trusted, found.status, codes(found)) == (True, True, "unknown", ["not_in_register"])
    assert not found.valid


@pytest.mark.parametrize(
    ("data", "code", "judged"),
    [
        (b"hello", "not_a_pdf", False),
        (b"", "not_a_pdf", False),
        (b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>", "encrypted", False),
        (b"%PDF-1.7\n1 0 obj << >> endobj", "unsigned", True),
    ],
)
@pytest.mark.usefixtures("session")
def test_no_certificate_at_all(session: Session, data: bytes, code: str, judged: bool) -> None:
    found = asked(session, data)
    assert (codes(found), found.judged, found.valid) == ([code], judged, False)


@pytest.mark.usefixtures("session")
def test_a_huge_file(session: Session) -> None:
    with pytest.raises(Refusal) as refused:
        asked(session, b"%PDF-" + bytes(MOST_BYTES))
    assert refused.value.status == 413
