"""Identity numbers at rest: encrypted to be read by few, and a keyed hash to find the same person again."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derived(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose, so that no two uses share a key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


@dataclass(frozen=True)
class IdentityVault:
    """Keys for identity numbers. The first key encrypts, every key decrypts, so keys can be changed."""

    keys: tuple[bytes, ...]
    pepper: bytes

    @classmethod
    def from_secret(cls, secret: str, older: tuple[str, ...] = ()) -> IdentityVault:
        keys = tuple(base64.urlsafe_b64encode(derived(s, "identity-encryption")) for s in (secret, *older))
        return cls(keys, derived((*older, secret)[0], "identity-lookup"))

    def seal(self, number: str) -> bytes:
        return MultiFernet([Fernet(key) for key in self.keys]).encrypt(number.encode())

    def open(self, sealed: bytes) -> str:
        return MultiFernet([Fernet(key) for key in self.keys]).decrypt(sealed).decode()

    def fingerprint(self, kind: str, number: str) -> str:
        """The same for the same document, and of no use without the key."""
        return hmac.new(self.pepper, f"{kind}:{number.upper()}".encode(), sha256).hexdigest()
