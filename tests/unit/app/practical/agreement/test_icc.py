"""Against Shrout and Fleiss (1979), table 2 and 4, and the intervals published for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.agreement.doubles import Floats, Interval
from app.practical.agreement.icc import icc
from tests.factories.doubles import bounds

TABLE: Floats = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)


def test_the_published_table() -> None:
    found = icc(TABLE)
    assert found is not None
    one = [found.one_random, found.one_agreement, found.one_consistency]
    mean = [found.mean_random, found.mean_agreement, found.mean_consistency]
    assert [round(each.value, 2) for each in one] == [0.17, 0.29, 0.71]
    assert [round(each.value, 2) for each in mean if each] == [0.44, 0.62, 0.91]


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("one_random", -0.133, 0.723), ("one_agreement", 0.019, 0.761), ("one_consistency", 0.342, 0.946),
        ("mean_random", -0.884, 0.912), ("mean_agreement", 0.071, 0.927), ("mean_consistency", 0.676, 0.986),
    ],
)  # fmt: skip
def test_its_intervals(kind: str, low: float, high: float) -> None:
    found: Interval = getattr(icc(TABLE), kind)
    assert bounds(found) == pytest.approx((low, high), abs=1.5e-3)


def test_nothing_to_tell_apart_is_not_computable() -> None:
    assert icc(np.array([[5.0, 5.0], [5.0, 5.0]])) is None
    assert icc(np.array([[5.0, 7.0]])) is None
    assert icc(np.array([[4.0, 6.0], [6.0, 4.0], [5.0, 5.0]])) is None  # candidates alike, all else error


def test_perfect_agreement_is_1() -> None:
    found = icc(np.array([[5.0, 5.0], [7.0, 7.0], [9.0, 9.0]]))
    assert found is not None
    assert {found.one_random.value, found.one_agreement.value, found.one_consistency.value} == {1.0}


@given(st.lists(st.tuples(*[st.integers(0, 200)] * 2), min_size=3, max_size=12))
def test_order_scale_and_shift_of_all_change_nothing(rows: list[tuple[int, int]]) -> None:
    scores: Floats = np.array(rows, float) / 2
    found, moved = icc(scores), icc(scores[::-1] * 2 + 7)
    assert (found is None) == (moved is None)
    if found is not None and moved is not None:
        for kind in ("one_random", "one_agreement", "one_consistency", "mean_consistency"):
            one, other = getattr(found, kind), getattr(moved, kind)
            assert one.value == pytest.approx(other.value, abs=1e-6)
            assert one.value <= 1 + 1e-9
            assert np.isfinite([one.value, one.low or 0, one.high or 0]).all()
