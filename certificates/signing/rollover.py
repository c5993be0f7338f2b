"""From one signing key to the next, on the day from which the next one's certificate is valid."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from app.config import Settings
from app.core.errors import N_, Refusal


def in_force(settings: Settings, now: datetime) -> Settings:
    """The settings with the key that signs at that moment: the next one as soon as its certificate begins."""
    path = settings.signing_next_pkcs12
    if path is None or next_certificate(path, settings.signing_next_passphrase).not_valid_before_utc > now:
        return settings
    return replace(
        settings,
        signing_pkcs12=path,
        signing_passphrase=settings.signing_next_passphrase,
        signing_next_pkcs12=None,
        signing_next_passphrase="",
    )


def next_certificate(path: Path, passphrase: str) -> x509.Certificate:
    """Read whenever the service is about to sign, so that a mistake shows today and not on the day of the change."""
    try:
        return certificates_in(path, passphrase)[0]
    except (OSError, ValueError) as problem:
        raise _unusable(path) from problem


@lru_cache(maxsize=8)
def certificates_in(path: Path, passphrase: str) -> tuple[x509.Certificate, ...]:
    """The key's own certificate and its chain, whether they are valid today or not."""
    _, certificate, chain = pkcs12.load_key_and_certificates(path.read_bytes(), passphrase.encode())
    if certificate is None:
        raise ValueError("no certificate for the key")
    return (certificate, *chain)


def _unusable(path: Path) -> Refusal:
    return Refusal(
        "next_seal_unusable",
        N_(
            "The next signing key in %(path)s cannot be opened. Check SIGNING_NEXT_PKCS12 and SIGNING_NEXT_PASSPHRASE; "
            "until then nothing is signed."
        ),
        status=503,
        path=str(path),
    )
