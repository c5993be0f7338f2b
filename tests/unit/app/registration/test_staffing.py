"""The ratios of DESIGN: one for every so many or part of them, never fewer than the least."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.registration.staffing import Gate, needed

counts, ratios, least = st.integers(0, 10_000), st.integers(1, 200), st.integers(0, 10)


@pytest.mark.parametrize(
    ("candidates", "ratio", "at_least", "expected"),
    [(0, 30, 1, 1), (1, 30, 1, 1), (30, 30, 1, 1), (31, 30, 1, 2), (60, 30, 1, 2), (61, 30, 1, 3),
     (1, 20, 2, 2), (40, 20, 2, 2), (41, 20, 2, 3), (0, 20, 2, 2)],
)  # fmt: skip
def test_how_many_are_needed(candidates: int, ratio: int, at_least: int, expected: int) -> None:
    assert needed(candidates, ratio, at_least) == expected


@given(counts, ratios, least)
def test_nobody_watches_more_than_the_ratio_allows(candidates: int, ratio: int, at_least: int) -> None:
    staff = needed(candidates, ratio, at_least)
    assert staff >= at_least
    assert staff * ratio >= candidates
    assert staff == at_least or (staff - 1) * ratio < candidates


@given(counts, st.integers(0, 400), ratios)
def test_the_gate_opens_exactly_when_enough_are_there(candidates: int, have: int, ratio: int) -> None:
    gate = Gate("proctor", have, needed(candidates, ratio), candidates)
    if have >= gate.need:
        gate.check()
    else:
        with pytest.raises(Refusal, match=str(have)) as refused:
            gate.check()
        assert refused.value.code == "understaffed"
        assert refused.value.details == {
            "role": "proctor", "have": have, "need": gate.need, "candidates": candidates
        }  # fmt: skip
