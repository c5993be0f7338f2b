"""A certification authority for demonstrations, made on the spot; each of its names says that it certifies nothing."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from app.core.errors import N_, Refusal

PKCS12, PASSPHRASE, ROOT = "signer.p12", "passphrase.txt", "root.pem"
VALIDITY = timedelta(days=3650)


@dataclass(frozen=True)
class DemoCA:
    pkcs12: bytes
    passphrase: str
    root_pem: bytes


def ensure_demo_ca(folder: Path, now: datetime | None = None) -> DemoCA:
    """The authority kept in the folder, made if there is none; two processes starting together get the same one."""
    if not (folder / ROOT).exists():
        _make(folder, now or datetime.now(UTC))
    try:
        return DemoCA(
            (folder / PKCS12).read_bytes(), (folder / PASSPHRASE).read_text().strip(), (folder / ROOT).read_bytes()
        )
    except FileNotFoundError as problem:
        raise Refusal(
            "demo_ca_incomplete",
            N_("The folder %(folder)s of the demonstration CA lacks a file. Remove the folder; it is then made anew."),
            folder=str(folder),
        ) from problem


def _make(folder: Path, now: datetime) -> None:
    """Write beside the folder and move it there in one step; who comes second keeps the first one's."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".demo-ca-", dir=folder.parent))
    try:
        ca = _authority(now)
        for name, content in ((PKCS12, ca.pkcs12), (PASSPHRASE, ca.passphrase.encode()), (ROOT, ca.root_pem)):
            with os.fdopen(os.open(fresh / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
        try:
            fresh.rename(folder)
        except OSError:
            if not any(folder.iterdir()):
                raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _authority(now: datetime) -> DemoCA:
    root_key, middle_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root_name = _name("演示根证书 DEMONSTRATION Root CA")
    middle_name = _name("演示中级证书 DEMONSTRATION Intermediate CA")
    root = _certificate(root_name, root_key, root_name, root_key, now, path_length=1)
    middle = _certificate(middle_name, middle_key, root_name, root_key, now, path_length=0)
    leaf = _certificate(_name("演示签发机构 DEMONSTRATION Issuer"), key, middle_name, middle_key, now, path_length=None)
    passphrase = secrets.token_urlsafe(24)
    packed = pkcs12.serialize_key_and_certificates(
        b"demonstration", key, leaf, [middle, root], BestAvailableEncryption(passphrase.encode())
    )
    return DemoCA(packed, passphrase, root.public_bytes(Encoding.PEM))


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "演示 DEMONSTRATION"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    path_length: int | None,
) -> x509.Certificate:
    """A CA's certificate if it may have others below it (path_length), else one that signs documents."""
    authority = path_length is not None
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALIDITY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())
