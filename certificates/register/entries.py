"""The list of certificates: one by its number, many by what is searched for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, undefer

from app.core.errors import N_, Refusal
from app.core.names import understood
from app.models.account import User
from app.models.certificate import Certificate, CertificateEvent, CertificateStatus
from certificates.register.serials import normalised

PAGE = 50


@dataclass(frozen=True)
class Found:
    """One page of the register, and how many entries there are in all."""

    entries: Sequence[Certificate]
    total: int


@dataclass(frozen=True)
class Event:
    """A change of status with the name of who made it."""

    event: CertificateEvent
    by: str | None


def unknown_serial() -> Refusal:
    return Refusal(
        "serial_unknown",
        N_(
            "The register holds no certificate of this number. Compare it with the certificate character by character; "
            "if it is the same, the document is not one of ours."
        ),
        status=404,
    )


def entry(session: Session, serial: str, *, with_pdf: bool = False) -> Certificate:
    """By its number, however it was typed; refuses a number that is not in the register."""
    number = normalised(serial)
    query = select(Certificate).where(Certificate.serial == number)
    found = session.scalar(query.options(undefer(Certificate.pdf)) if with_pdf else query) if number else None
    if found is None:
        raise unknown_serial()
    return found


def locked_entry(session: Session, serial: str) -> Certificate:
    """For a decision: as it stands now, and nobody else decides about it until this transaction ends."""
    query = select(Certificate).where(Certificate.serial == (normalised(serial) or "")).with_for_update(of=Certificate)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise unknown_serial()
    return found


def worth(certificate: Certificate, today: date) -> str:
    """The status that counts on a day: valid, suspended, revoked, replaced, or expired."""
    return "expired" if is_over(certificate, today) else certificate.status


def is_over(certificate: Certificate, today: date) -> bool:
    """Nobody took its worth away: its term has ended."""
    ended = certificate.expires_on is not None and certificate.expires_on < today
    return ended and certificate.status == CertificateStatus.VALID


def search(session: Session, sought: str = "", *, status: str = "", page: int = 1, size: int = PAGE) -> Found:
    """By number or part of the holder's name, whichever way it is typed, the latest first."""
    query = select(Certificate)
    if sought := sought.strip():
        number = normalised(sought)
        by_name = Certificate.holder.contains(understood(sought).name, autoescape=True)
        by_number = Certificate.serial.startswith(sought.upper(), autoescape=True)
        query = query.where(Certificate.serial == number if number else by_name | by_number)
    if status:
        query = query.where(Certificate.status == status)
    return _page(session, query, page, size)


def _page(session: Session, query: Select[Any], page: int, size: int) -> Found:
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    return Found(session.scalars(ordered.limit(size).offset((page - 1) * size)).all(), total)


def history(session: Session, certificate: Certificate) -> list[Event]:
    rows = session.execute(
        select(CertificateEvent, User.name)
        .outerjoin(User, User.id == CertificateEvent.by)
        .where(CertificateEvent.certificate_id == certificate.id)
        .order_by(CertificateEvent.id)
    )
    return [Event(event, name) for event, name in rows]
