"""The register of certificates: looking up, suspending, reinstating, revoking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from flask import Response
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.texts import LONGEST_REASON
from app.models.certificate import Certificate
from app.web.access import principal
from app.web.api.operation import Body, operation
from certificates.register import entries as register
from certificates.register import revocation
from certificates.register.document import whole
from certificates.register.grounds import Ground
from certificates.register.succession import neighbours

Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class CertificateEntry(Body):
    serial: str
    holder: str
    scheme: str
    level: str
    issued_on: date
    expires_on: date | None
    status: str = Field(description="valid, suspended, revoked or replaced")
    ground: str
    status_at: datetime
    demonstration: bool
    sha256: str
    replaces: str | None = Field(description="Number of the one whose place it took")
    replaced_by: str | None = Field(description="Number of the one that stands in its place")


class CertificateList(Body):
    certificates: list[CertificateEntry]
    total: int


class CertificateSearch(Body):
    q: str = Field("", max_length=200, description="A number, or part of the holder's name")
    status: Literal["", "valid", "suspended", "revoked", "replaced"] = ""
    page: int = Field(1, ge=1, le=100_000)


class ReasonBody(Body):
    reason: Reason


class GroundedBody(Body):
    reason: Reason
    ground: Ground = Field(Ground.UNSTATED, description="The kind of reason, which strangers see")


@operation("GET", "/certificates", Permission.READ_REGISTER, "Search the register",
           query=CertificateSearch, returns=CertificateList)  # fmt: skip
def index(query: CertificateSearch) -> CertificateList:
    found = register.search(db.session(), query.q, status=query.status, page=query.page)
    return CertificateList(certificates=entry_answers(found.entries), total=found.total)


@operation("GET", "/certificates/<serial>", Permission.READ_REGISTER, "One certificate", returns=CertificateEntry)
def show(serial: str) -> CertificateEntry:
    return entry_answer(register.entry(db.session(), serial))


@operation("GET", "/certificates/<serial>/pdf", Permission.READ_REGISTER, "The issued document",
           media_type="application/pdf")  # fmt: skip
def pdf(serial: str) -> Response:
    return download(register.entry(db.session(), serial, with_pdf=True))


@operation("POST", "/certificates/<serial>/suspend", Permission.ISSUE_CERTIFICATES, "Suspend",
           body=GroundedBody, returns=CertificateEntry, errors=(409,))  # fmt: skip
def suspend(serial: str, body: GroundedBody) -> CertificateEntry:
    changed = revocation.suspend(db.session(), principal().actor, serial, body.reason, clock.now(), ground=body.ground)
    db.session.commit()
    return entry_answer(changed)


@operation("POST", "/certificates/<serial>/reinstate", Permission.ISSUE_CERTIFICATES, "End a suspension",
           body=ReasonBody, returns=CertificateEntry, errors=(409,))  # fmt: skip
def reinstate(serial: str, body: ReasonBody) -> CertificateEntry:
    changed = revocation.reinstate(db.session(), principal().actor, serial, body.reason, clock.now())
    db.session.commit()
    return entry_answer(changed)


@operation("POST", "/certificates/<serial>/revoke", Permission.ISSUE_CERTIFICATES, "Revoke for good",
           body=GroundedBody, returns=CertificateEntry, errors=(409,))  # fmt: skip
def revoke(serial: str, body: GroundedBody) -> CertificateEntry:
    changed = revocation.revoke(db.session(), principal().actor, serial, body.reason, clock.now(), ground=body.ground)
    db.session.commit()
    return entry_answer(changed)


def download(certificate: Certificate) -> Response:
    """The stored bytes with the renewals of their proof behind them, never drawn again."""
    headers = {"Content-Disposition": f'attachment; filename="certificate-{certificate.serial}.pdf"'}
    return Response(whole(db.session(), certificate), mimetype="application/pdf", headers=headers)


def entry_answer(certificate: Certificate) -> CertificateEntry:
    return entry_answers([certificate])[0]


def entry_answers(certificates: Sequence[Certificate]) -> list[CertificateEntry]:
    linked = neighbours(db.session(), certificates)
    return [_answer(one, *linked[one.id]) for one in certificates]


def _answer(certificate: Certificate, before: str | None, after: str | None) -> CertificateEntry:
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
        replaces=before,
        replaced_by=after,
    )
