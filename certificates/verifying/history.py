"""What strangers may see of a certificate's past: what became of it and when. Not who decided, nor the words why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.certificate import Certificate, CertificateEvent, CertificateStatus
from app.registration.facts import day_of

ISSUED, REINSTATED = "issued", "reinstated"


@dataclass(frozen=True)
class Change:
    """`what`: issued, suspended, reinstated, revoked or replaced."""

    what: str
    at: datetime
    ground: str = ""

    def as_dict(self) -> dict[str, str | None]:
        return {"what": self.what, "on": day_of(self.at).isoformat(), "ground": self.ground or None}


def changes(session: Session, certificate: Certificate) -> tuple[Change, ...]:
    """In order, from the issue on."""
    query = select(CertificateEvent).where(CertificateEvent.certificate_id == certificate.id)
    events = session.scalars(query.order_by(CertificateEvent.id)).all()
    return tuple(Change(_word(one.status, first=not place), one.at, one.ground) for place, one in enumerate(events))


def _word(status: str, *, first: bool) -> str:
    if status == CertificateStatus.VALID:
        return ISSUED if first else REINSTATED
    return status
