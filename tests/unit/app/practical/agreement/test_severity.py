"""An example worked by hand, the whole model by another way, and what must always hold."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.agreement.quantiles import t_quantile
from app.practical.agreement.severity import severities
from tests.factories.doubles import Row, bounds, doubles

TRIANGLE: list[Row] = [(1, 70, 2, 74), (2, 80, 3, 83), (1, 60, 3, 66)]


def severity(rows: list[Row]) -> dict[int, float]:
    found = doubles(rows)
    return {key: one.value for key, one in severities(found.pairs, found.totals).by_examiner.items()}


def test_three_examiners_and_three_candidates_by_hand() -> None:
    """Differences -4, -3, -6 do not add up by 1; least squares spreads it: -10/3, 1/3, 3 about their mean.

    Against the mean of the other two that is half as much again: -5, 1/2, 9/2. What is left over is a third in each
    difference, so 1/6 of variance on one degree of freedom, and a standard error of the root of 1/6.
    """
    found = doubles(TRIANGLE)
    by_examiner = severities(found.pairs, found.totals).by_examiner
    assert [one.value for one in by_examiner.values()] == pytest.approx([-5, 0.5, 4.5])
    half = t_quantile(0.975, 1) * sqrt(1 / 6)
    for one in by_examiner.values():
        assert bounds(one) == pytest.approx((one.value - half, one.value + half))


def test_two_examiners_differ_by_their_mean_difference() -> None:
    found = doubles([(1, 70, 2, 74), (2, 80, 1, 78), (1, 60, 2, 63)])
    by_examiner = severities(found.pairs, found.totals).by_examiner
    assert by_examiner[1].value == pytest.approx(-3) == -by_examiner[2].value
    half = t_quantile(0.975, 2) * 1 / sqrt(3)  # differences -4, -2, -3
    assert by_examiner[1].high == pytest.approx(-3 + half)


def test_parts_without_a_shared_candidate_stand_for_themselves() -> None:
    found = doubles([*TRIANGLE, (8, 50, 9, 90), (9, 91, 8, 50)])
    result = severities(found.pairs, found.totals)
    assert result.parts == ((1, 2, 3), (8, 9))
    assert severity(TRIANGLE)[1] == pytest.approx(result.by_examiner[1].value)
    assert result.by_examiner[9].value == pytest.approx(40.5)


def test_one_candidate_gives_a_figure_and_no_bounds() -> None:
    found = doubles([(1, 70, 2, 74)])
    one = severities(found.pairs, found.totals).by_examiner[1]
    assert one.value == pytest.approx(-4)
    assert one.low is one.high is None


def test_the_whole_model_with_candidates_gives_the_same() -> None:
    chance = np.random.default_rng(3)
    pairs = np.array([chance.choice(6, 2, replace=False) for _ in range(40)])
    totals = chance.integers(100, 180, (40, 2)) / 2
    design = np.zeros((80, 46))
    for row, (candidate, side) in enumerate((c, s) for c in range(40) for s in (0, 1)):
        design[row, candidate] = design[row, 40 + pairs[candidate, side]] = 1
    values = totals.ravel()
    fitted, *_ = np.linalg.lstsq(design, values, rcond=None)
    left = values - design @ fitted
    spread = float(left @ left) / (80 - int(np.linalg.matrix_rank(design)))
    covariance = np.linalg.pinv(design.T @ design) * spread
    for examiner, found in severities(pairs.astype(np.int64), totals).by_examiner.items():
        contrast = np.zeros(46)
        contrast[40:] = -1 / 5
        contrast[40 + examiner] = 1
        half = t_quantile(0.975, 80 - int(np.linalg.matrix_rank(design))) * sqrt(contrast @ covariance @ contrast)
        assert found.value == pytest.approx(float(contrast @ fitted))
        assert found.high == pytest.approx(found.value + half)


Totals = st.integers(0, 200).map(lambda one: one / 2)
Rows = st.lists(
    st.tuples(st.integers(1, 5), Totals, st.integers(1, 5), Totals).filter(lambda row: row[0] != row[2]),
    min_size=1, max_size=20,
)  # fmt: skip


@given(Rows, st.integers(-20, 20))
def test_moving_one_examiner_moves_his_figure_as_much(rows: list[Row], by: int) -> None:
    moved = [(a, x + by * (a == rows[0][0]), b, y + by * (b == rows[0][0])) for a, x, b, y in rows]
    before, after = severity(rows), severity(moved)
    assert after[rows[0][0]] == pytest.approx(before[rows[0][0]] + by, abs=1e-6)


@given(Rows)
def test_order_is_irrelevant_and_nothing_is_not_a_number(rows: list[Row]) -> None:
    turned = [(b, y, a, x) for a, x, b, y in reversed(rows)]
    before, after = severity(rows), severity(turned)
    assert before == pytest.approx(after, abs=1e-6)
    assert np.isfinite(list(before.values())).all()
