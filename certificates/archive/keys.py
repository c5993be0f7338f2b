"""Which keys sign and stamp, which roots are trusted, until when: what is at work now, and what was seen before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.config import Settings
from app.core.errors import N_, Refusal
from app.models.archive import KnownKey
from certificates.archive.roots import Roots, together
from certificates.archive.rules import ends_soon
from certificates.signing.seals import issuer, trusted_roots, trusted_tsa_roots

if TYPE_CHECKING:
    from certificates.signing.issuer import Issuer

SIGNING, STAMPING, ROOT = "signing", "stamping", "root"
PROBE = bytes(32)


@dataclass(frozen=True)
class Key:
    """`now`: it works, or vouches, today; else it did so before, or has not begun yet."""

    use: str
    subject: str
    fingerprint: str
    starts_at: datetime
    ends_at: datetime
    now: bool
    last_seen: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """What is to be done before it hurts."""

    code: str
    message: str
    params: dict[str, str]


def at_work(settings: Settings, now: datetime) -> list[Key]:
    """From the settings alone: what signs, and the roots in the time for which they count."""
    keys = [_key(SIGNING, one.seal.certificate, now) for one in issuers_of(settings)]
    for root in _roots(settings).entries:
        keys.append(_key(ROOT, root.certificate, now, root.counts_from, root.counts_until))
    return keys


def issuers_of(settings: Settings) -> list[Issuer]:
    """Of the body itself, and of the demonstration where there is one; nothing where no key is set."""
    found: list[Issuer] = []
    for demonstration in (False, True) if settings.demonstration else (False,):
        try:
            one = issuer(settings, demonstration)
        except Refusal:
            continue
        if one not in found:
            found.append(one)
    return found


def observe(session: Session, settings: Settings, now: datetime) -> int:
    """Notes every key at work; asks the time-stamp authority for one stamp, for only so it shows its key."""
    seen = [(SIGNING, one.seal.certificate) for one in issuers_of(settings)]
    seen += [(ROOT, root) for root in _roots(settings)]
    for one in issuers_of(settings):
        if one.timestamps is not None:
            token = one.timestamps.token(PROBE, at=now)
            seen.append((STAMPING, x509.load_der_x509_certificate(token.signer.dump())))
    _note(session, seen, now)
    return len(seen)


def known(session: Session) -> Sequence[KnownKey]:
    return session.scalars(select(KnownKey).order_by(KnownKey.use, KnownKey.starts_at.desc())).all()


def keys(session: Session, settings: Settings, now: datetime) -> list[Key]:
    """Those at work first, then all that were."""
    working = at_work(settings, now)
    held = {one.fingerprint for one in working}
    rows = [one for one in known(session) if one.sha256 not in held]
    newest = max((one.last_seen for one in rows if one.use == STAMPING), default=None)
    before = [
        Key(one.use, one.subject, one.sha256, one.starts_at, one.ends_at,
            one.use == STAMPING and one.last_seen == newest, one.last_seen)
        for one in rows
    ]  # fmt: skip
    order = (SIGNING, STAMPING, ROOT)
    return sorted([*working, *before], key=lambda one: (not one.now, order.index(one.use), -one.ends_at.timestamp()))


def warnings(found: Iterable[Key], now: datetime) -> list[Notice]:
    """About what works today and ends soon, and about roots that were trusted and are no more."""
    told = []
    for one in found:
        params = {"subject": one.subject, "date": one.ends_at.date().isoformat()}
        if one.now and ends_soon(one.ends_at, now):
            told.append(Notice(f"{one.use}_ends_soon", _ENDS[one.use], params))
        elif one.use == ROOT and one.last_seen is not None:
            told.append(Notice("root_missing", _MISSING, params))
    return told


def _note(session: Session, seen: Iterable[tuple[str, x509.Certificate]], now: datetime) -> None:
    for use, certificate in seen:
        row = {
            "sha256": _fingerprint(certificate),
            "use": use,
            "subject": certificate.subject.rfc4514_string(),
            "pem": certificate.public_bytes(Encoding.PEM).decode(),
            "starts_at": certificate.not_valid_before_utc,
            "ends_at": certificate.not_valid_after_utc,
            "first_seen": now,
            "last_seen": now,
        }
        query = insert(KnownKey).values(**row)
        session.execute(query.on_conflict_do_update(index_elements=["sha256"], set_={"last_seen": now}))


def _roots(settings: Settings) -> Roots:
    return together(trusted_roots(settings), trusted_tsa_roots(settings))


def _key(
    use: str,
    certificate: x509.Certificate,
    now: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Key:
    starts, ends = starts_at or certificate.not_valid_before_utc, ends_at or certificate.not_valid_after_utc
    subject = certificate.subject.rfc4514_string()
    return Key(use, subject, _fingerprint(certificate), starts, ends, starts <= now <= ends)


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


_ENDS = {
    SIGNING: N_("The certificate that signs, %(subject)s, ends on %(date)s. Have its successor made and set it."),
    STAMPING: N_(
        "The certificate of the time-stamp authority, %(subject)s, ends on %(date)s. Ask the authority for its "
        "successor, or set another one."
    ),
    ROOT: N_(
        "The root %(subject)s counts until %(date)s. Certificates of before stay good; have new ones signed under its "
        "successor from then on."
    ),
}
_MISSING = N_(
    "The root %(subject)s was trusted here before and is no more, so certificates signed under it are not found good. "
    "Put it back among TRUST_ROOTS, however old it is."
)
