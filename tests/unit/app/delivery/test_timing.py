from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.delivery import timing

DAY = datetime(2026, 3, 2, tzinfo=UTC)
moments = st.integers(0, 10**13).map(lambda tick: DAY + timedelta(microseconds=tick))
spans = st.integers(0, 20 * 10**9).map(lambda tick: timedelta(microseconds=tick))


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return DAY + timedelta(hours=int(hour), minutes=int(minute))


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("allowed", "extra", "expected"),
    [
        (30, 0, "09:40"),  # the allowance ends first
        (60, 0, "10:00"),  # the room closes first
        (60, 15, "10:15"),  # extra time outlasts the room
    ],
)
def test_deadline_after_a_late_start(allowed: int, extra: int, expected: str) -> None:
    assert timing.deadline(at("09:10"), minutes(allowed), at("10:00"), minutes(extra)) == at(expected)


@pytest.mark.parametrize(
    ("opened", "expected"),
    [("08:50", "09:30"), ("09:00", "09:30"), ("09:20", "09:50"), (None, "09:30")],
)
def test_late_entry_counts_from_the_later_of_plan_and_fact(opened: str | None, expected: str) -> None:
    assert timing.late_entry_closes(at("09:00"), at(opened) if opened else None, minutes(30)) == at(expected)


@pytest.mark.parametrize(("ends", "expected"), [("11:00", "09:30"), ("09:20", "09:20")])
def test_nobody_is_held_beyond_their_own_time(ends: str, expected: str) -> None:
    assert timing.earliest_hand_in(at("09:00"), minutes(30), at(ends)) == at(expected)


def test_the_grace_itself_still_counts_and_nothing_after_it() -> None:
    end, grace, tick = at("11:00"), timedelta(seconds=10), timedelta(microseconds=1)
    assert not timing.is_over(end, grace, end + grace)
    assert timing.is_over(end, grace, end + grace + tick)


@given(moments, spans, spans, spans)
def test_a_pause_takes_nothing_from_the_time_left(
    start: datetime, left: timedelta, pause: timedelta, grace: timedelta
) -> None:
    end = start + left
    assert timing.time_left(timing.resumed(end, start, start + pause), start + pause) == timing.time_left(end, start)
    assert timing.time_left(end, start + pause, paused_at=start) == left
    assert not timing.is_over(timing.resumed(end, start, start + pause), grace, start + pause)
