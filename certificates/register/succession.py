"""One certificate takes the place of another: the old one is marked, and both refer to each other for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.certificate import Certificate, CertificateEvent, CertificateStatus
from app.registration.facts import day_of
from certificates.register import letters
from certificates.register.entries import locked_entry
from certificates.register.grounds import Succession
from certificates.register.renewal import months_later


@dataclass(frozen=True)
class Place:
    """Which certificate gives way, and why."""

    predecessor: Certificate
    why: Succession
    reason: str = ""

    def term(self, now: datetime, months: int | None) -> date | None:
        """A name put right changes no term; a renewal before the end of one loses nothing of it."""
        if self.why == Succession.NAME_CORRECTED:
            return self.predecessor.expires_on
        ends = self.predecessor.expires_on
        if self.why == Succession.RENEWED and ends is not None and ends >= day_of(now):
            return months_after(ends, months)
        return months_after(day_of(now), months)


def months_after(day: date, months: int | None) -> date | None:
    """None where certificates have no term."""
    return months_later(day, months) if months else None


def give_way(session: Session, actor: Actor, place: Place, successor: Certificate) -> None:
    """In the transaction that stores the successor, and before it: never do two stand beside each other."""
    now = successor.issued_at
    old = locked_entry(session, place.predecessor.serial)
    if old.status != CertificateStatus.VALID:
        raise not_valid(old)
    old.status, old.status_reason, old.status_at = CertificateStatus.REPLACED, place.why.value, now
    event = CertificateEvent(
        certificate_id=old.id, status=CertificateStatus.REPLACED, reason=place.reason, ground=place.why.value, at=now,
        by=actor.user_id,
    )  # fmt: skip
    session.add(event)
    session.flush()
    letters.announce(session, actor, old, event, successor=successor)
    audit.record(session, "certificate:replaced", actor, "certificate", old.serial, reason=place.reason,
                 ground=place.why.value, successor=successor.serial)  # fmt: skip


def not_valid(certificate: Certificate) -> Refusal:
    return Refusal(
        "status_conflict",
        N_("Only a valid certificate can be replaced; %(serial)s is not valid now."),
        status=409,
        details={"serial": certificate.serial, "status": certificate.status},
        serial=certificate.serial,
    )


def successor(session: Session, certificate: Certificate) -> Certificate | None:
    """The one that stands in its place."""
    return session.scalar(select(Certificate).where(Certificate.replaces_id == certificate.id))


def predecessor(session: Session, certificate: Certificate) -> Certificate | None:
    """The one whose place it took."""
    return session.get(Certificate, certificate.replaces_id) if certificate.replaces_id else None


def neighbours(session: Session, certificates: Sequence[Certificate]) -> dict[int, tuple[str | None, str | None]]:
    """For many at once: the number of the one before, and of the one after, by the certificate's id."""
    before_ids = [one.replaces_id for one in certificates if one.replaces_id]
    query = select(Certificate.id, Certificate.serial, Certificate.replaces_id).where(
        Certificate.id.in_(before_ids) | Certificate.replaces_id.in_([one.id for one in certificates])
    )
    rows = session.execute(query).all()
    serials = {row.id: row.serial for row in rows}
    after = {row.replaces_id: row.serial for row in rows if row.replaces_id}
    return {one.id: (serials.get(one.replaces_id or 0), after.get(one.id)) for one in certificates}
