"""The code printed on a certificate: the address to look it up at, and a signed statement that holds without a network.

`ADDRESS#c1.KEY.FACTS.SIGNATURE`. What follows `#` is never sent to a server by a browser. KEY is the start of the
name of the key, FACTS are the lines below in base64url, and the Ed25519 signature is over the label, the address and
the facts: a genuine statement under another address or number does not hold. tools/check_certificate_code.py reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from certificates.register.facts import CertificateFacts
from certificates.register.keys import RegisterKey, b64url

VERSION = "c1"
LABEL = "certificate-code 1"
KEY_LETTERS = 10
_DEMONSTRATION = "demonstration"


@dataclass(frozen=True)
class Statement:
    """What is signed of a certificate."""

    address: str
    facts: str

    @property
    def signed(self) -> bytes:
        return f"{LABEL}\n{self.address}\n{self.facts}".encode()


def code_content(facts: CertificateFacts, key: RegisterKey | None) -> str:
    """The text of the QR code; without a key the address alone, which still leads to the register."""
    if key is None:
        return facts.address
    statement = Statement(facts.address, _lines(facts))
    parts = (VERSION, key.kid[:KEY_LETTERS], b64url(statement.facts.encode()), b64url(key.sign(statement.signed)))
    return f"{facts.address}#{'.'.join(parts)}"


def _lines(facts: CertificateFacts) -> str:
    """Date of issue, last day, scheme, level, kind, name: each on a line of its own, the name last."""
    kind = _DEMONSTRATION if facts.demonstration else ""
    lines = (_day(facts.issued_on), _day(facts.expires_on), facts.scheme, facts.level, kind, facts.holder)
    return "\n".join(" ".join(line.split()) for line in lines)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
