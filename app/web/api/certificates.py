"""The register of certificates: issuing for a session, looking up, suspending, reinstating, revoking."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from flask import Response, current_app
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.texts import LONGEST_REASON
from app.models.certificate import Certificate
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.reasons import listed
from certificates.register import entries as register
from certificates.register import revocation
from certificates.register.grounds import Ground
from certificates.register.issue import issue_for_session
from certificates.signing.seals import issuers

Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class ReasonAnswer(Body):
    code: str
    message: str


class IssueOutcome(Body):
    seat: int
    application: int
    holder: str
    status: str = Field(description="issued, already or refused")
    serial: str | None
    reasons: list[ReasonAnswer]


class IssueReport(Body):
    issued: int
    already: int
    refused: int
    outcomes: list[IssueOutcome]


class CertificateEntry(Body):
    serial: str
    holder: str
    scheme: str
    level: str
    issued_on: date
    expires_on: date | None
    status: str = Field(description="valid, suspended or revoked")
    ground: str
    status_at: datetime
    demonstration: bool
    sha256: str


class CertificateList(Body):
    certificates: list[CertificateEntry]
    total: int


class CertificateSearch(Body):
    q: str = Field("", max_length=200, description="A number, or part of the holder's name")
    status: Literal["", "valid", "suspended", "revoked"] = ""
    page: int = Field(1, ge=1, le=100_000)


class ReasonBody(Body):
    reason: Reason


class GroundedBody(Body):
    reason: Reason
    ground: Ground = Field(Ground.UNSTATED, description="The kind of reason, which strangers see")


@operation("POST", "/sessions/<id:session_id>/certificates", Permission.ISSUE_CERTIFICATES,
           "Issue for everybody seated in a session", returns=IssueReport, errors=(409, 503))  # fmt: skip
def issue(session_id: int) -> IssueReport:
    choose = issuers(current_app.extensions["settings"])
    outcomes = []
    for one in issue_for_session(db.session(), principal().actor, session_id, clock.now(), choose):
        db.session.commit()
        outcomes.append(
            IssueOutcome(
                seat=one.seat,
                application=one.application_id,
                holder=one.holder,
                status=one.status,
                serial=one.serial,
                reasons=[ReasonAnswer(**reason) for reason in listed(one.reasons)],
            )
        )
    counts = {status: sum(one.status == status for one in outcomes) for status in ("issued", "already", "refused")}
    return IssueReport(**counts, outcomes=outcomes)


@operation("GET", "/certificates", Permission.READ_REGISTER, "Search the register",
           query=CertificateSearch, returns=CertificateList)  # fmt: skip
def index(query: CertificateSearch) -> CertificateList:
    found = register.search(db.session(), query.q, status=query.status, page=query.page)
    return CertificateList(certificates=[_entry(one) for one in found.entries], total=found.total)


@operation("GET", "/certificates/<serial>", Permission.READ_REGISTER, "One certificate", returns=CertificateEntry)
def show(serial: str) -> CertificateEntry:
    return _entry(register.entry(db.session(), serial))


@operation("GET", "/certificates/<serial>/pdf", Permission.READ_REGISTER, "The issued document",
           media_type="application/pdf")  # fmt: skip
def pdf(serial: str) -> Response:
    return download(register.entry(db.session(), serial, with_pdf=True))


@operation("POST", "/certificates/<serial>/suspend", Permission.ISSUE_CERTIFICATES, "Suspend",
           body=GroundedBody, returns=CertificateEntry, errors=(409,))  # fmt: skip
def suspend(serial: str, body: GroundedBody) -> CertificateEntry:
    changed = revocation.suspend(db.session(), principal().actor, serial, body.reason, clock.now(), ground=body.ground)
    db.session.commit()
    return _entry(changed)


@operation("POST", "/certificates/<serial>/reinstate", Permission.ISSUE_CERTIFICATES, "End a suspension",
           body=ReasonBody, returns=CertificateEntry, errors=(409,))  # fmt: skip
def reinstate(serial: str, body: ReasonBody) -> CertificateEntry:
    changed = revocation.reinstate(db.session(), principal().actor, serial, body.reason, clock.now())
    db.session.commit()
    return _entry(changed)


@operation("POST", "/certificates/<serial>/revoke", Permission.ISSUE_CERTIFICATES, "Revoke for good",
           body=GroundedBody, returns=CertificateEntry, errors=(409,))  # fmt: skip
def revoke(serial: str, body: GroundedBody) -> CertificateEntry:
    changed = revocation.revoke(db.session(), principal().actor, serial, body.reason, clock.now(), ground=body.ground)
    db.session.commit()
    return _entry(changed)


def download(certificate: Certificate) -> Response:
    """The stored bytes, never drawn again."""
    headers = {"Content-Disposition": f'attachment; filename="certificate-{certificate.serial}.pdf"'}
    return Response(certificate.pdf, mimetype="application/pdf", headers=headers)


def _entry(certificate: Certificate) -> CertificateEntry:
    return CertificateEntry(
        serial=certificate.serial,
        holder=certificate.holder,
        scheme=certificate.scheme,
        level=certificate.level,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        status=certificate.status,
        ground=certificate.status_reason,
        status_at=certificate.status_at,
        demonstration=certificate.demonstration,
        sha256=certificate.sha256,
    )
