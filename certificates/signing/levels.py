"""How much proof a signature carries: the levels of PAdES, and what signing and lengthening give back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    B_B = "B-B"
    """A signature, and the signer's word for when it was made."""
    B_T = "B-T"
    """And a time stamp of another authority on it."""
    B_LT = "B-LT"
    """And the certificates and revocation lists that show every certificate was good then."""
    B_LTA = "B-LTA"
    """And a time stamp over all that, which can be renewed for as long as anyone wants."""

    @property
    def stamped(self) -> bool:
        return self != Level.B_B

    @property
    def proven(self) -> bool:
        return self in (Level.B_LT, Level.B_LTA)


@dataclass(frozen=True)
class Signed:
    """A signed file that passed its check. `weakens_at`: when the certificate of its newest time stamp ends."""

    pdf: bytes
    level: Level
    weakens_at: datetime | None


@dataclass(frozen=True)
class Longer:
    """What to put behind a signed file so that it verifies for longer."""

    suffix: bytes
    weakens_at: datetime
