"""The answer to whoever asks whether a certificate holds: by its number, or by its file.

A file is valid only if the register issued exactly these bytes, from the first to the last. What else is found out
about a file explains why it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
from certificates.register.document import certificate_of, unchanged, whole
from certificates.register.entries import entry, worth
from certificates.register.privacy import same_name
from certificates.register.serials import normalised
from certificates.register.succession import neighbours
from certificates.verifying import findings, origin
from certificates.verifying.history import Change, changes
from certificates.verifying.letters import LetterFound, letter_found
from certificates.verifying.trust import Trust
from certificates.verifying.verification import Inspection, Reason, inspect_pdf

MOST_BYTES = 10 * 1024 * 1024
UNKNOWN = "unknown"
Trusted = Trust | Sequence[x509.Certificate]


@dataclass(frozen=True)
class Expected:
    """What the asker holds the file to be: a number as typed, a name as typed, or neither."""

    serial: str = ""
    name: str = ""


@dataclass(frozen=True)
class Verification:
    """What was found. Without an entry of the register the status is `unknown` and nothing is said of a holder.

    `original`: the certificate that a file comes from which is not it, or not the one that was asked about.
    """

    intact: bool
    trusted: bool
    status: str
    reasons: tuple[Reason, ...]
    certificate: Certificate | None = None
    by_file: bool = False
    inspection: Inspection | None = None
    original: Certificate | None = None
    successor: str | None = None
    predecessor: str | None = None
    changes: tuple[Change, ...] = ()
    asked_at: datetime | None = None
    name_matches: bool | None = None
    """Whether the name that was asked about is the holder's; None where none was given."""
    letter: LetterFound | None = None
    """Of a file that is a letter of this house about a certificate. Nothing is valid about it."""

    @property
    def valid(self) -> bool:
        return self.intact and self.trusted and self.status == "valid"

    @property
    def verdict(self) -> str:
        """One word for the whole: `valid`, or the code of the gravest finding."""
        return self.reasons[0].code if self.reasons else self.status

    @property
    def judged(self) -> bool:
        """False where what was uploaded is no file that could be one of ours, so nothing could be judged."""
        return self.inspection is None or (self.inspection.is_pdf and not self.inspection.encrypted)

    def answer(self, tell: Callable[[Reason], str]) -> dict[str, Any]:
        """For programs: by HTTP and on the command line alike."""
        one, found = self.certificate, self.inspection
        level = scheme_of(one.scheme).level(one.level) if one else None
        return {
            "intact": self.intact,
            "trusted": self.trusted,
            "status": self.status,
            "holder": one.holder if one else None,
            "level": one.level if one else None,
            "serial": one.serial if one else None,
            "reasons": [{"code": reason.code, "message": tell(reason)} for reason in self.reasons],
            "verdict": self.verdict,
            "level_name": level.name if level else None,
            "scheme": one.scheme if one else None,
            "issued_on": one.issued_on.isoformat() if one else None,
            "expires_on": one.expires_on.isoformat() if one and one.expires_on else None,
            "status_since": day_of(one.status_at).isoformat() if one else None,
            "ground": (one.status_reason or None) if one else None,
            "replaced_by": self.successor,
            "replaces": self.predecessor,
            "history": [change.as_dict() for change in self.changes],
            "signed_at": found.signed_at.isoformat() if found and found.signed_at else None,
            "proven_at": found.proven_at.isoformat() if found and found.proven_at else None,
            "proof_ends": found.proof_ends.isoformat() if found and found.proof_ends else None,
            "demonstration": one.demonstration if one else None,
            "name_matches": self.name_matches,
            "letter": self.letter.as_dict() if self.letter else None,
        }


def by_serial(
    session: Session, serial: str, roots: Trusted, now: datetime, expected: Expected | None = None
) -> Verification:
    """The entry, with the register's own copy of the document checked; refuses an unknown number."""
    certificate = entry(session, serial, with_pdf=True)
    name = (expected or Expected()).name.strip()
    found = apart(inspect_pdf, whole(session, certificate), roots, known_since=certificate.issued_at)
    same = unchanged(session, certificate)
    judged = Verification(found.intact and same, found.trusted, UNKNOWN, found.reasons, inspection=found)
    if name and not same_name(name, certificate.holder):
        return replace(judged, reasons=(_NAME_DIFFERS,), inspection=None, name_matches=False)
    return replace(_with_entry(session, judged, certificate, now), name_matches=True if name else None)


def by_file(
    session: Session, data: bytes, roots: Trusted, now: datetime, expected: Expected | None = None
) -> Verification:
    """What the file itself shows, then whether the register knows exactly these bytes."""
    certificate = certificate_of(session, sha256(data).hexdigest())
    known_since = certificate.issued_at if certificate else None
    found = apart(inspect_pdf, data, roots, known_since=known_since, most_bytes=MOST_BYTES)
    judged = Verification(found.intact, found.trusted, UNKNOWN, found.reasons, None, True, found, asked_at=now)
    if certificate is None:
        return _unknown(session, data, judged)
    if differing := _differing(certificate, expected or Expected()):
        return replace(judged, reasons=(differing, *found.reasons), original=certificate)
    named = True if expected and expected.name.strip() else None
    return replace(_with_entry(session, judged, certificate, now), name_matches=named)


def _unknown(session: Session, data: bytes, judged: Verification) -> Verification:
    """Nothing that the register issued. The more exact words come from its own copy of what the file came from."""
    found = judged.inspection
    if found is None or not found.is_pdf or found.encrypted:
        return judged
    if judged.intact and judged.trusted and (letter := letter_found(session, data, judged.asked_at)):
        return replace(judged, reasons=(*found.reasons, letter.reason), letter=letter)
    original = origin.beginning(session, data)
    if judged.intact and judged.trusted:
        blanks = certificate_of(session, sha256(data.rstrip() + b"\n").hexdigest())
        added = findings.APPENDED if blanks else findings.ARCHIVED_ELSEWHERE
        reason = added if original else origin.explained(session, data, found)
        return replace(
            judged,
            intact=reason is None,
            reasons=(*found.reasons, reason or _NOT_IN_REGISTER),
            original=original,
        )
    vague = next((one for one in found.reasons if one in (findings.ALTERED, findings.ARCHIVED_ELSEWHERE)), None)
    if vague and not original and (reason := origin.explained(session, data, found)):
        return replace(judged, reasons=tuple(reason if one == vague else one for one in found.reasons))
    return replace(judged, original=original)


def _with_entry(session: Session, judged: Verification, certificate: Certificate, now: datetime) -> Verification:
    status = worth(certificate, day_of(now))
    predecessor, successor = neighbours(session, [certificate])[certificate.id]
    return replace(
        judged,
        status=status,
        reasons=(*judged.reasons, *_of_status(certificate, status, successor)),
        certificate=certificate,
        successor=successor,
        predecessor=predecessor,
        changes=changes(session, certificate),
    )


def _differing(certificate: Certificate, expected: Expected) -> Reason | None:
    if expected.serial.strip() and normalised(expected.serial) != certificate.serial:
        return Reason("other_certificate", _OTHER_CERTIFICATE, {"serial": certificate.serial})
    if expected.name.strip() and not same_name(expected.name, certificate.holder):
        return Reason("other_holder", _OTHER_HOLDER)
    return None


def _of_status(certificate: Certificate, status: str, successor: str | None) -> list[Reason]:
    if status == "valid":
        return []
    since = certificate.expires_on if status == "expired" else day_of(certificate.status_at)
    date = since.isoformat() if since else ""
    if status == "replaced" and successor:
        return [Reason(status, _REPLACED_BY, {"date": date, "serial": successor})]
    return [Reason(status, _STATUS[status], {"date": date})]


_STATUS = {
    "suspended": N_("The certificate is suspended since %(date)s. Until it is reinstated, it proves nothing."),
    "revoked": N_("The certificate was revoked on %(date)s. It proves nothing any more."),
    "expired": N_("The certificate was valid until %(date)s."),
    "replaced": N_("The certificate was replaced on %(date)s by another one. It proves nothing any more."),
}
_REPLACED_BY = N_("The certificate was replaced on %(date)s by %(serial)s. Ask for that one, and look it up here.")
_NOT_IN_REGISTER = Reason(
    "not_in_register",
    N_("The signature is ours, but the register does not know this document. Ask the issuing body about it."),
)
_NAME_DIFFERS = Reason(
    "name_differs",
    N_("The number stands in the register, but not with the name that you gave."),
)
_OTHER_CERTIFICATE = N_(
    "The file is certificate %(serial)s, not the one whose number you gave. Ask for the right file."
)
_OTHER_HOLDER = N_("The file is a certificate of somebody else than the person whose name you gave.")
