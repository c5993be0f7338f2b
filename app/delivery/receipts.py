"""Receipts: each covers the changes just stored and the receipt before it, so that one proves all.

A receipt is SHA256(key ‖ SHA256(key ‖ previous ‖ line)) in hexadecimal, with a key of its own for every attempt. The
saving statement computes the same in the database, where the previous receipt is known without another round trip.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from itertools import groupby

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.crypto import derived
from app.models.exam import Attempt, AttemptChange

IN_SQL = "encode(sha256(%(key)s || sha256(%(key)s || convert_to(a.receipt || %(line)s, 'UTF8'))), 'hex')"


@dataclass(frozen=True)
class Change:
    """One edit as the client numbered it; `flagged` None leaves the flag as it is."""

    seq: int
    position: int
    answer: tuple[str, ...]
    flagged: bool | None = None

    def as_json(self) -> dict[str, object]:
        return {"seq": self.seq, "position": self.position, "answer": list(self.answer), "flagged": self.flagged}


def key_of(attempt_id: int) -> bytes:
    return hmac.digest(_master(current_app.config["SECRET_KEY"]), str(attempt_id).encode(), "sha256")


def line_of(changes: Iterable[Change]) -> str:
    """The one way in which a batch is written, for the receipt and for the database."""
    return json.dumps([change.as_json() for change in changes], separators=(",", ":"))


def closing_line(how: str, at: datetime) -> str:
    return json.dumps({"closed": how, "at": at.astimezone(UTC).isoformat()}, separators=(",", ":"))


def chained(key: bytes, previous: str, line: str) -> str:
    return sha256(key + sha256(key + (previous + line).encode()).digest()).hexdigest()


def recomputed(session: Session, attempt: Attempt) -> str:
    """The receipt that follows from what is stored; differs from `attempt.receipt` once anything was altered."""
    stored: Sequence[AttemptChange] = session.scalars(
        select(AttemptChange).where(AttemptChange.attempt_id == attempt.id).order_by(AttemptChange.seq)
    ).all()
    key, receipt = key_of(attempt.id), ""
    for _, batch in groupby(stored, key=lambda row: row.received_at):
        line = line_of(Change(row.seq, row.position, tuple(row.answer), row.flagged) for row in batch)
        receipt = chained(key, receipt, line)
    if attempt.submitted_at is not None:
        receipt = chained(key, receipt, closing_line(attempt.closed_how, attempt.submitted_at))
    return receipt


@cache
def _master(secret: str) -> bytes:
    return derived(secret, "receipt")
