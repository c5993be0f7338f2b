"""What a receipt proves: which changes it covers, when they were stored, and whether they still stand as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, lazyload

from app.core.errors import N_, NotFound, Refusal
from app.delivery import receipts
from app.delivery.receipts import Link
from app.models.exam import Attempt

LENGTH, ENOUGH = 64, 16
"""Figures of a receipt, and how many of its first ones point to it when copied by hand."""
_FIGURES = re.compile(rf"[0-9a-f]{{{ENOUGH},{LENGTH}}}")


@dataclass(frozen=True)
class Checked:
    """`intact` is about all that is stored; a receipt can be unknown although everything is."""

    attempt_id: int
    link: Link | None
    intact: bool
    changes: int
    """All that are stored of the attempt."""
    last_at: datetime | None

    @property
    def holds(self) -> bool:
        return self.link is not None

    @property
    def latest(self) -> bool:
        return self.link is not None and self.link.changes == self.changes and self.link.last


def check(session: Session, attempt_id: int, value: str) -> Checked:
    """Any receipt of the chain is known, the first as well as the last."""
    sought = "".join(value.split()).lower()
    if not _FIGURES.fullmatch(sought):
        message = N_(
            "A receipt has %(length)s figures from 0 to 9 and a to f. "
            "Give all of them, or the first %(enough)s or more."
        )
        raise Refusal("receipt_malformed", message, length=LENGTH, enough=ENOUGH)
    attempt = session.get(Attempt, attempt_id, options=[lazyload("*")])
    if attempt is None:
        raise NotFound()
    chain = list(receipts.chain(session, attempt))
    last = chain[-1] if chain else None
    found: Iterator[Link] = (link for link in chain if link.receipt.startswith(sought))
    return Checked(
        attempt.id,
        next(found, None),
        (last.receipt if last else "") == attempt.receipt,
        last.changes if last else 0,
        last.at if last else None,
    )
