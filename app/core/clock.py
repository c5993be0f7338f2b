"""The one place that asks the time. Web and command line call it; everyone below is handed the value."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
