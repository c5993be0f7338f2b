"""Who issues: a name, a key, the roots that vouch for it, and where proof for later years comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509

from certificates.register.keys import RegisterKeys
from certificates.signing.levels import Level, Longer, Signed

if TYPE_CHECKING:  # pyHanko is loaded by who signs, not by every command
    from certificates.signing.proofs import Proofs
    from certificates.signing.seal import Seal
    from certificates.signing.timestamps import Timestamps

NO_KEYS = RegisterKeys(None, None)


@dataclass(frozen=True)
class Issuer:
    """What issuing needs to know of the house. It holds keys and connections, so it stays in its process."""

    name: str
    public_url: str
    seal: Seal
    roots: tuple[x509.Certificate, ...]
    demonstration: bool
    level: Level = Level.B_B
    timestamps: Timestamps | None = None
    proofs: Proofs | None = None
    tsa_roots: tuple[x509.Certificate, ...] = ()
    """Above time stamps; without any, the same as above signatures."""
    keys: RegisterKeys = NO_KEYS
    passed: set[bytes] = field(default_factory=set, repr=False, compare=False)
    """Which certificates and proofs were found to hold in full."""

    def sign(self, pdf: bytes, *, reason: str, at: datetime) -> Signed:
        """The signed file at this issuer's level, checked; or an exception and nothing."""
        from certificates.signing.levelled import signed_at_level

        return signed_at_level(self, pdf, reason=reason, at=at)

    def lengthen(self, pdf: bytes, *, at: datetime) -> Longer:
        """What to put behind a signed file of whatever level: the proof still lacking in it, and a new time stamp."""
        from certificates.signing.levelled import lengthened

        return lengthened(self, pdf, at=at)
