"""Issuing: every condition asked again, then drawn and signed in memory, then stored for good in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.certificate import Certificate, CertificateEvent, CertificateStatus
from app.models.registration import Application, Candidate
from certificates.register import notices, orders
from certificates.register.dossier import Dossier, dossier_of
from certificates.register.eligibility import Reason
from certificates.register.making import Draft, drafted, made
from certificates.register.succession import Place, give_way
from certificates.signing.seals import IssuerChoice
from certificates.signing.unavailable import Unavailable
from certificates.twin import credentials


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
class Prepared:
    """Signed and confirmed, and not stored yet: it stands for nothing until `stored` takes it in."""

    certificate: Certificate
    draft: Draft


def issue(session: Session, actor: Actor, application_id: int, now: datetime, choose: IssuerChoice) -> Certificate:
    """The certificate of an application, or a refusal with all reasons; one at a time for a person and level."""
    order = orders.hold(session, application_id)
    application = locked_application(session, application_id)
    dossier = dossier_of(session, actor, application, now, choose)
    if dossier.facts.standing_serial:
        raise already(dossier.facts.standing_serial)
    if reasons := dossier.reasons():
        raise CertificateRefused(reasons)
    certificate = stored(session, actor, prepared(session, dossier, now))
    if order is not None:
        orders.done(session, {order: certificate.id}, now)
    return certificate


def prepared(session: Session, dossier: Dossier, now: datetime) -> Prepared:
    (draft,) = drafted(session, [dossier], now)
    return Prepared(made(draft), draft)


def locked_application(session: Session, application_id: int) -> Application:
    """The application, and for this transaction the sole right to issue for its person and level."""
    found = locked_applications(session, [application_id])
    if not found:
        raise NotFound()
    return found[application_id]


def locked_applications(session: Session, numbers: Sequence[int]) -> dict[int, Application]:
    """The same for many, in an order that keeps those who do this at once from waiting for each other in a ring."""
    query = select(Application).where(Application.id.in_(numbers)).order_by(Application.id)
    query = query.options(joinedload(Application.candidate).undefer(Candidate.photo))
    rows = session.scalars(query.with_for_update(of=Application).execution_options(populate_existing=True)).all()
    keys = [f"certificate:{one.candidate.identity_hash}:{one.scheme}:{one.level}" for one in rows]
    session.execute(_LOCK, {"keys": keys})
    return {one.id: one for one in rows}


_LOCK = text(
    "SELECT pg_advisory_xact_lock(key) FROM (SELECT hashtextextended(k, 0) AS key"
    " FROM unnest(CAST(:keys AS text[])) k ORDER BY 1) AS sorted"
)


def stored(session: Session, actor: Actor, one: Prepared, place: Place | None = None) -> Certificate:
    """In the register, with its event, its credential and its line in the log of decisions; the one it follows gives
    way to it."""
    if place := place or one.draft.dossier.place:
        give_way(session, actor, place, one.certificate)
    try:
        with session.begin_nested():
            session.add(one.certificate)
    except IntegrityError as problem:
        raise already(one.certificate.serial) from problem
    _accompany(session, actor, [one])
    return one.certificate


def stored_together(session: Session, actor: Actor, many: Sequence[Prepared]) -> None:
    """As `stored`, for many whose conditions were all asked in this transaction; whoever has a predecessor is not
    among them."""
    session.add_all([one.certificate for one in many])
    session.flush()
    _accompany(session, actor, many)


def already(serial: str) -> Refusal:
    return Refusal(
        "already_issued",
        N_("The register already holds certificate %(serial)s of this level for this person."),
        status=409,
        details={"serial": serial},
        serial=serial,
    )


def _accompany(session: Session, actor: Actor, many: Sequence[Prepared]) -> None:
    """What stands in the register with a certificate, or not at all."""
    events = [
        {"certificate_id": one.certificate.id, "status": CertificateStatus.VALID, "reason": "",
         "at": one.certificate.issued_at, "by": actor.user_id}
        for one in many
    ]  # fmt: skip
    session.execute(insert(CertificateEvent), events)
    for issuer in {one.draft.issuer.demonstration: one.draft.issuer for one in many}.values():
        made = {
            one.certificate.id: one.draft.credential
            for one in many
            if one.draft.issuer.demonstration == issuer.demonstration
        }
        credentials.keep_all(session, made, issuer, many[0].draft.at)
    said = [
        (one.certificate.serial, {"application": one.certificate.application_id, "sha256": one.certificate.sha256})
        for one in many
    ]
    audit.record_many(session, "certificate:issued", actor, "certificate", said)
    notices.announce(session, [one.certificate.id for one in many])


def issue_or_wait(
    session: Session, actor: Actor, application_id: int, now: datetime, choose: IssuerChoice,
    session_id: int | None = None,
) -> Certificate | Unavailable:  # fmt: skip
    """As `issue`; where somebody outside does not answer, the decision stands as an order that waits, and this says
    for whom."""
    try:
        with session.begin_nested():
            return issue(session, actor, application_id, now, choose)
    except Unavailable as outage:
        orders.place(session, actor, application_id, now, session_id)
        orders.postpone(session, outage, now)
        return outage
