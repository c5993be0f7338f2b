from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.results.verdict import (
    PRACTICAL,
    THEORY,
    Sitting,
    counting,
    counts_until,
    kept,
    stand_together,
    verdict,
)
from app.schemes.scheme import scheme

LEVEL = scheme("PTS152010301-01").level("junior")
SCORES = st.decimals(0, 100, places=3)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("theory", "practical", "passes"),
    [
        ("60", "60", True),
        ("60.000", "60", True),
        ("59.99", "100", False),
        ("100", "59.99", False),
        ("59.999", "60.001", False),
        ("100", "0", False),
        ("0", "0", False),
    ],
)
def test_each_part_passes_for_itself(theory: str, practical: str, passes: bool) -> None:
    assert verdict(LEVEL, Decimal(theory), Decimal(practical)).passed is passes


@pytest.mark.parametrize(("theory", "practical"), [(None, "90"), ("90", None), (None, None)])
def test_no_score_is_no_pass(theory: str | None, practical: str | None) -> None:
    found = verdict(LEVEL, *(None if one is None else Decimal(one) for one in (theory, practical)))
    assert not found.passed
    assert not found.complete


@given(SCORES, SCORES)
def test_nothing_is_made_up_for_by_the_other_part(theory: Decimal, practical: Decimal) -> None:
    assert verdict(LEVEL, theory, practical).passed == (theory >= 60 and practical >= 60)


@given(st.decimals(0, 100, places=9))
def test_what_is_kept_is_never_more_than_the_score(score: Decimal) -> None:
    assert 0 <= score - kept(score) < Decimal("0.001")
    assert verdict(LEVEL, kept(score), kept(score)).passed == (score >= 60)


@pytest.mark.parametrize(
    ("released", "months", "until"),
    [
        ("2026-03-02", 12, "2027-03-02"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
    ],
)
def test_a_part_counts_so_many_months(released: str, months: int, until: str) -> None:
    start = datetime.fromisoformat(released).replace(tzinfo=UTC)
    assert counts_until(start, months) == datetime.fromisoformat(until).replace(tzinfo=UTC)


def sat(part: str, score: str, day: int, valid: int | None = 365) -> Sitting:
    sat_at = START + timedelta(days=day)
    return Sitting(part, Decimal(score), sat_at, None if valid is None else sat_at + timedelta(days=valid))


def test_a_resit_counts_as_long_as_the_passed_part_does() -> None:
    theory = sat(THEORY, "70", 0)
    assert stand_together(theory, sat(PRACTICAL, "70", 365))
    assert not stand_together(theory, sat(PRACTICAL, "70", 366))
    assert stand_together(sat(PRACTICAL, "70", 365), theory)


def test_the_parts_that_count_are_a_pair_that_passes() -> None:
    failed, early, late = sat(THEORY, "50", 0, None), sat(PRACTICAL, "65", 1), sat(THEORY, "61", 30)
    assert counting(LEVEL, [failed, early, late]) == (late, early)


def test_without_such_a_pair_a_pass_stands_before_a_later_failure() -> None:
    outlived, failed = sat(THEORY, "80", 0), sat(PRACTICAL, "40", 10, None)
    assert counting(LEVEL, [outlived, failed, sat(THEORY, "30", 20, None)]) == (outlived, failed)
    assert counting(LEVEL, []) == (None, None)


@given(
    st.lists(
        st.builds(sat, st.sampled_from([THEORY, PRACTICAL]), SCORES.map(str), st.integers(0, 900), st.integers(0, 400)),
        max_size=6,
    )
)
def test_a_pass_is_found_whenever_there_is_one(sittings: list[Sitting]) -> None:
    theory, practical = counting(LEVEL, sittings)
    together = bool(theory and practical and stand_together(theory, practical))
    found = together and verdict(LEVEL, theory.score, practical.score).passed  # type: ignore[union-attr]
    there_is = any(
        one.part == THEORY and other.part == PRACTICAL and one.score >= 60 and other.score >= 60
        and stand_together(one, other)
        for one in sittings for other in sittings
    )  # fmt: skip
    assert found == there_is
