"""Against Cohen (1960, 1968) and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.agreement.doubles import Ints
from app.practical.agreement.icc import icc
from app.practical.agreement.kappa import Weights, kappa, weighted_kappa, weights_of

COHEN_1968 = np.array([[0.44, 0.07, 0.09], [0.05, 0.20, 0.05], [0.01, 0.03, 0.06]])


def test_the_published_example_of_1968() -> None:
    disagreement = np.array([[0.0, 1, 3], [1, 0, 6], [3, 6, 0]])
    assert weighted_kappa(COHEN_1968, disagreement) == pytest.approx(0.348, abs=5e-4)
    assert weighted_kappa(COHEN_1968, 1 - np.eye(3)) == pytest.approx(0.492, abs=5e-4)


def test_two_bands_by_hand() -> None:
    """20 and 15 agreed on, 5 and 10 not: 0.7 seen, 0.5 by chance."""
    table = np.array([[20.0, 5], [10, 15]])
    assert weighted_kappa(table, weights_of(Weights.LINEAR, 2)) == pytest.approx(0.4)
    assert weighted_kappa(table, weights_of(Weights.QUADRATIC, 2)) == pytest.approx(0.4)


def test_three_bands_by_hand() -> None:
    """1-1, 2-3, 3-3: linear 0.1667 seen against 0.5 by chance; quadratic 0.0833 against 0.3889."""
    bands: Ints = np.array([[0, 0], [1, 2], [2, 2]])
    assert kappa(bands, 3, Weights.LINEAR) == pytest.approx(1 - (1 / 6) / (1 / 2))
    assert kappa(bands, 3, Weights.QUADRATIC) == pytest.approx(1 - (1 / 12) / (5 / 12))


def test_one_band_alone_is_not_computable() -> None:
    assert kappa(np.array([[2, 2], [2, 2]]), 4, Weights.LINEAR) is None
    assert kappa(np.zeros((0, 2), np.int64), 4, Weights.LINEAR) is None


Bands = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


@given(Bands, st.sampled_from(Weights))
def test_never_above_1_and_order_and_sides_are_irrelevant(rows: list[tuple[int, int]], kind: Weights) -> None:
    bands: Ints = np.array(rows, np.int64)
    found = kappa(bands, 4, kind)
    for other in (kappa(bands[::-1], 4, kind), kappa(bands[:, ::-1], 4, kind)):
        assert found is other is None or found == pytest.approx(other)
    assert found is None or (np.isfinite(found) and found <= 1 + 1e-12)


@given(Bands, st.sampled_from(Weights))
def test_the_same_on_both_sides_is_1(rows: list[tuple[int, int]], kind: Weights) -> None:
    bands: Ints = np.array([(one, one) for one, _ in rows], np.int64)
    found = kappa(bands, 4, kind)
    assert (found is None) == (len({one for one, _ in rows}) == 1)
    assert found is None or found == pytest.approx(1)


def test_quadratic_weights_are_an_intraclass_correlation() -> None:
    """Fleiss and Cohen (1973): alike but for a term that vanishes with many candidates."""
    chance = np.random.default_rng(7)
    first = chance.integers(0, 4, 4000)
    bands: Ints = np.stack([first, np.clip(first + chance.integers(-1, 2, 4000), 0, 3)], axis=1)
    found = icc(bands.astype(float))
    assert found is not None
    assert kappa(bands, 4, Weights.QUADRATIC) == pytest.approx(found.one_agreement.value, abs=1e-3)
