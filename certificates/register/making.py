"""The steps between a decision and an entry: what it will say, drawn and signed in memory, checked, not stored yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography import x509
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.core.heavy import apart
from app.models.certificate import Certificate, CertificateStatus
from app.models.registration import Application
from app.registration.facts import day_of
from app.schemes.scheme import scheme as scheme_of
from certificates.register.dossier import Dossier
from certificates.register.facts import CertificateFacts
from certificates.register.serials import new_serial
from certificates.signing.levels import Signed
from certificates.signing.seals import Issuer
from certificates.twin.credentials import Credential, credentials_of
from certificates.verifying.trust import Trust
from certificates.verifying.verification import inspect_pdf

if TYPE_CHECKING:
    from certificates.drawing.pdf import CertificateFace

SIGNING_REASON = "水平评价证书签发 Issue of a certificate of competence"
_VOUCHED_FOR = set[tuple[x509.Certificate, ...]]()
"""Signing certificates, each with the roots it was found to lead to, by this process."""


@dataclass(frozen=True)
class Draft:
    """Everything a certificate will say, and the credential that goes with it."""

    dossier: Dossier
    serial: str
    face: CertificateFace
    credential: Credential | None
    at: datetime

    @property
    def issuer(self) -> Issuer:
        return self.dossier.issuer


def drafted(session: Session, dossiers: Sequence[Dossier], now: datetime) -> list[Draft]:
    """Numbers, places in the lists of status and templates are asked of the database for all of them at once."""
    from certificates.templates.facing import face_of  # loaded by whoever issues, not by every command
    from certificates.templates.versions import body_in_force

    serials = _unused_serials(session, [one.application for one in dossiers], now)
    facts = [_facts(dossier, serial, now) for dossier, serial in zip(dossiers, serials, strict=True)]
    given = credentials_of(session, [(said, dossier.issuer) for said, dossier in zip(facts, dossiers, strict=True)])
    looks = {scheme: body_in_force(session, scheme) for scheme in {one.scheme for one in facts}}
    drafts = []
    for dossier, said, credential in zip(dossiers, facts, given, strict=True):
        face = face_of(dossier.application, said, dossier.issuer, credential, looks[said.scheme])
        drafts.append(Draft(dossier, said.serial, face, credential, now))
    return drafts


def _facts(dossier: Dossier, serial: str, now: datetime) -> CertificateFacts:
    application = dossier.application
    return CertificateFacts(
        serial=serial,
        holder=application.candidate.name,
        scheme=application.scheme,
        level=application.level,
        issued_on=day_of(now),
        issued_at=now,
        expires_on=dossier.expires_on(now),
        demonstration=dossier.issuer.demonstration,
        public_url=dossier.issuer.public_url,
    )


def pressed(face: CertificateFace, issuer: Issuer, now: datetime) -> Signed:
    """Drawn, signed and found good: the whole result or an exception. Values alone, so that it may run apart."""
    from certificates.drawing.pdf import draw

    signed = issuer.sign(draw(face), reason=SIGNING_REASON, at=now)
    _confirm(signed, issuer)
    return signed


def entry_of(draft: Draft, signed: Signed) -> Certificate:
    """Stands for nothing until it is stored."""
    application, place, now = draft.dossier.application, draft.dossier.place, draft.at
    return Certificate(
        serial=draft.serial,
        application_id=application.id,
        person=application.candidate.identity_hash,
        holder=application.candidate.name,
        scheme=application.scheme,
        level=application.level,
        issued_on=day_of(now),
        issued_at=now,
        expires_on=draft.dossier.expires_on(now),
        demonstration=draft.issuer.demonstration,
        pdf=signed.pdf,
        sha256=sha256(signed.pdf).hexdigest(),
        status=CertificateStatus.VALID,
        status_at=now,
        replaces_id=place.predecessor.id if place else None,
        signature_level=signed.level,
        weakens_at=signed.weakens_at,
    )


def made(draft: Draft) -> Certificate:
    """Drawn and signed while other requests go on."""
    return entry_of(draft, apart(pressed, draft.face, draft.issuer, draft.at))


def _unused_serials(session: Session, applications: Sequence[Application], now: datetime) -> list[str]:
    """That two draw the same number at a time is left to the register's constraint."""
    year = day_of(now).year
    while True:
        drawn = [new_serial(scheme_of(one.scheme), one.level, year) for one in applications]
        taken = session.scalar(select(exists().where(Certificate.serial.in_(drawn))))
        if not taken and len(set(drawn)) == len(drawn):
            return drawn


def _confirm(signed: Signed, issuer: Issuer) -> None:
    """As a stranger would judge it. That the certificate leads to a root of ours needs to be found out only once:
    that each signature holds, and is by this certificate, is checked by who signs."""
    vouched = (issuer.seal.certificate, *issuer.roots)
    if vouched in _VOUCHED_FOR:
        return
    if not inspect_pdf(signed.pdf, Trust(issuer.roots, issuer.tsa_roots)).genuine:
        raise Refusal(
            "seal_not_vouched_for",
            N_(
                "The signing certificate does not lead to a trusted root, so nothing was issued. "
                "Check that TRUST_ROOTS holds the root above the signing certificate."
            ),
            status=503,
        )
    _VOUCHED_FOR.add(vouched)
