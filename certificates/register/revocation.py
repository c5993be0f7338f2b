"""What a certificate is worth after its issue: suspend, reinstate, revoke for good. Its bytes stay as they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import check_reason, said
from app.models.certificate import Certificate, CertificateEvent, CertificateStatus
from certificates.register import letters
from certificates.register.deciders import refuse_tied_decider
from certificates.register.dossier import about
from certificates.register.entries import locked_entry
from certificates.register.grounds import Ground

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
_REPLACED = N_("Certificate %(serial)s was replaced by another one. Decide about that one.")


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
    reason = given(reason)
    certificate = locked_entry(session, serial)
    refuse_tied_decider(session, actor, about(certificate.application))
    if certificate.status not in _FROM[status]:
        raise _conflict(certificate, status)
    certificate.status, certificate.status_reason, certificate.status_at = status, ground or "", now
    event = CertificateEvent(
        certificate_id=certificate.id, status=status, reason=reason, ground=ground or "", at=now, by=actor.user_id
    )
    session.add(event)
    session.flush()
    letters.announce(session, actor, certificate, event)
    audit.record(session, _TAGS[status], actor, "certificate", certificate.serial, reason=reason, ground=ground or None)
    return certificate


def given(reason: str) -> str:
    """Kept for ever, and read by the holder."""
    reason = said(reason)
    if not reason:
        raise Refusal("reason_missing", N_("Give the reason. It is kept with the certificate for ever."))
    check_reason(reason)
    return reason


def _conflict(certificate: Certificate, status: CertificateStatus) -> Refusal:
    details = {"serial": certificate.serial, "status": certificate.status}
    replaced = certificate.status == CertificateStatus.REPLACED
    message = _REPLACED if replaced else _NOT_POSSIBLE[status]
    return Refusal("status_conflict", message, status=409, details=details, serial=certificate.serial)
