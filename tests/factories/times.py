"""The time for tests that have no application at hand; the database runs on the same machine."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
