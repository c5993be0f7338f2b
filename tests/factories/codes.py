"""Keys of the register and facts of certificates, for what is signed beside the document."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.register.facts import CertificateFacts
from certificates.register.keys import CODE, CREDENTIAL, RegisterKey

PUBLIC_URL = "https://exam.example.org"


def code_key(*, demonstration: bool = False) -> RegisterKey:
    return RegisterKey(Ed25519PrivateKey.generate(), CODE, demonstration=demonstration)


def credential_key(kind: str = "EdDSA") -> RegisterKey:
    if kind == "RS256":
        return RegisterKey(rsa.generate_private_key(65537, 2048), CREDENTIAL, demonstration=False)
    if kind == "ES256":
        return RegisterKey(ec.generate_private_key(ec.SECP256R1()), CREDENTIAL, demonstration=False)
    return RegisterKey(Ed25519PrivateKey.generate(), CREDENTIAL, demonstration=False)


def facts(**changes: Any) -> CertificateFacts:
    values: dict[str, Any] = {
        "serial": "010101-2026-7K3M-9QXT7",
        "holder": "阿卜杜热依木·麦麦提",
        "scheme": "PTS152010301-01",
        "level": "junior",
        "issued_on": date(2026, 11, 21),
        "issued_at": datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        "expires_on": None,
        "demonstration": False,
        "public_url": PUBLIC_URL,
    }
    return CertificateFacts(**(values | changes))


def published(*keys: RegisterKey, **more: Any) -> dict[str, Any]:
    """As /register/keys.json shows them."""
    told = [
        {**key.as_jwk(), "purpose": key.purpose, "demonstration": key.demonstration, "valid_until": None, **more}
        for key in keys
    ]
    return {"keys": told}
