"""How often two give the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.agreement.shares import Share, bands_of, of_criterion, of_totals
from tests.factories.doubles import bounds, criterion


def test_totals_are_within_the_gap_and_on_one_side() -> None:
    totals = np.array([[70, 70], [70, 80], [70, 80.5], [59.5, 60], [60, 60.5]])
    found = of_totals(totals, 10, 60)
    assert (found.exact.hits, found.within.hits, found.within.of) == (1, 3, 5)
    assert found.mean_apart == pytest.approx((0 + 10 + 10.5 + 0.5 + 0.5) / 5)


def test_a_criterion_by_points_steps_and_bands() -> None:
    points = np.array([[8, 8], [7.5, 8], [6, 7.5], [3, 8], [0, 3.5]])
    found = of_criterion(points, criterion(), 0.5)
    assert bands_of(points, criterion()).tolist() == [[3, 3], [2, 3], [2, 2], [0, 3], [0, 0]]
    shares = (found.exact, found.within_step, found.same_band, found.within_band)
    assert [one.hits for one in shares] == [1, 2, 3, 4]


def test_wilson_against_a_published_interval() -> None:
    """81 of 263, Newcombe (1998): 0.2553 to 0.3662."""
    found = Share(81, 263).share
    assert found is not None
    assert bounds(found) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_none_of_none_is_not_computable() -> None:
    assert Share(0, 0).share is None
    assert of_totals(np.zeros((0, 2)), 10, 60).within.share is None


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(counts: tuple[int, int]) -> None:
    found = Share(*counts).share
    assert found is not None
    low, high = bounds(found)
    assert 0 <= low <= found.value + 1e-12
    assert found.value - 1e-12 <= high <= 1
