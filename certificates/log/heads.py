"""The signed head of the public log: what is signed, by which key, and whether it holds. Values in, values out.

What is signed is a note as transparency logs use it (https://c2sp.org/tlog-checkpoint): the log's name, the number of
entries and the root, with a line for the time. So a head can be handed to whoever witnesses such logs.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from certificates.log.leaf import written

_ED25519 = b"\x01"


@dataclass(frozen=True)
class Head:
    """The state of the log at one time, and the signature that binds the issuing body to it."""

    number: int
    size: int
    root: bytes
    at: datetime
    origin: str
    public_key: bytes
    signature: bytes

    @property
    def text(self) -> str:
        return head_text(self.origin, self.size, self.root, self.at)

    @property
    def note(self) -> str:
        signed = b64encode(_key_hash(self.origin, self.public_key) + self.signature).decode()
        return f"{self.text}\n— {self.origin} {signed}\n"

    def holds(self) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(self.signature, self.text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True

    def as_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "size": self.size,
            "root": self.root.hex(),
            "at": written(self.at),
            "origin": self.origin,
            "public_key": self.public_key.hex(),
            "signature": self.signature.hex(),
            "note": self.note,
        }


class LogKey:
    """The private key of the log, and the name under which it signs."""

    def __init__(self, key: Ed25519PrivateKey, name: str) -> None:
        self._key, self.name = key, name
        self.public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @classmethod
    def from_pem(cls, pem: bytes, name: str) -> LogKey:
        key = load_pem_private_key(pem, None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("the key of the log is not an Ed25519 key")
        return cls(key, name)

    def head(self, number: int, size: int, root: bytes, at: datetime, origin: str | None = None) -> Head:
        """`origin` where the log bears its name already: that never changes, whatever the settings say."""
        origin = origin or self.name
        signature = self._key.sign(head_text(origin, size, root, at).encode())
        return Head(number, size, root, at, origin, self.public, signature)


def head_text(origin: str, size: int, root: bytes, at: datetime) -> str:
    return f"{origin}\n{size}\n{b64encode(root).decode()}\nat {written(at)}\n"


def note_key(origin: str, public_key: bytes) -> str:
    """The public key as tools for signed notes take it."""
    return f"{origin}+{_key_hash(origin, public_key).hex()}+{b64encode(_ED25519 + public_key).decode()}"


def public_pem(public_key: bytes) -> str:
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _key_hash(origin: str, public_key: bytes) -> bytes:
    return sha256(f"{origin}\n".encode() + _ED25519 + public_key).digest()[:4]
