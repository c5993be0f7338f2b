"""The public keys of the register, today's and earlier ones, so that what was signed long ago can still be checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.config import Settings
from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import check_reason, said
from app.models.register import PublishedKey
from certificates.log import proofs as log_proofs
from certificates.register.keys import LOG, RegisterKey, RegisterKeys, b64url, register_keys, thumbprint

_LOG_TIMES = text("SELECT min(at) AS since, max(at) AS until FROM public_log_head WHERE public_key = :key")


def note(session: Session, keys: RegisterKeys, now: datetime) -> None:
    """Make known what signs from now on. Where it takes another one's place, that one's time ends."""
    known = set(session.scalars(select(PublishedKey.kid).where(PublishedKey.kid.in_([key.kid for key in keys.all()]))))
    for key in keys.all():
        if key.kid in known:
            continue
        added = session.scalar(
            insert(PublishedKey)
            .values(kid=key.kid, purpose=key.purpose, jwk=key.as_jwk(), demonstration=key.demonstration, since=now)
            .on_conflict_do_nothing()
            .returning(PublishedKey.kid)
        )
        if added:
            _end_others(session, key, now)


def note_all(session: Session, settings: Settings, now: datetime) -> None:
    note(session, register_keys(settings, demonstration=False), now)
    if settings.demonstration:
        note(session, register_keys(settings, demonstration=True), now)


def _end_others(session: Session, key: RegisterKey, now: datetime) -> None:
    others = (
        PublishedKey.purpose == key.purpose,
        PublishedKey.demonstration == key.demonstration,
        PublishedKey.kid != key.kid,
        PublishedKey.until.is_(None),
    )
    session.execute(update(PublishedKey).where(*others).values(until=now))


def withdraw(session: Session, actor: Actor, kid: str, reason: str, now: datetime) -> PublishedKey:
    """Give a key up as no longer safe. It stays in the list with that mark; it never counts again."""
    reason = said(reason)
    if not reason:
        raise Refusal("reason_missing", N_("Give the reason. It is shown beside the key for ever."))
    check_reason(reason)
    key = session.scalar(select(PublishedKey).where(PublishedKey.kid == kid).with_for_update())
    if key is None:
        raise Refusal(
            "key_unknown",
            N_("The register never signed with a key of this name. `flask register-keys list` shows them."),
            status=404,
        )
    if key.withdrawn_at is None:
        key.withdrawn_at, key.reason = now, reason
        key.until = min(key.until or now, now)
        audit.record(session, "register:key:withdrawn", actor, "published_key", kid, reason=reason)
    return key


def all_keys(session: Session) -> Sequence[PublishedKey]:
    return session.scalars(select(PublishedKey).order_by(PublishedKey.purpose, PublishedKey.since)).all()


def key_of(session: Session, kid: str) -> PublishedKey | None:
    return session.get(PublishedKey, kid)


def jwks(session: Session, settings: Settings) -> dict[str, Any]:
    """A JWK set (RFC 7517); beside each key, in members of our own, what it is for and when it counted."""
    return {
        "issuer": settings.issuer,
        "verify": f"{settings.public_url}/verify/",
        "keys": [*map(_told, all_keys(session)), *_log_keys(session)],
    }


def _told(key: PublishedKey) -> dict[str, Any]:
    told = {
        **key.jwk,
        "purpose": key.purpose,
        "demonstration": key.demonstration,
        "valid_from": _moment(key.since),
        "valid_until": _moment(key.until),
    }
    if key.withdrawn_at:
        told |= {"withdrawn_at": _moment(key.withdrawn_at), "withdrawn_for": key.reason}
    return told


def _log_keys(session: Session) -> list[dict[str, Any]]:
    """As the heads of the log show them: each with the time of the first and the last head that it signed."""
    signed = list(log_proofs.keys(session))
    return [_log_key(session, row.public_key, newest=row is signed[-1]) for row in signed]


def _log_key(session: Session, raw: bytes, *, newest: bool) -> dict[str, Any]:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64url(raw)}
    times = session.execute(_LOG_TIMES, {"key": raw}).one()
    return {
        **jwk,
        "kid": thumbprint(jwk),
        "alg": "EdDSA",
        "use": "sig",
        "purpose": LOG,
        "valid_from": _moment(times.since),
        "valid_until": None if newest else _moment(times.until),
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
