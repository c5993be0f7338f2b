"""What a letter about a decision says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Notice:
    """`kind` is issued, suspended, reinstated, revoked, replaced or renewed."""

    kind: str
    number: str
    issuer: str
    address: str
    """Where anyone sees what the certificate is worth."""
    holder: str
    scheme: tuple[str, str]
    level: tuple[str, str]
    serial: str
    ground: str
    reason: str
    decider: str
    """Empty where nobody at a screen decided."""
    decided_on: date
    issued_on: date
    expires_on: date | None
    objections_until: date
    objection_days: int
    predecessor: str = ""
    successor: str = ""
    new_holder: str = ""
    new_term: date | None = None
    demonstration: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any], **more: str) -> Notice:
        """From the facts that were kept with the decision, where days and pairs are plain JSON."""
        days = {
            name: _day(kept[name]) for name in ("decided_on", "issued_on", "expires_on", "objections_until", "new_term")
        }
        pairs = {name: tuple(kept[name]) for name in ("scheme", "level")}
        return cls(**{**kept, **days, **pairs, **more})


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
