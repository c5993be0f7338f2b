"""What was decided about an attempt, from the log, for those who watch it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.audit import AuditLine

SHOWN = (
    "attempt:started", "attempt:taken_over", "attempt:paused", "attempt:resumed", "attempt:extended",
    "attempt:submitted", "attempt:expired", "attempt:voided", "attempt:handed_over",
)  # fmt: skip
"""Not the marking: nobody in the room needs a score."""


def of_attempt(session: Session, attempt_id: int | None) -> Sequence[AuditLine]:
    """In the order in which it happened."""
    if attempt_id is None:
        return []
    query = select(AuditLine).where(
        AuditLine.subject == "attempt", AuditLine.subject_id == str(attempt_id), AuditLine.tag.in_(SHOWN)
    )
    return session.scalars(query.order_by(AuditLine.id).limit(200)).all()
