"""The answers of the short ways, written as the operations write them."""

from __future__ import annotations

from datetime import UTC, datetime

from app.delivery.handing_in import HandedIn
from app.delivery.saving import Saved


def written(saved: Saved) -> bytes:
    """The answer, to the byte as the operation gives it."""
    return (
        f'{{"acked":{saved.acked},"receipt":"{saved.receipt}","server_time":"{utc(saved.server_time)}",'
        f'"deadline":"{utc(saved.deadline)}","state":"{saved.state}","notice":{saved.notice}}}\n'
    ).encode()


def handed_in(done: HandedIn) -> bytes:
    return (
        f'{{"receipt":"{done.receipt}","state":"{done.state}","submitted_at":"{utc(done.submitted_at)}",'
        f'"answered":{done.answered},"server_time":"{utc(done.server_time)}"}}\n'
    ).encode()


def utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
