"""What a code or a credential says of one certificate: that which stands on its page, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.models.certificate import Certificate


@dataclass(frozen=True)
class CertificateFacts:
    serial: str
    holder: str
    scheme: str
    level: str
    issued_on: date
    issued_at: datetime
    expires_on: date | None
    demonstration: bool
    public_url: str

    @property
    def address(self) -> str:
        """Where anyone may look it up."""
        return f"{self.public_url}/verify/{self.serial}"


def facts_of(certificate: Certificate, public_url: str) -> CertificateFacts:
    one = certificate
    return CertificateFacts(
        one.serial, one.holder, one.scheme, one.level, one.issued_on, one.issued_at, one.expires_on, one.demonstration,
        public_url,
    )  # fmt: skip
