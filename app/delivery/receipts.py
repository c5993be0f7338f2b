"""Receipts: each covers the changes just stored and the receipt before it, so that one proves all.

A receipt is SHA256(key ‖ SHA256(key ‖ previous ‖ line)) in hexadecimal, with a key of its own for every attempt. The
saving statement computes the same in the database, where the previous receipt is known without another round trip.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from itertools import groupby

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.crypto import derived
from app.delivery.delivered import Kept
from app.models.exam import Attempt, AttemptChange

_keys: Kept[tuple[int, str], bytes] = Kept(200_000)
_line = json.JSONEncoder(separators=(",", ":")).encode


def in_sql(key: str, line: str) -> str:
    """The same in the statement that stores: `key` in hexadecimal, the receipt before it in a.receipt."""
    key = f"decode({key}, 'hex')"
    return f"encode(sha256({key} || sha256({key} || convert_to(a.receipt || {line}, 'UTF8'))), 'hex')"


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
    return key_for(attempt_id, current_app.config["SECRET_KEY"])


def key_for(attempt_id: int, secret: str) -> bytes:
    found = _keys.get((attempt_id, secret))
    return found or _keys.put((attempt_id, secret), hmac.digest(_master(secret), str(attempt_id).encode(), "sha256"))


def line_of(changes: Iterable[Change]) -> str:
    """The one way in which a batch is written, for the receipt and for the database."""
    return _line([change.as_json() for change in changes])


def closing_line(how: str, at: datetime) -> str:
    return _line({"closed": how, "at": at.astimezone(UTC).isoformat()})


def chained(key: bytes, previous: str, line: str) -> str:
    return sha256(key + sha256(key + (previous + line).encode()).digest()).hexdigest()


@dataclass(frozen=True)
class Link:
    """One receipt of an attempt's chain."""

    receipt: str
    changes: int
    """How many are covered, from the first on."""
    last_seq: int
    at: datetime
    closing: bool
    """It covers the end of the attempt as well."""
    last: bool = False


def chain(session: Session, attempt: Attempt) -> Iterator[Link]:
    """Every receipt that was handed out, computed again from what is stored."""
    stored: Sequence[AttemptChange] = session.scalars(
        select(AttemptChange).where(AttemptChange.attempt_id == attempt.id).order_by(AttemptChange.seq)
    ).all()
    key, closed = key_of(attempt.id), _closed(attempt)
    link = Link("", 0, 0, datetime.min.replace(tzinfo=UTC), closing=False)
    for at, rows in groupby(stored, key=lambda row: row.received_at):
        batch = list(rows)
        line = line_of(Change(row.seq, row.position, tuple(row.answer), row.flagged) for row in batch)
        count = link.changes + len(batch)
        last = not closed and count == len(stored)
        link = Link(chained(key, link.receipt, line), count, batch[-1].seq, at, closing=False, last=last)
        yield link
    if closed is not None:
        receipt = chained(key, link.receipt, closing_line(attempt.closed_how, closed))
        yield Link(receipt, link.changes, link.last_seq, closed, closing=True, last=True)


def recomputed(session: Session, attempt: Attempt) -> str:
    """The receipt that follows from what is stored; differs from `attempt.receipt` once anything was altered."""
    receipt = ""
    for link in chain(session, attempt):
        receipt = link.receipt
    return receipt


def _closed(attempt: Attempt) -> datetime | None:
    """Voiding takes an attempt out of account and closes no chain; with who never came, none began."""
    return None if attempt.closed_how in ("voided", "absent") else attempt.submitted_at


@cache
def _master(secret: str) -> bytes:
    return derived(secret, "receipt")
