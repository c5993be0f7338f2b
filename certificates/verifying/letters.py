"""A letter of this house that somebody shows: what it is, and what the certificate that it is about is worth today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import N_
from app.registration.facts import day_of
from certificates.register.entries import worth
from certificates.register.letters import of_file
from certificates.verifying.findings import Reason

_LETTER = N_(
    "This is letter %(number)s of %(date)s about certificate %(serial)s. It tells what was decided then; what the "
    "certificate is worth today, the register alone tells."
)


@dataclass(frozen=True)
class LetterFound:
    number: str
    kind: str
    """What it told: issued, suspended, reinstated, revoked, replaced or renewed."""
    decided_on: str
    serial: str
    status: str
    """Of the certificate, today."""

    @property
    def reason(self) -> Reason:
        return Reason("letter", _LETTER, {"number": self.number, "date": self.decided_on, "serial": self.serial})

    def as_dict(self) -> dict[str, Any]:
        return {
            "number": self.number, "decision": self.kind, "decided_on": self.decided_on, "serial": self.serial,
            "certificate_status": self.status,
        }  # fmt: skip


def letter_found(session: Session, data: bytes, now: datetime | None) -> LetterFound | None:
    found = of_file(session, sha256(data).hexdigest())
    if found is None or now is None:
        return None
    facts = found.facts
    status = worth(found.certificate, day_of(now))
    return LetterFound(found.number, facts["kind"], facts["decided_on"], found.certificate.serial, status)
