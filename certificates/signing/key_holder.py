"""Keys that sign, wherever they are kept, and what pyHanko needs to build a signature by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore


class SigningKey(Protocol):
    """A P-256 key: here in memory, or in a device that never lets it out."""

    def sign(self, data: bytes) -> bytes:
        """ECDSA with SHA-256, the signature in DER."""


class KeyInMemory:
    """Parsed once: pyHanko's own SimpleSigner parses the key again for each signature."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key, self._scheme = key, ec.ECDSA(hashes.SHA256())

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data, self._scheme)


class KeyHolder(Signer):
    """Builds the first signature of a key, after whose form the others are made."""

    def __init__(self, key: SigningKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> None:
        self._key = key
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([asn1(one) for one in chain])
        super().__init__(signing_cert=asn1(certificate), cert_registry=store, embed_roots=False)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(f"signs with SHA-256 only, not {digest_algorithm}")
        return bytes(72) if dry_run else self._key.sign(data)


def asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
