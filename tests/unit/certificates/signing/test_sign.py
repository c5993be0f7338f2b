"""The seal signs, other programs agree, and a seal that could not hold is refused with the way out."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.core.errors import Refusal
from certificates.drawing.pdf import draw
from certificates.signing import seal as sealing
from certificates.signing.demo_ca import DemoCA
from certificates.signing.key_holder import KeyInMemory
from certificates.signing.sign import Seal, sign
from certificates.verifying.verification import inspect_pdf, load_roots
from tests.unit.certificates.conftest import NOW, a_face

PASSPHRASE = "a passphrase of the tests only"


def packed(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, *, usage: bool = True, days: int = 30) -> bytes:
    """A self-signed certificate and its key."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "演示签发机构 DEMONSTRATION Issuer")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW - timedelta(1), NOW + timedelta(days))
    if usage:
        flags = [True, True, *[False] * 7]
        builder = builder.add_extension(x509.KeyUsage(*flags), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(
        b"test", key, certificate, None, BestAvailableEncryption(PASSPHRASE.encode())
    )


def a_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def test_another_validator_finds_the_whole_file_signed_and_closed(signed: bytes, ca: DemoCA) -> None:
    root = x509.load_pem_x509_certificate(ca.root_pem)
    anchor = asn1_x509.Certificate.load(root.public_bytes(Encoding.DER))
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=[anchor], moment=NOW, allow_fetching=False)
    )
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.self_reported_timestamp == NOW
    assert status.md_algorithm == "sha256"


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed here")
def test_pdfsig_agrees(signed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed)
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, check=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed here")
def test_qpdf_finds_no_fault_in_the_file(signed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed)
    assert subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=False).returncode == 0


def test_the_signed_file_begins_with_the_drawn_one_and_shows_nothing_more(unsigned: bytes, signed: bytes) -> None:
    assert signed.startswith(unsigned)
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    assert [float(edge) for edge in signature.sig_field["/Rect"]] == [0, 0, 0, 0]


def test_each_of_many_signatures_of_one_seal_holds(ca: DemoCA) -> None:
    """Filled-in forms are as good as the first, freshly built one, and cover each its own document."""
    fresh = Seal.from_pkcs12(ca.pkcs12, ca.passphrase, at=NOW)
    for number in range(20):
        moment = NOW + timedelta(minutes=number)
        found = inspect_pdf(
            sign(draw(a_face(serial=f"C-{number}")), fresh, reason="颁发证书", at=moment), load_roots(ca.root_pem)
        )
        assert found.genuine
        assert found.signed_at == moment


def test_the_key_is_parsed_once(unsigned: bytes, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing.pkcs12, "load_key_and_certificates", None)
    assert sign(unsigned, seal, reason="颁发证书", at=NOW) != sign(unsigned, seal, reason="颁发证书", at=NOW)


@pytest.mark.parametrize(
    ("data", "passphrase", "says"),
    [
        (b"no PKCS#12 at all", PASSPHRASE, "cannot be opened"),
        (packed(a_key()), "wrong", "cannot be opened"),
        (packed(rsa.generate_private_key(65537, 2048)), PASSPHRASE, "not an elliptic curve key"),
        (packed(ec.generate_private_key(ec.SECP384R1())), PASSPHRASE, "P-256"),
        (packed(a_key(), usage=False), PASSPHRASE, "key usage"),
        (packed(a_key(), days=0), PASSPHRASE, "valid from 2026-11-20 to 2026-11-21"),
    ],
    ids=["not PKCS#12", "passphrase", "RSA", "P-384", "no key usage", "expired"],
)
def test_an_unusable_seal_is_refused_with_the_way_out(data: bytes, passphrase: str, says: str) -> None:
    with pytest.raises(Refusal, match=re.escape(says)) as refused:
        Seal.from_pkcs12(data, passphrase, at=NOW + timedelta(seconds=1))
    assert refused.value.code == "seal_unusable"


def test_a_key_without_certificate_is_refused() -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"test", a_key(), None, None, BestAvailableEncryption(PASSPHRASE.encode())
    )
    with pytest.raises(Refusal, match="no certificate"):
        Seal.from_pkcs12(data, PASSPHRASE, at=NOW)


def test_a_seal_that_expired_since_it_was_loaded_does_not_sign(unsigned: bytes, seal: Seal) -> None:
    with pytest.raises(Refusal) as refused:
        sign(unsigned, seal, reason="颁发证书", at=NOW + timedelta(days=4000))
    assert refused.value.code == "seal_unusable"


def test_a_signature_that_does_not_hold_never_leaves(unsigned: bytes, seal: Seal) -> None:
    broken = Seal(KeyInMemory(a_key()), seal.certificate, seal.chain)
    with pytest.raises(Refusal) as refused:
        sign(unsigned, broken, reason="颁发证书", at=NOW)
    assert refused.value.code == "signing_failed"
