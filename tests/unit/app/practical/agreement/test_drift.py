"""Drift over the day, and the hint of one impression."""

from __future__ import annotations

import numpy as np
import pytest

from app.practical.agreement.doubles import Double, Doubles
from app.practical.agreement.drift import drifts, halves
from app.practical.agreement.halo import spreads
from app.practical.agreement.severity import severities
from tests.factories.doubles import Row, criterion, doubles, sheet


def day(slope: float, count: int = 24) -> list[Row]:
    """Examiner 1 moves by `slope` an hour against 2 and 3; candidates come every half hour."""
    trio = [(1, 2), (2, 3), (3, 1)]
    level = {1: 0.0, 2: 2.0, 3: -2.0}

    def given(who: int, place: int) -> float:
        return 70 + place % 7 + level[who] + (slope * place / 2 if who == 1 else 0)

    return [(a, given(a, place), b, given(b, place)) for place in range(count) for a, b in [trio[place % 3]]]


def test_who_moves_is_found_with_the_slope() -> None:
    found = drifts(doubles(day(-1.5)))
    assert found[1].slope.value == pytest.approx(-1.5)
    assert [found[2].slope.value, found[3].slope.value] == pytest.approx([0.75, 0.75])
    assert found[1].slope.beyond(1.4)
    early, late = found[1].early, found[1].late
    assert early is not None
    assert late is not None
    assert early.value > late.value


def test_who_stays_does_not() -> None:
    assert [one.slope.value for one in drifts(doubles(day(0))).values()] == pytest.approx([0, 0, 0], abs=1e-9)


def test_the_shift_of_all_at_once_cannot_be_seen() -> None:
    rows = [(a, x + place, b, y + place) for place, (a, x, b, y) in enumerate(day(-1.5))]
    assert drifts(doubles(rows))[1].slope.value == pytest.approx(-1.5)


def test_no_line_through_few_or_through_one_moment() -> None:
    assert drifts(doubles(day(-1.5, count=6))) == {}
    rows = day(-1.5)
    assert drifts(doubles(rows, hours=[1.0] * len(rows))) == {}


def test_halves_are_severities_of_each_half() -> None:
    rows = day(-1.5)
    early, late = halves(doubles(rows))
    first, second = doubles(rows[:12]), doubles(rows[12:])
    assert early == severities(first.pairs, first.totals).by_examiner
    assert late[1].value == pytest.approx(severities(second.pairs, second.totals).by_examiner[1].value)


def test_one_impression_on_every_criterion_shows_as_a_small_spread() -> None:
    criteria = tuple(criterion(key) for key in "ABCD")
    chance = np.random.default_rng(1)

    def varied(who: int) -> dict[str, float]:
        flat = {key: float(5 + chance.integers(0, 2) / 2) for key in "ABCD"}
        return flat if who == 1 else {key: float(chance.integers(0, 20) / 2) for key in "ABCD"}

    rows = [
        Double(place, place, place, sheet(a, varied(a)), sheet(b, varied(b)))
        for place in range(30) for a, b in [((1, 2), (2, 3), (3, 1))[place % 3]]
    ]  # fmt: skip
    found = spreads(Doubles(rows, criteria))
    assert found[1] < 0.2
    assert found[2] > 0.8
    assert spreads(Doubles(rows[:4], criteria)) == {}
    assert spreads(Doubles(rows, criteria[:2])) == {}
