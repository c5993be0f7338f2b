"""The answer to whoever asks whether a certificate holds: by its number, or by its file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography import x509
from sqlalchemy.orm import Session

from app.core.errors import N_
from app.core.heavy import apart
from app.models.certificate import Certificate
from app.registration.facts import day_of
from app.schemes.scheme import scheme as scheme_of
from certificates.register.entries import entry, entry_of_file, worth
from certificates.verifying.signature_places import places
from certificates.verifying.verification import Inspection, Reason, inspect_pdf

MOST_BYTES = 10 * 1024 * 1024
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verification:
    """What was found. Without an entry of the register the status is `unknown` and nothing is said of a holder."""

    intact: bool
    trusted: bool
    status: str
    reasons: tuple[Reason, ...]
    certificate: Certificate | None = None
    by_file: bool = False
    inspection: Inspection | None = None

    @property
    def valid(self) -> bool:
        return self.intact and self.trusted and self.status == "valid"

    @property
    def judged(self) -> bool:
        """False where what was uploaded is no file that could be one of ours, so nothing could be judged."""
        return self.inspection is None or (self.inspection.is_pdf and not self.inspection.encrypted)

    def answer(self, tell: Callable[[Reason], str]) -> dict[str, Any]:
        """For programs: by HTTP and on the command line alike."""
        one = self.certificate
        level = scheme_of(one.scheme).level(one.level) if one else None
        return {
            "intact": self.intact,
            "trusted": self.trusted,
            "status": self.status,
            "holder": one.holder if one else None,
            "level": one.level if one else None,
            "serial": one.serial if one else None,
            "reasons": [{"code": reason.code, "message": tell(reason)} for reason in self.reasons],
            "level_name": level.name if level else None,
            "scheme": one.scheme if one else None,
            "issued_on": one.issued_on.isoformat() if one else None,
            "status_since": day_of(one.status_at).isoformat() if one else None,
            "ground": (one.status_reason or None) if one else None,
            "demonstration": one.demonstration if one else None,
        }


def by_serial(session: Session, serial: str, roots: Sequence[x509.Certificate], now: datetime) -> Verification:
    """The entry, with the register's own copy of the document checked; refuses an unknown number."""
    certificate = entry(session, serial, with_pdf=True)
    found = apart(inspect_pdf, certificate.pdf, roots)
    same = sha256(certificate.pdf).hexdigest() == certificate.sha256
    status = worth(certificate, day_of(now))
    return Verification(
        found.intact and same, found.trusted, status, (*found.reasons, *_of_status(certificate, status)), certificate
    )


def by_file(session: Session, data: bytes, roots: Sequence[x509.Certificate], now: datetime) -> Verification:
    """What the file itself shows, then whether the register knows exactly these bytes."""
    found = apart(inspect_pdf, data, roots, most_bytes=MOST_BYTES)
    certificate = _issued_as(session, data, found)
    if certificate is None:
        reasons = (*found.reasons, *([_NOT_IN_REGISTER] if found.genuine else []))
        return Verification(found.intact, found.trusted, UNKNOWN, reasons, None, True, found)
    status = worth(certificate, day_of(now))
    reasons = (*found.reasons, *_of_status(certificate, status))
    return Verification(found.intact, found.trusted, status, reasons, certificate, True, found)


def _issued_as(session: Session, data: bytes, found: Inspection) -> Certificate | None:
    """The entry of these bytes; for a file with something appended, the entry of what was signed."""
    if not found.trusted:
        return None
    if found.intact:
        return entry_of_file(session, sha256(data).hexdigest())
    signed = (entry_of_file(session, sha256(data[: place.end]).hexdigest()) for place in places(data))
    return next((one for one in signed if one), None)


def _of_status(certificate: Certificate, status: str) -> list[Reason]:
    if status == "valid":
        return []
    since = certificate.expires_on if status == "expired" else day_of(certificate.status_at)
    date = since.isoformat() if since else ""
    return [Reason(status, _STATUS[status], {"date": date})]


_STATUS = {
    "suspended": N_("The certificate is suspended since %(date)s. Until it is reinstated, it proves nothing."),
    "revoked": N_("The certificate was revoked on %(date)s. It proves nothing any more."),
    "expired": N_("The certificate was valid until %(date)s."),
}
_NOT_IN_REGISTER = Reason(
    "not_in_register",
    N_("The signature is ours, but the register does not know this document. Ask the issuing body about it."),
)
