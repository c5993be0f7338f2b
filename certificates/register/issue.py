"""Issuing: every condition asked again, then drawn and signed in memory, then stored for good in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.heavy import apart
from app.models.certificate import Certificate, CertificateEvent, CertificateStatus
from app.models.registration import Application, Seat
from app.registration.facts import day_of
from app.registration.planning import exam_session
from app.results.verdict import counts_until
from app.schemes.scheme import scheme as scheme_of
from certificates.register.dossier import Dossier, dossier_of
from certificates.register.eligibility import Reason
from certificates.register.serials import new_serial
from certificates.signing.seals import Issuer, IssuerChoice
from certificates.verifying.verification import inspect_pdf

if TYPE_CHECKING:
    from certificates.drawing.pdf import CertificateFace

SIGNING_REASON = "水平评价证书签发 Issue of a certificate of competence"


class CertificateRefused(Refusal):
    """Carries every reason, for those who show them one by one."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(
            "certificate_refused",
            N_("The certificate cannot be issued yet: %(count)s conditions are not met. Each is listed below."),
            status=409,
            details={"reasons": [reason.as_dict() for reason in reasons]},
            count=len(reasons),
        )
        self.reasons = reasons


@dataclass(frozen=True)
class Outcome:
    """What became of one candidate in a batch: `issued`, `already` or `refused` with every reason."""

    seat: int
    application_id: int
    holder: str
    status: str
    serial: str | None = None
    reasons: tuple[Reason, ...] = ()


def issue(session: Session, actor: Actor, application_id: int, now: datetime, choose: IssuerChoice) -> Certificate:
    """The certificate of an application, or a refusal with all reasons; one at a time for a person and level."""
    application = _locked(session, application_id)
    dossier = dossier_of(session, actor, application, now, choose)
    if dossier.facts.standing_serial:
        raise _already(dossier.facts.standing_serial)
    if reasons := dossier.reasons():
        raise CertificateRefused(reasons)
    serial = _unused_serial(session, application, now)
    pdf = apart(_signed, _face(application, serial, now, dossier.issuer), dossier.issuer, now)
    return _stored(session, actor, _row(dossier, serial, pdf, now))


def issue_for_session(
    session: Session, actor: Actor, session_id: int, now: datetime, choose: IssuerChoice
) -> Iterator[Outcome]:
    """An outcome for each one seated, in turn. The caller commits after each, so a broken batch is just repeated."""
    exam_session(session, session_id)
    seats = select(Seat).where(Seat.session_id == session_id).order_by(Seat.number)
    waiting = [(seat.number, seat.application_id, seat.application.candidate.name) for seat in session.scalars(seats)]
    for number, application_id, holder in waiting:
        yield _attempted(session, actor, Outcome(number, application_id, holder, "refused"), now, choose)


def _attempted(session: Session, actor: Actor, one: Outcome, now: datetime, choose: IssuerChoice) -> Outcome:
    try:
        with session.begin_nested():
            serial = issue(session, actor, one.application_id, now, choose).serial
    except CertificateRefused as refusal:
        return Outcome(one.seat, one.application_id, one.holder, "refused", reasons=refusal.reasons)
    except Refusal as refusal:
        if refusal.status >= 500:  # not about this person: there is no key, or it does not sign
            raise
        if refusal.code == "already_issued":
            return Outcome(one.seat, one.application_id, one.holder, "already", refusal.details["serial"])
        reason = Reason(refusal.code, refusal.message, refusal.params)
        return Outcome(one.seat, one.application_id, one.holder, "refused", reasons=(reason,))
    return Outcome(one.seat, one.application_id, one.holder, "issued", serial)


def _locked(session: Session, application_id: int) -> Application:
    """The application, and for this transaction the sole right to issue for its person and level."""
    query = select(Application).where(Application.id == application_id).with_for_update(of=Application)
    application = session.scalar(query.execution_options(populate_existing=True))
    if application is None:
        raise NotFound()
    key = f"certificate:{application.candidate.identity_hash}:{application.scheme}:{application.level}"
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
    return application


def _unused_serial(session: Session, application: Application, now: datetime) -> str:
    while True:
        serial = new_serial(scheme_of(application.scheme), application.level, day_of(now).year)
        if session.scalar(select(Certificate.id).where(Certificate.serial == serial)) is None:
            return serial


def _face(application: Application, serial: str, now: datetime, issuer: Issuer) -> CertificateFace:
    from certificates.drawing.pdf import CertificateFace  # loaded by whoever issues, not by every command

    scheme = scheme_of(application.scheme)
    return CertificateFace(
        holder_name=application.candidate.name,
        photo=application.candidate.photo,
        scheme_name=scheme.name,
        scheme_code=scheme.code,
        level_name=scheme.level(application.level).name,
        issued_on=day_of(now),
        serial=serial,
        issuer_name=issuer.name,
        verification_url=issuer.address_of(serial),
        demonstration=issuer.demonstration,
    )


def _signed(face: CertificateFace, issuer: Issuer, now: datetime) -> bytes:
    from certificates.drawing.pdf import draw
    from certificates.signing.sign import sign

    pdf = sign(draw(face), issuer.seal, reason=SIGNING_REASON, at=now)
    if not inspect_pdf(pdf, issuer.roots).genuine:
        raise Refusal(
            "seal_not_vouched_for",
            N_(
                "The signing certificate does not lead to a trusted root, so nothing was issued. "
                "Check that TRUST_ROOTS holds the root above the signing certificate."
            ),
            status=503,
        )
    return pdf


def _row(dossier: Dossier, serial: str, pdf: bytes, now: datetime) -> Certificate:
    application, months = dossier.application, dossier.level.certificate_valid_months
    return Certificate(
        serial=serial,
        application_id=application.id,
        person=application.candidate.identity_hash,
        holder=application.candidate.name,
        scheme=application.scheme,
        level=application.level,
        issued_on=day_of(now),
        issued_at=now,
        expires_on=day_of(counts_until(now, months)) if months else None,
        demonstration=dossier.issuer.demonstration,
        pdf=pdf,
        sha256=sha256(pdf).hexdigest(),
        status=CertificateStatus.VALID,
        status_at=now,
    )


def _stored(session: Session, actor: Actor, certificate: Certificate) -> Certificate:
    try:
        with session.begin_nested():
            session.add(certificate)
    except IntegrityError as problem:
        raise _already(certificate.serial) from problem
    event = CertificateEvent(
        certificate_id=certificate.id, status=CertificateStatus.VALID, reason="", at=certificate.issued_at,
        by=actor.user_id,
    )  # fmt: skip
    session.add(event)
    audit.record(
        session,
        "certificate:issued",
        actor,
        "certificate",
        certificate.serial,
        application=certificate.application_id,
        sha256=certificate.sha256,
    )
    return certificate


def _already(serial: str) -> Refusal:
    return Refusal(
        "already_issued",
        N_("The register already holds certificate %(serial)s of this level for this person."),
        status=409,
        details={"serial": serial},
        serial=serial,
    )
