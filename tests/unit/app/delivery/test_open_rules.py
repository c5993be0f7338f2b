"""What the examiners' points for an open answer come to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.delivery.open_rules import Settled, lines_of, marks_for, points_given, settle

LINES = lines_of([{"text": "one", "points": "6"}, {"text": "two", "points": "3"}])
GAP = 25
marks = st.decimals(Decimal(1), Decimal(50), places=0)
halves = st.integers(0, 12).map(lambda steps: Decimal(steps) / 2)


@given(halves, st.integers(0, 6).map(lambda steps: Decimal(steps) / 2), marks)
def test_points_become_their_share_of_the_marks_and_never_more(one: Decimal, two: Decimal, most: Decimal) -> None:
    found = marks_for({"1": one, "2": two}, LINES, most)
    exact = (one + two) * most / 9
    assert 0 <= found <= most
    assert 0 <= exact - found < Decimal("0.01")


def test_full_points_are_full_marks() -> None:
    assert marks_for({"1": Decimal(6), "2": Decimal(3)}, LINES, Decimal(18)) == 18


@given(st.decimals(0, 18, places=2), st.decimals(0, 18, places=2), st.none() | st.decimals(0, 18, places=2))
def test_the_mean_stands_or_the_third(first: Decimal, second: Decimal, third: Decimal | None) -> None:
    found = settle(first, second, third, Decimal(18), GAP)
    if abs(first - second) * 100 <= 18 * GAP:
        assert found.marks is not None
        assert not found.needs_third
        assert min(first, second) <= found.marks <= max(first, second)
        assert found == settle(second, first, None, Decimal(18), GAP)
    else:
        assert found == Settled(third, needs_third=third is None)


def test_nothing_stands_before_two_have_signed() -> None:
    assert settle(Decimal(9), None, None, Decimal(18), GAP) == Settled(None)
    assert settle(None, Decimal(9), Decimal(3), Decimal(18), GAP) == Settled(None)


@pytest.mark.parametrize("wrong", ["-1", "6.5", "0.3", "nan", "1e9", "", "六", True, [1]])
def test_points_are_half_steps_within_the_criterion(wrong: object) -> None:
    with pytest.raises(Refusal, match="Criterion 1 takes 0 to 6 points"):
        points_given(LINES, "1", wrong, Decimal("0.5"))


def test_another_criterion_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        points_given(LINES, "3", "1", Decimal("0.5"))
    assert refused.value.code == "unknown_criterion"
