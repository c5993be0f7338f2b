"""Another certificate in the place of one: with the name put right, or a new term. What was earned stays earned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.certificate import Certificate, CertificateStatus
from app.models.registration import Application
from app.registration.facts import day_of
from app.schemes.scheme import scheme as scheme_of
from certificates.register import renewal
from certificates.register.deciders import refuse_tied_decider
from certificates.register.dossier import Dossier, about, open_incidents_of
from certificates.register.eligibility import Facts
from certificates.register.entries import entry, is_over, locked_entry
from certificates.register.grounds import Succession
from certificates.register.issue import CertificateRefused, locked_application, prepared, stored
from certificates.register.revocation import given
from certificates.register.succession import Place, not_valid
from certificates.signing.seals import IssuerChoice


def replace(
    session: Session, actor: Actor, serial: str, reason: str, now: datetime, choose: IssuerChoice
) -> Certificate:
    """The new one, bearing the name that is on file now. The award is the same, so nothing is asked again."""
    reason = given(reason)
    application, old = _held(session, serial)
    refuse_tied_decider(session, actor, about(application))
    if old.status != CertificateStatus.VALID:
        raise not_valid(old)
    if is_over(old, day_of(now)):
        raise _ended(old)
    if old.holder == application.candidate.name:
        raise Refusal(
            "nothing_to_replace",
            N_("Certificate %(serial)s bears the name that is on file. Correct the name first."),
            status=409,
            serial=old.serial,
        )
    return _succeeded(session, actor, application, Place(old, Succession.NAME_CORRECTED, reason), now, choose)


def renew(
    session: Session, actor: Actor, serial: str, reason: str, now: datetime, choose: IssuerChoice,
    *, training_hours: int = 0,
) -> Certificate:  # fmt: skip
    """The new one, with a new term, if the scheme renews certificates and everything it asks for was shown."""
    reason = given(reason)
    application, old = _held(session, serial)
    refuse_tied_decider(session, actor, about(application))
    shown = renewal.Shown(
        status=old.status,
        expires_on=old.expires_on,
        training_hours=training_hours,
        open_incidents=open_incidents_of(session, application),
    )
    level = scheme_of(old.scheme).level(old.level)
    if against := renewal.reasons_against(level.renewal, shown, day_of(now)):
        raise CertificateRefused(against)
    return _succeeded(session, actor, application, Place(old, Succession.RENEWED, reason), now, choose)


def awaiting_replacement(session: Session, candidate_id: int) -> list[Certificate]:
    """A person's standing certificates that bear another name than the one on file."""
    rows = session.execute(
        select(Certificate, Application)
        .join(Application, Application.id == Certificate.application_id)
        .where(
            Application.candidate_id == candidate_id,
            Certificate.status.in_((CertificateStatus.VALID, CertificateStatus.SUSPENDED)),
        )
        .order_by(Certificate.id)
    )
    return [one for one, application in rows if one.holder != application.candidate.name]


def _held(session: Session, serial: str) -> tuple[Application, Certificate]:
    """First the sole right to issue for person and level, then the entry: the order in which issuing takes them."""
    application = locked_application(session, entry(session, serial).application_id)
    return application, locked_entry(session, serial)


def _succeeded(
    session: Session, actor: Actor, application: Application, place: Place, now: datetime, choose: IssuerChoice
) -> Certificate:
    old = place.predecessor
    level = scheme_of(old.scheme).level(old.level)
    dossier = Dossier(application, level, choose(old.demonstration), Facts(admitted=True), place)
    return stored(session, actor, prepared(session, dossier, now))


def _ended(certificate: Certificate) -> Refusal:
    until = certificate.expires_on.isoformat() if certificate.expires_on else ""
    return Refusal(
        "certificate_ended",
        N_("Certificate %(serial)s was valid until %(until)s. Give it a new term, which also puts the name right."),
        status=409,
        serial=certificate.serial,
        until=until,
    )
