"""Files as the exam page makes them, without a browser."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.core.rescue_key import FORMAT, RescueKey


def sealed(key: RescueKey, content: dict[str, Any]) -> dict[str, Any]:
    """`content` for the holder of `key` alone."""
    ours = ec.generate_private_key(ec.SECP256R1())
    ephemeral = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key.public)
    head = f"{FORMAT} 1 {key.id}".encode()
    derived = HKDF(algorithm=SHA256(), length=32, salt=ephemeral, info=head).derive(ours.exchange(ec.ECDH(), theirs))
    iv = os.urandom(12)
    data = AESGCM(derived).encrypt(iv, json.dumps(content).encode(), head)
    written = {name: b64encode(raw).decode() for name, raw in {"ephemeral": ephemeral, "iv": iv, "data": data}.items()}
    return {"format": FORMAT, "version": 1, "key": key.id, **written}


def content(attempt: int, client: str, token: str, *changes: dict[str, Any]) -> dict[str, Any]:
    told = {"attempt": attempt, "client": client, "token": token, "receipt": "", "made_at": "2026-11-21T09:00:00.000Z"}
    return {**told, "changes": list(changes)}
