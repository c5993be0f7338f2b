"""Checking a receipt that a candidate kept."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.accounts.permissions import Permission
from app.core.db import db
from app.delivery import receipt_check
from app.web.api.operation import Body, operation


class ReceiptAsked(Body):
    value: str = Field(max_length=200, description="The receipt, or at least its first 16 figures")


class ReceiptChecked(Body):
    attempt: int
    holds: bool = Field(description="Whether it is a receipt of this attempt, the last or any before it")
    changes: int | None = Field(description="It covers the changes from the first to this one")
    last_seq: int | None = Field(description="The number the client gave that change")
    stored_at: datetime | None
    closing: bool = Field(description="Whether it covers the end of the attempt as well")
    latest: bool
    intact: bool = Field(description="Whether everything stored still yields the attempt's last receipt")
    stored: int = Field(description="Changes stored of this attempt in all")


@operation(
    "GET", "/attempts/<id:attempt_id>/receipt", Permission.READ_RESULTS, "Check a receipt a candidate kept",
    query=ReceiptAsked, returns=ReceiptChecked,
)  # fmt: skip
def check(attempt_id: int, query: ReceiptAsked) -> ReceiptChecked:
    found = receipt_check.check(db.session(), attempt_id, query.value)
    link = found.link
    return ReceiptChecked(
        attempt=found.attempt_id,
        holds=found.holds,
        changes=link.changes if link else None,
        last_seq=link.last_seq if link else None,
        stored_at=link.at if link else None,
        closing=link is not None and link.closing,
        latest=found.latest,
        intact=found.intact,
        stored=found.changes,
    )
