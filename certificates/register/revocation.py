"""What a certificate is worth after its issue: suspend, reinstate, revoke for good. Its bytes stay as they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import check_reason, said
from app.models.certificate import Certificate, CertificateEvent, CertificateStatus
from certificates.register.entries import unknown_serial
from certificates.register.grounds import Ground
from certificates.register.serials import normalised

_FROM = {
    CertificateStatus.SUSPENDED: (CertificateStatus.VALID,),
    CertificateStatus.VALID: (CertificateStatus.SUSPENDED,),
    CertificateStatus.REVOKED: (CertificateStatus.VALID, CertificateStatus.SUSPENDED),
}
_TAGS = {
    CertificateStatus.SUSPENDED: "certificate:suspended",
    CertificateStatus.VALID: "certificate:reinstated",
    CertificateStatus.REVOKED: "certificate:revoked",
}
_NOT_POSSIBLE = {
    CertificateStatus.SUSPENDED: N_("Only a valid certificate can be suspended; %(serial)s is not valid now."),
    CertificateStatus.VALID: N_("Only a suspended certificate can be reinstated; %(serial)s is not suspended."),
    CertificateStatus.REVOKED: N_("Certificate %(serial)s was revoked before. A revocation is final."),
}


def suspend(
    session: Session, actor: Actor, serial: str, reason: str, now: datetime, *, ground: Ground = Ground.UNSTATED
) -> Certificate:
    """Worth nothing until it is reinstated, for example while an irregularity is looked into."""
    return _change(session, actor, serial, CertificateStatus.SUSPENDED, now, reason=reason, ground=ground)


def reinstate(session: Session, actor: Actor, serial: str, reason: str, now: datetime) -> Certificate:
    return _change(session, actor, serial, CertificateStatus.VALID, now, reason=reason, ground=None)


def revoke(
    session: Session, actor: Actor, serial: str, reason: str, now: datetime, *, ground: Ground = Ground.UNSTATED
) -> Certificate:
    """Final: the number is never valid again; a new certificate may then be issued under a new number."""
    return _change(session, actor, serial, CertificateStatus.REVOKED, now, reason=reason, ground=ground)


def _change(
    session: Session,
    actor: Actor,
    serial: str,
    status: CertificateStatus,
    now: datetime,
    *,
    reason: str,
    ground: Ground | None,
) -> Certificate:
    reason = said(reason)
    if not reason:
        raise Refusal("reason_missing", N_("Give the reason. It is kept with the certificate for ever."))
    check_reason(reason)
    certificate = _locked(session, serial)
    if certificate.status not in _FROM[status]:
        details = {"serial": certificate.serial, "status": certificate.status}
        raise Refusal("status_conflict", _NOT_POSSIBLE[status], status=409, details=details, serial=certificate.serial)
    certificate.status, certificate.status_reason, certificate.status_at = status, ground or "", now
    event = CertificateEvent(certificate_id=certificate.id, status=status, reason=reason, at=now, by=actor.user_id)
    session.add(event)
    audit.record(session, _TAGS[status], actor, "certificate", certificate.serial, reason=reason, ground=ground or None)
    return certificate


def _locked(session: Session, serial: str) -> Certificate:
    query = select(Certificate).where(Certificate.serial == (normalised(serial) or "")).with_for_update(of=Certificate)
    certificate = session.scalar(query.execution_options(populate_existing=True))
    if certificate is None:
        raise unknown_serial()
    return certificate
