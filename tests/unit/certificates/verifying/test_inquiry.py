from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from flask import current_app
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.models.certificate import Certificate, CertificateArchive
from certificates.drawing.pdf import draw
from certificates.register.revocation import reinstate, revoke, suspend
from certificates.signing.demo_ca import ensure_demo_ca
from certificates.signing.seals import FOLDER, issuer, trusted_roots
from certificates.signing.sign import Seal, sign
from certificates.verifying.inquiry import MOST_BYTES, Expected, Verification, by_file, by_serial
from certificates.verifying.signature_places import places
from certificates.verifying.trust import Trust
from tests.factories import attacks
from tests.factories import certificates as factory
from tests.factories.pki import Pki
from tests.factories.signed_files import stamped
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


@pytest.mark.parametrize("more", [b"\n", b" ", b"\r\n\n", b"\n% more\n"])
def test_something_appended(session: Session, made: Certificate, more: bytes) -> None:
    found = asked(session, made.pdf + more)
    assert (found.intact, found.valid) == (False, False)
    assert codes(found) == ["bytes_appended"]
    assert (found.status, found.certificate, found.original) == ("unknown", None, made)


def test_a_foreign_signature_with_our_names(session: Session, made: Certificate, tmp_path: Path) -> None:
    other = ensure_demo_ca(tmp_path / "other")
    seal = Seal.from_pkcs12(other.pkcs12, other.passphrase, at=now())
    forged = sign(draw(a_face(serial=made.serial, holder_name=made.holder)), seal, reason="x", at=now())
    found = asked(session, forged)
    assert (found.intact, found.trusted, found.status) == (True, False, "unknown")
    assert codes(found) == ["imitated_signature"]
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
        (b"", "empty_file", False),
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


@pytest.mark.parametrize("name", attacks.FORGERIES)
def test_no_forgery_is_valid_or_names_anyone(session: Session, made: Certificate, name: str) -> None:
    found = asked(session, attacks.FORGERIES[name][0](made.pdf))
    assert (found.valid, found.intact, found.status, found.certificate) == (False, False, "unknown", None)
    assert found.verdict == codes(found)[0] != "valid"
    assert found.answer(str)["holder"] is None


@pytest.fixture
def other(session: Session) -> Certificate:
    return factory.issued(session, name="李四")


def test_a_signature_copied_from_another_certificate(session: Session, made: Certificate, other: Certificate) -> None:
    found = asked(session, attacks.copied_onto(made.pdf, other.pdf))
    assert (codes(found), found.intact, found.status) == (["signature_copied"], False, "unknown")


@pytest.mark.parametrize(
    ("serial", "name", "code"),
    [("other", "", "other_certificate"), ("made", "李四", "other_holder"), ("301011-2026", "", "other_certificate")],
)
def test_a_valid_file_of_another_person(
    session: Session, made: Certificate, other: Certificate, serial: str, name: str, code: str
) -> None:
    number = {"made": made.serial, "other": other.serial}.get(serial, serial)
    found = by_file(session, made.pdf, roots(), now(), Expected(number, name))
    assert (codes(found), found.valid, found.status, found.certificate) == ([code], False, "unknown", None)
    assert found.original == made


def test_the_right_number_and_name_however_typed(session: Session, made: Certificate) -> None:
    expected = Expected(made.serial.lower().replace("-", " "), f" {made.holder} ")
    assert by_file(session, made.pdf, roots(), now(), expected).valid


def test_only_the_beginning_of_what_was_issued(session: Session, made: Certificate) -> None:
    """Cut back to an earlier revision: signed, unchanged, and still not what was handed out."""
    first = made.pdf[: next(places(made.pdf)).end]
    if first == made.pdf:  # issued without a time stamp over all of it
        return
    found = asked(session, first)
    assert (codes(found), found.valid, found.status) == (["part_of_certificate"], False, "unknown")


def test_the_digits_of_the_signature_written_otherwise(session: Session, made: Certificate) -> None:
    """The signature is the same and covers the same; but these are not the bytes that were issued."""
    hole = attacks.place_of(made.pdf)
    digits = made.pdf[hole.hole : hole.after]
    other = digits.lower() if digits != digits.lower() else digits.upper()
    found = asked(session, made.pdf[: hole.hole] + other + made.pdf[hole.after :])
    assert (found.valid, found.status) == (False, "unknown")
    assert codes(found) == ["signature_retouched"]


def test_a_stamp_that_we_did_not_add(session: Session, made: Certificate) -> None:
    found = asked(session, stamped(made.pdf, Pki(), now()))
    assert (codes(found)[0], found.status, found.original) == ("archived_elsewhere", "unknown", made)


def test_what_was_put_before_a_genuine_file(session: Session, made: Certificate) -> None:
    found = asked(session, b"GIF89a;" + made.pdf)
    assert (codes(found)[0], found.original, found.valid) == ("foreign_start", made, False)


def test_a_replaced_one_names_its_successor(session: Session, made: Certificate) -> None:
    made.status, made.status_at = "replaced", now()
    copied = {column.key: getattr(made, column.key) for column in Certificate.__table__.columns if column.key != "id"}
    successor = copied | {"serial": "301011-2026-NEXT", "replaces_id": made.id, "status": "valid", "sha256": "0"}
    session.add(Certificate(**successor))
    session.flush()
    found = asked(session, made.pdf)
    assert (codes(found), found.status, found.successor) == (["replaced"], "replaced", "301011-2026-NEXT")
    assert found.answer(str)["replaced_by"] == "301011-2026-NEXT"


def test_what_strangers_see_of_the_past(session: Session, made: Certificate) -> None:
    suspend(session, factory.REGISTRAR, made.serial, "private words", now())
    reinstate(session, factory.REGISTRAR, made.serial, "private words", now())
    past = asked(session, made.pdf).answer(str)["history"]
    assert [one["what"] for one in past] == ["issued", "suspended", "reinstated"]
    assert all(set(one) == {"what", "on", "ground"} for one in past)


def test_a_renewed_file_and_all_its_earlier_wholes_are_valid(session: Session, made: Certificate) -> None:
    """What the body itself put behind a file belongs to it, and nothing between two of its own ends does."""
    suffix = stamped(made.pdf, Pki(), now())[len(made.pdf) :]
    session.add(
        CertificateArchive(
            certificate_id=made.id, number=1, suffix=suffix, at=now(), weakens_at=now(),
            sha256=sha256(made.pdf + suffix).hexdigest(),
        )
    )  # fmt: skip
    session.flush()
    for file in (made.pdf, made.pdf + suffix):
        assert asked(session, file).valid
    assert not asked(session, (made.pdf + suffix)[:-1]).valid
    assert by_serial(session, made.serial, roots(), now()).valid


def list_of_ours(since: datetime) -> bytes:
    """The demonstration authority's word that its signing certificate counts for nothing from then on."""
    ca = ensure_demo_ca(current_app.extensions["settings"].data_dir / FOLDER)
    passphrase = ca.passphrase.encode()
    key, authority, _ = pkcs12.load_key_and_certificates(ca.authority_pkcs12, passphrase)
    signer = pkcs12.load_key_and_certificates(ca.pkcs12, passphrase)[1]
    assert authority
    assert signer
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    entry = x509.RevokedCertificateBuilder().serial_number(signer.serial_number).revocation_date(since).build()
    one = x509.CertificateRevocationListBuilder().issuer_name(authority.subject).last_update(since)
    one = one.next_update(since + timedelta(days=90)).add_revoked_certificate(entry)
    return one.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_signing_key_withdrawn_before_the_issue(session: Session, made: Certificate) -> None:
    """The register's own time decides for what it holds; a file that it does not hold falls."""
    trust = Trust(roots(), withdrawn=[list_of_ours(now() - timedelta(days=3))])
    found = by_file(session, made.pdf, trust, now())
    assert (codes(found)[0], found.valid, found.trusted) == ("signer_revoked", False, False)
    after = Trust(roots(), withdrawn=[list_of_ours(now() + timedelta(days=3))])
    assert by_file(session, made.pdf, after, now()).valid
