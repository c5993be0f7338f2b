"""A credential as a signed token: a compact JWS whose payload is the credential itself (Open Badges 3.0, 8.2)."""

from __future__ import annotations

import json
from calendar import timegm
from datetime import UTC, datetime
from typing import Any

from certificates.register.keys import RegisterKey, b64url

MEDIA_TYPE = "application/vc+jwt"


def signed(credential: dict[str, Any], key: RegisterKey, key_address: str) -> str:
    """`key_address` is where the public key is found: a key within the token would vouch for itself alone."""
    header = {"alg": key.alg, "typ": "JWT", "kid": key_address}
    body = f"{_part(header)}.{_part(_claims(credential))}"
    return f"{body}.{b64url(key.sign(body.encode('ascii')))}"


def _claims(credential: dict[str, Any]) -> dict[str, Any]:
    """The registered claims repeat what the credential says."""
    claims = {
        **credential,
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": _seconds(credential["validFrom"]),
        "sub": credential["credentialSubject"]["id"],
    }
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"])
    return claims


def _seconds(written: str) -> int:
    return timegm(datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).utctimetuple())


def _part(said: dict[str, Any]) -> str:
    return b64url(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())
