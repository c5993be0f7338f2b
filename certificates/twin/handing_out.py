"""A certificate's credential as a file: the kept token, or the same statement with its proof inside."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.models.certificate import Certificate
from certificates.signing.issuer import Issuer
from certificates.twin import credentials
from certificates.twin.proof import with_proof

_CLAIMS = frozenset({"iss", "jti", "nbf", "sub", "exp"})


def file_of(
    session: Session, certificate: Certificate, issuer: Issuer, now: datetime, *, form: str = "jwt"
) -> tuple[bytes, str]:
    """(content, media type); `form` is jwt or json. One issued before there were credentials gets its own now."""
    kept = credentials.of(session, certificate, issuer, now)
    if form == "jwt":
        return kept.token.encode("ascii"), "application/vc+jwt"
    if form != "json" or issuer.keys.credential is None:
        raise NotFound()
    key = issuer.keys.credential
    address = credentials.key_address(issuer.public_url, key.kid)
    said = with_proof(stated(kept.token), key, address, certificate.issued_at)
    return json.dumps(said, ensure_ascii=False, indent=1).encode(), "application/vc"


def stated(token: str) -> dict[str, Any]:
    """What a token says, without the claims that repeat it."""
    payload = token.split(".")[1]
    said = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return {name: value for name, value in said.items() if name not in _CLAIMS}
