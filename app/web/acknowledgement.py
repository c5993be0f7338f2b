"""The answer to a save, written in one place for both ways to it."""

from __future__ import annotations

from datetime import UTC, datetime

from app.delivery.saving import Saved


def written(saved: Saved) -> bytes:
    """The answer, to the byte as the operation gives it."""
    return (
        f'{{"acked":{saved.acked},"receipt":"{saved.receipt}","server_time":"{utc(saved.server_time)}",'
        f'"deadline":"{utc(saved.deadline)}","state":"{saved.state}","notice":{saved.notice}}}\n'
    ).encode()


def utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
