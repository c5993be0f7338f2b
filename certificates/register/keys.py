"""Keys that the register signs with beside the seal on its documents, and how they are made known.

One signs the code printed on a certificate, one the credential that goes with it. Each is named by the thumbprint of
its public half (RFC 7638), so that what was signed leads to the key long after another one has taken its place.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from app.config import Settings
from app.core.errors import N_, Refusal
from certificates.log.key import made_once

CODE, CREDENTIAL, LOG = "code", "credential", "log"
_LEAST_RSA = 2048
Private = Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class RegisterKey:
    """A private key with its public half as a JWK; signs as JOSE writes signatures."""

    def __init__(self, private: Private, purpose: str, *, demonstration: bool) -> None:
        self._private, self.purpose, self.demonstration = private, purpose, demonstration
        self.alg, self.public = _described(private)
        self.kid = thumbprint(self.public)

    def sign(self, data: bytes) -> bytes:
        if isinstance(self._private, Ed25519PrivateKey):
            return self._private.sign(data)
        if isinstance(self._private, rsa.RSAPrivateKey):
            return self._private.sign(data, padding.PKCS1v15(), SHA256())
        r, s = decode_dss_signature(self._private.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def as_jwk(self) -> dict[str, str]:
        return {**self.public, "kid": self.kid, "alg": self.alg, "use": "sig"}


@dataclass(frozen=True)
class RegisterKeys:
    """Of the issuing body, or of a demonstration; None where the settings name no such key."""

    code: RegisterKey | None
    credential: RegisterKey | None

    def all(self) -> list[RegisterKey]:
        return [key for key in (self.code, self.credential) if key]


def register_keys(settings: Settings, demonstration: bool) -> RegisterKeys:
    """A demonstration has keys of its own, made when first needed; the body's come from the settings alone."""
    code, credential = settings.code_key, settings.credential_key
    if demonstration:
        code = made_once(settings.data_dir / "demo-code-key.pem")
        credential = made_once(settings.data_dir / "demo-credential-key.pem", _p256)
    return RegisterKeys(
        _kept(code, CODE, demonstration) if code else None,
        _kept(credential, CREDENTIAL, demonstration) if credential else None,
    )


def _p256() -> ec.EllipticCurvePrivateKey:
    """What most wallets and libraries take."""
    return ec.generate_private_key(ec.SECP256R1())


def thumbprint(jwk: dict[str, str]) -> str:
    """RFC 7638: the hash over what makes the key, in one written form."""
    needed = {name: jwk[name] for name in ("crv", "e", "kty", "n", "x", "y") if name in jwk}
    return b64url(sha256(json.dumps(needed, sort_keys=True, separators=(",", ":")).encode()).digest())


def b64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


@lru_cache(maxsize=16)
def _kept(path: Path, purpose: str, demonstration: bool) -> RegisterKey:
    try:
        private = load_pem_private_key(path.read_bytes(), None)
        return RegisterKey(_fitting(private, purpose), purpose, demonstration=demonstration)
    except (OSError, ValueError, TypeError) as problem:
        raise Refusal(
            "register_key_unreadable",
            N_(
                "The key in %(path)s cannot be used. CODE_KEY must name an Ed25519 key, CREDENTIAL_KEY an Ed25519, "
                "P-256 or RSA key of at least 2048 bits: in PEM form, without a passphrase, readable by the service."
            ),
            status=503,
            path=str(path),
        ) from problem


def _fitting(private: object, purpose: str) -> Private:
    """Codes are short, so their signatures must be."""
    if isinstance(private, Ed25519PrivateKey):
        return private
    if purpose == CREDENTIAL:
        if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1):
            return private
        if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= _LEAST_RSA:
            return private
    raise ValueError("a key of another kind")


def _described(private: Private) -> tuple[str, dict[str, str]]:
    if isinstance(private, Ed25519PrivateKey):
        raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return "EdDSA", {"kty": "OKP", "crv": "Ed25519", "x": b64url(raw)}
    if isinstance(private, rsa.RSAPrivateKey):
        rsa_numbers = private.public_key().public_numbers()
        return "RS256", {"kty": "RSA", "n": _number(rsa_numbers.n), "e": _number(rsa_numbers.e)}
    numbers = private.public_key().public_numbers()
    x, y = b64url(numbers.x.to_bytes(32, "big")), b64url(numbers.y.to_bytes(32, "big"))
    return "ES256", {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _number(value: int) -> str:
    return b64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))
