"""Renews the proof in certificates' files before it weakens: a fresh time stamp over all that stands there already.

Each file is its own transaction: it is lengthened in memory, checked, and then kept as one more row, or nothing is.
Several may work at once; a lock of the database keeps two from taking the same file. What others need to hold a
certificate, as whoever revokes it, is held for the moment of writing only, not while a time stamp is waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.orm import Session, undefer

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.heavy import apart
from app.models.archive import ArchiveTrouble
from app.models.certificate import Certificate, CertificateArchive
from certificates.archive import troubles
from certificates.archive.rules import due_before, gains
from certificates.register.document import whole
from certificates.signing.levels import Longer
from certificates.signing.seals import Issuer, IssuerChoice
from certificates.verifying.trust import Trust
from certificates.verifying.verification import inspect_pdf

BATCH = 20
MOST_SILENT = 3
"""An authority that answers for none of so many files is left alone until the next round."""
FOR_ALL = frozenset(
    (
        "timestamp_unavailable",
        "timestamps_missing",
        "seal_unavailable",
        "seal_missing",
        "seal_unusable",
        "next_seal_unusable",
        "archive_gains_nothing",
    )
)
"""Refusals that would meet every other file as well."""
_LOCK = 0xA6C41


@dataclass(frozen=True)
class Renewed:
    """What became of one file: lengthened, or why not."""

    serial: str
    weakens_at: datetime | None = None
    refusal: Refusal | None = None


def renew_due(
    session: Session, actor: Actor, choose: IssuerChoice, now: datetime, *, most: int = BATCH, unstamped: bool = False
) -> Iterator[Renewed]:
    """An outcome for each file that is due, the weakest first. The caller commits after each one.

    `unstamped`: also those that never had a time stamp. It ends early where something stands in the way of all.
    """
    silent = 0
    for certificate_id in _waiting(session, now, most, unstamped):
        if not session.scalar(
            text("SELECT pg_try_advisory_xact_lock(:a, :b)"), {"a": _LOCK, "b": certificate_id % 2**31}
        ):
            continue
        certificate = session.get_one(
            Certificate, certificate_id, populate_existing=True, options=[undefer(Certificate.pdf)]
        )
        if not _due(certificate, now, unstamped):  # another one was faster
            continue
        outcome = _renewed(session, actor, certificate, choose, now)
        yield outcome
        silent += outcome.refusal is not None and outcome.refusal.code == "revocation_unavailable"
        if (outcome.refusal is not None and _concerns_all(outcome.refusal)) or silent >= MOST_SILENT:
            return


def _waiting(session: Session, now: datetime, most: int, unstamped: bool) -> list[int]:
    due = Certificate.weakens_at < due_before(now)
    query = (
        select(Certificate.id)
        .outerjoin(ArchiveTrouble, ArchiveTrouble.serial == Certificate.serial)
        .where(or_(due, Certificate.weakens_at.is_(None)) if unstamped else due)
        .where(func.coalesce(ArchiveTrouble.not_before, now) <= now)
        .order_by(Certificate.weakens_at.nulls_last(), Certificate.id)
    )
    return list(session.scalars(query.limit(most)))


def _due(certificate: Certificate, now: datetime, unstamped: bool) -> bool:
    if certificate.weakens_at is None:
        return unstamped
    return certificate.weakens_at < due_before(now)


def _renewed(session: Session, actor: Actor, certificate: Certificate, choose: IssuerChoice, now: datetime) -> Renewed:
    serial = certificate.serial
    try:
        document = whole(session, certificate)
        longer = apart(_longer, document, choose(certificate.demonstration), now)
        if not gains(certificate.weakens_at, longer.weakens_at, now):
            raise nothing_gained(longer.weakens_at)
    except Refusal as refusal:
        troubles.met(session, troubles.ALL if _concerns_all(refusal) else serial, refusal, now)
        return Renewed(serial, refusal=refusal)
    _keep(session, certificate, document, longer, now)
    audit.record(session, "certificate:proof-renewed", actor, "certificate", serial, weakens_at=longer.weakens_at)
    troubles.over(session, serial, troubles.ALL)
    return Renewed(serial, longer.weakens_at)


def _longer(document: bytes, issuer: Issuer, now: datetime) -> Longer:
    """Checked as a stranger would check it, before anyone keeps it."""
    try:
        longer = issuer.lengthen(document, at=now)
        trust = Trust(issuer.roots, issuer.tsa_roots)
        found = inspect_pdf(document + longer.suffix, trust, most_bytes=len(document) + len(longer.suffix))
    except Refusal:
        raise
    except Exception as problem:  # whatever a damaged file makes a parser say
        raise _failed(f"{type(problem).__name__}: {problem}") from problem
    if not found.genuine:
        raise _failed(", ".join(reason.code for reason in found.reasons))
    return longer


def _keep(session: Session, certificate: Certificate, document: bytes, longer: Longer, now: datetime) -> None:
    count = select(func.count()).where(CertificateArchive.certificate_id == certificate.id)
    session.add(
        CertificateArchive(
            certificate_id=certificate.id,
            number=(session.scalar(count) or 0) + 1,
            suffix=longer.suffix,
            sha256=sha256(document + longer.suffix).hexdigest(),
            at=now,
            weakens_at=longer.weakens_at,
        )
    )
    session.flush()
    session.execute(
        update(Certificate).where(Certificate.id == certificate.id).values(weakens_at=longer.weakens_at),
        execution_options={"synchronize_session": False},
    )
    session.expire(certificate, ["weakens_at"])


def _concerns_all(refusal: Refusal) -> bool:
    return refusal.code in FOR_ALL


def nothing_gained(until: datetime) -> Refusal:
    return Refusal(
        "archive_gains_nothing",
        N_(
            "A fresh time stamp would last no longer than the one that is there. The certificate of the time-stamp "
            "authority ends too soon: ask the authority when it changes it, or set another one as TSA_URL."
        ),
        details={"about": until.date().isoformat()},
    )


def _failed(about: str) -> Refusal:
    return Refusal(
        "archive_failed",
        N_(
            "The file with its fresh time stamp did not pass its own check, so it was left as it is. Compare it with a "
            "backup and tell the operator."
        ),
        status=500,
        details={"about": about},
    )
