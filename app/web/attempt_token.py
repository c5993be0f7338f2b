"""What lets a running exam save without anybody being looked up: the attempt, its candidate, log-in and client, signed.

It has no end of its own. The attempt's row bounds it: once another log-in or client has taken over, or the time is up,
the statement that stores a change finds that the row names others.
"""

from __future__ import annotations

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import current_app, request

from app.core.crypto import derived
from app.delivery.quick_start import Begun
from app.models.exam import Attempt

MARK = "exam."
"""What the token begins with; a log-in's never does."""
_FORM = struct.Struct(">QQ16s16s")
_LENGTH = _FORM.size + sha256().digest_size


@dataclass(frozen=True, slots=True)
class Claims:
    """Who sits which attempt, by which log-in and from which client."""

    attempt_id: int
    user_id: int
    login_id: UUID
    client: UUID


def issue(attempt: Attempt | Begun, secret: str) -> str:
    """For an attempt that runs, to whom it runs for."""
    if attempt.client is None or attempt.login_id is None:
        raise ValueError("an attempt without a live client has no token")
    said = _FORM.pack(attempt.id, attempt.user_id, attempt.login_id.bytes, attempt.client.bytes)
    return MARK + urlsafe_b64encode(said + _seal(secret, said)).decode()


def read(token: str, secret: str) -> Claims | None:
    """What the token says if we wrote it. It costs five millionths of a second, so nobody keeps what was read."""
    return _read(token.removeprefix(MARK), secret) if token.startswith(MARK) else None


def claims_of_request() -> Claims | None:
    """Those of the attempt that the request to the API is about; elsewhere, and about another, a token says nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    claims = read(token.strip(), current_app.config["SECRET_KEY"]) if scheme == "Bearer" else None
    about: Any = (request.view_args or {}).get("attempt_id")
    return claims if claims is not None and request.blueprint == "api" and claims.attempt_id == about else None


def _read(token: str, secret: str) -> Claims | None:
    try:
        whole = urlsafe_b64decode(token.encode("ascii"))
    except (Error, ValueError):
        return None
    said, seal = whole[: _FORM.size], whole[_FORM.size :]
    if len(whole) != _LENGTH or urlsafe_b64encode(whole).decode() != token:  # one way of writing each
        return None
    if not hmac.compare_digest(seal, _seal(secret, said)):
        return None
    attempt, user, login, client = _FORM.unpack(said)
    return Claims(attempt, user, UUID(bytes=login), UUID(bytes=client))


def _seal(secret: str, said: bytes) -> bytes:
    return hmac.digest(_key(secret), said, "sha256")


@cache
def _key(secret: str) -> bytes:
    return derived(secret, "attempt-token")
