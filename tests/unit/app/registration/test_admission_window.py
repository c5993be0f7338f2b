"""When a code lets in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.registration.admission_window import AGAIN, BEFORE, Standing, obstacle

OPENS = datetime(2026, 12, 5, 1, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=3)
FRESH = Standing(OPENS, CLOSES, over=False, attempt=True, used_at=None, open_until=None)
USED = replace(FRESH, used_at=OPENS)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "standing, at, code",
    [
        (FRESH, OPENS - BEFORE - SECOND, "admission_early"),
        (FRESH, OPENS - BEFORE, None),
        (FRESH, CLOSES - SECOND, None),
        (FRESH, CLOSES, "admission_over"),
        (replace(FRESH, over=True), OPENS, "admission_over"),
        (replace(FRESH, attempt=False), OPENS, "admission_unprepared"),
        (USED, OPENS + SECOND, "admission_used"),
        (replace(USED, open_until=OPENS + AGAIN), OPENS + AGAIN - SECOND, None),
        (replace(USED, open_until=OPENS + AGAIN), OPENS + AGAIN, "admission_used"),
        # somebody with extra time whose computer fails after the planned end
        (replace(USED, open_until=CLOSES + AGAIN), CLOSES + SECOND, None),
        (replace(USED, open_until=CLOSES + AGAIN, over=True), CLOSES + SECOND, "admission_over"),
    ],
)
def test_the_window_of_a_code(standing: Standing, at: datetime, code: str | None) -> None:
    refused = obstacle(standing, at)
    assert (refused.code if refused else None) == code
