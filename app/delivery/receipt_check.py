"""What a receipt proves: which changes it covers, when they were stored, and whether they still stand as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session, lazyload

from app.core.errors import N_, NotFound, Refusal
from app.delivery import receipts
from app.delivery.receipts import Link
from app.models.exam import Attempt

LENGTH, ENOUGH = 64, 16
"""Figures of a receipt, and how many of its first ones point to it when copied by hand."""
_FIGURES = re.compile(rf"[0-9a-f]{{{ENOUGH},{LENGTH}}}")
_ASTRAY = text("""
SELECT EXISTS (
    SELECT FROM (SELECT DISTINCT ON (position) position, answer, seq
                   FROM attempt_change WHERE attempt_id = :attempt ORDER BY position, seq DESC) c
      FULL JOIN (SELECT position, answer, seq FROM response WHERE attempt_id = :attempt) r USING (position)
     WHERE r.seq IS NULL
        OR CASE WHEN r.seq > :last
                THEN NOT EXISTS (SELECT FROM late_change l
                                  WHERE l.attempt_id = :attempt AND l.position = r.position
                                    AND l.outcome = 'accepted' AND l.answer = r.answer)
                ELSE (c.seq, c.answer) IS DISTINCT FROM (r.seq, r.answer) END)
""")
"""Whether an answer that is marked is another than the last change at its position, or the late one accepted for it."""


@dataclass(frozen=True)
class Checked:
    """`intact` is about all that is stored, the answers that are marked included; it says nothing of the receipt."""

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
        (last.receipt if last else "") == attempt.receipt and not _astray(session, attempt_id, last),
        last.changes if last else 0,
        last.at if last else None,
    )


def _astray(session: Session, attempt_id: int, last: Link | None) -> bool:
    return bool(session.scalar(_ASTRAY, {"attempt": attempt_id, "last": last.last_seq if last else 0}))
