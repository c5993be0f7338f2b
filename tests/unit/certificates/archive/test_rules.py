"""When a proof is due, what makes a renewal worth it, and how long a failed one waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.archive import rules

NOW = datetime(2030, 1, 1, tzinfo=UTC)
DAYS = st.integers(-4000, 4000).map(lambda days: NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("left", "until", "worth"),
    [
        (None, 1, True),
        (None, 0, False),
        (100, 129, False),
        (100, 131, True),
        (20, 21, True),
        (20, 20, False),
        (-5, 1, True),
    ],
)
def test_what_is_worth_a_time_stamp(left: int | None, until: int, worth: bool) -> None:
    weakens = None if left is None else NOW + timedelta(days=left)
    assert rules.gains(weakens, NOW + timedelta(days=until), NOW) is worth


@given(DAYS, DAYS)
def test_a_renewal_never_shortens_the_proof(weakens: datetime, until: datetime) -> None:
    if rules.gains(weakens, until, NOW):
        assert until > weakens


@given(st.integers(1, 10_000))
def test_each_wait_is_no_shorter_than_the_one_before_and_never_longer_than_a_day(tries: int) -> None:
    first, second = rules.next_try(tries, NOW), rules.next_try(tries + 1, NOW)
    assert NOW < first <= second <= NOW + timedelta(days=1)


def test_a_key_is_told_of_ninety_days_before_its_end() -> None:
    assert rules.ends_soon(NOW + timedelta(days=90), NOW)
    assert not rules.ends_soon(NOW + timedelta(days=91), NOW)
