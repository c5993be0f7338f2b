"""A certification authority for demonstrations, made on the spot; each of its names says that it certifies nothing.

It has what a real one has: a root, an authority below it that issues the signing certificate, and one that stamps
times; its keys are kept beside the certificates, so that it can also say that none of them is revoked (demo_services).
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.core.errors import N_, Refusal

PKCS12, PASSPHRASE, ROOT = "signer.p12", "passphrase.txt", "root.pem"
ROOT_KEY, AUTHORITY, STAMPS = "root.p12", "authority.p12", "stamps.p12"
FILES = (PKCS12, PASSPHRASE, ROOT, ROOT_KEY, AUTHORITY, STAMPS)
VALIDITY, OF_STAMPS, OF_AUTHORITIES = (timedelta(days=365 * years) for years in (10, 40, 60))
"""The signer ends first, then who stamps the times, and the authorities above them last."""


@dataclass(frozen=True)
class DemoCA:
    pkcs12: bytes
    """The signing key, its certificate and those above it."""
    passphrase: str
    """Of every PKCS#12 here."""
    root_pem: bytes
    """The root; before it those of earlier times, whose signatures still count."""
    root_pkcs12: bytes
    authority_pkcs12: bytes
    """Of the authority that issued the signing certificate."""
    stamps_pkcs12: bytes
    """Of the time-stamp authority."""


def ensure_demo_ca(folder: Path, now: datetime | None = None) -> DemoCA:
    """The authority kept in the folder, made if there is none; two processes starting together get the same one."""
    if not (folder / STAMPS).exists():  # the last file to be written
        with _alone(folder):
            if not folder.exists():
                _make(folder, now or datetime.now(UTC))
            elif not (folder / STAMPS).exists() and all((folder / name).exists() for name in FILES[:3]):
                _complete(folder, now or datetime.now(UTC))
    try:
        files = {name: (folder / name).read_bytes() for name in FILES}
    except FileNotFoundError as problem:
        raise _incomplete(folder) from problem
    passphrase = files[PASSPHRASE].decode().strip()
    return DemoCA(files[PKCS12], passphrase, files[ROOT], files[ROOT_KEY], files[AUTHORITY], files[STAMPS])


def _incomplete(folder: Path) -> Refusal:
    return Refusal(
        "demo_ca_incomplete",
        N_("The folder %(folder)s of the demonstration CA lacks a file. Remove the folder; it is then made anew."),
        folder=str(folder),
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Whoever comes second waits, and finds the first one's. It waits asleep: a process that serves many requests on
    one thread would otherwise keep its own request that holds the lock from ever going on."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    held = os.open(folder.parent, os.O_RDONLY)
    try:
        while not _taken(held):
            time.sleep(0.02)
        yield
    finally:
        os.close(held)


def _taken(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make(folder: Path, now: datetime) -> None:
    """Written beside the folder and moved there in one step."""
    fresh = Path(tempfile.mkdtemp(prefix=".demo-ca-", dir=folder.parent))
    try:
        passphrase = secrets.token_urlsafe(24)
        _write(fresh / PASSPHRASE, passphrase.encode())
        _write_keys(fresh, _authority(passphrase, now))
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _complete(folder: Path, now: datetime) -> None:
    """In a folder from before there were time stamps a new authority takes over; the old root goes on being trusted."""
    ca = _authority((folder / PASSPHRASE).read_text().strip(), now)
    _write(folder / f"before-{PKCS12}", (folder / PKCS12).read_bytes())
    _write_keys(folder, replace(ca, root_pem=(folder / ROOT).read_bytes() + ca.root_pem))


def _write_keys(folder: Path, ca: DemoCA) -> None:
    for name, content in (
        (ROOT, ca.root_pem),
        (ROOT_KEY, ca.root_pkcs12),
        (AUTHORITY, ca.authority_pkcs12),
        (PKCS12, ca.pkcs12),
        (STAMPS, ca.stamps_pkcs12),
    ):
        _write(folder / name, content)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, for the owner alone."""
    fresh = path.with_name(f".{path.name}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)


@dataclass(frozen=True)
class _Party:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def packed(self, passphrase: str, *chain: x509.Certificate) -> bytes:
        protection = BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(
            b"demonstration", self.key, self.certificate, chain or None, protection
        )


def _authority(passphrase: str, now: datetime) -> DemoCA:
    root = _party("演示根证书 DEMONSTRATION Root CA", None, now, path_length=1)
    middle = _party("演示中级证书 DEMONSTRATION Intermediate CA", root, now, path_length=0)
    signer = _party("演示签发机构 DEMONSTRATION Issuer", middle, now)
    stamps = _party("演示时间戳 DEMONSTRATION Time Stamps", root, now, stamps=True)
    return DemoCA(
        signer.packed(passphrase, middle.certificate, root.certificate),
        passphrase,
        root.certificate.public_bytes(Encoding.PEM),
        root.packed(passphrase),
        middle.packed(passphrase, root.certificate),
        stamps.packed(passphrase, root.certificate),
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "演示 DEMONSTRATION"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _party(
    name: str, issuer: _Party | None, now: datetime, *, path_length: int | None = None, stamps: bool = False
) -> _Party:
    """An authority if it may have others below it (path_length), else one that signs documents or stamps times."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority, above = path_length is not None, issuer.key if issuer else key
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority and not stamps,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder(
            issuer.certificate.subject if issuer else _name(name), _name(name), key.public_key(),
            x509.random_serial_number(),
        )
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + (OF_AUTHORITIES if authority else OF_STAMPS if stamps else VALIDITY))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False)
    )  # fmt: skip
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return _Party(key, builder.sign(above, hashes.SHA256()))
