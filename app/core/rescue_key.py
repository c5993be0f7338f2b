"""The key that opens files of unsent changes, and the one form such a file has. Values in, values out.

ECDH on P-256 between the server's key and one made for the file, HKDF-SHA256, AES-256-GCM: what any browser has. The
server's key follows from its secret, so that every web host has the same and none is lost.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.core.crypto import derived
from app.core.errors import N_, Refusal

FORMAT, VERSION = "exam-rescue", 1
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GARBLED = N_("This file cannot be read. It was altered or did not come whole: copy it from the computer once more.")


class RescueKey:
    """The server's side of every such file."""

    def __init__(self, secret: str) -> None:
        number = int.from_bytes(derived(secret, "rescue") + derived(secret, "rescue more"))
        self._private = ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())
        self.public = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def id(self) -> str:
        return sha256(self.public).hexdigest()[:16]

    @property
    def written(self) -> str:
        """As the candidate's page gets it."""
        return b64encode(self.public).decode()

    def open(self, file: Mapping[str, Any]) -> dict[str, Any]:
        """What the page put in; refuses in words whatever is not whole and meant for this key."""
        if file.get("format") != FORMAT or file.get("version") != VERSION:
            message = N_("This is no emergency file of the exam page. Choose the file whose name ends in .rescue.")
            raise Refusal("rescue_unknown", message)
        if file.get("key") != self.id:
            message = N_(
                "This file was made for another server, or before its secret was changed. Bring it to the server that "
                "held the exam; its operator can open it with the secret of that day."
            )
            raise Refusal("rescue_other_key", message, details={"key": str(file.get("key")), "own": self.id})
        try:
            theirs, iv, data = (b64decode(file[name], validate=True) for name in ("ephemeral", "iv", "data"))
            point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
            head = f"{FORMAT} {VERSION} {self.id}".encode()
            shared = self._private.exchange(ec.ECDH(), point)
            key = HKDF(algorithm=SHA256(), length=32, salt=theirs, info=head).derive(shared)
            content = json.loads(AESGCM(key).decrypt(iv, data, head))
        except (Error, KeyError, TypeError, ValueError, InvalidTag) as error:
            raise Refusal("rescue_garbled", GARBLED) from error
        if not isinstance(content, dict):
            raise Refusal("rescue_garbled", GARBLED)
        return content


@cache
def rescue_key(secret: str) -> RescueKey:
    return RescueKey(secret)
