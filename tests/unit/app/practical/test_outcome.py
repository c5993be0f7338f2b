"""Two sheets agree, or a third stands."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.outcome import Outcome, Reason, areas_of, practical_outcome
from app.practical.rubric import Rubric, RubricSheet
from app.schemes.scheme import scheme

PART = scheme("PTS152010301-01").level("junior").practical
totals = st.integers(0, 200).map(lambda half: Decimal(half) / 2)


def outcome(*given_totals: str | Decimal | None) -> Outcome:
    first, second, third = (None if t is None else Decimal(t) for t in (*given_totals, None, None)[:3])
    return practical_outcome(first, second, third, pass_mark=PART.pass_mark, gap=PART.gap)


@pytest.mark.parametrize(
    ("totals_given", "score", "needs_third", "reason"),
    [
        (("80", None, None), None, False, Reason.UNSIGNED),
        ((None, "80", None), None, False, Reason.UNSIGNED),
        (("80", "90", None), "85", False, Reason.MEAN),  # 10 apart is not more than 10
        (("80", "90.5", None), None, True, Reason.APART),
        (("60", "60", None), "60", False, Reason.MEAN),
        (("59.5", "60", None), None, True, Reason.TWO_SIDES),  # exactly 60 has passed
        (("60", "60.5", None), "60.25", False, Reason.MEAN),
        (("59", "59.5", None), "59.25", False, Reason.MEAN),
        (("59.5", "60", "59"), "59", False, Reason.THIRD_STANDS),
        (("40", "90", "61.5"), "61.5", False, Reason.THIRD_STANDS),
        (("80", "82", "10"), "81", False, Reason.MEAN),
    ],
)
def test_outcome(totals_given: tuple[str | None, ...], score: str | None, needs_third: bool, reason: Reason) -> None:
    expected = None if score is None else Decimal(score)
    assert outcome(*totals_given) == Outcome(expected, needs_third, reason)


@given(totals, totals)
def test_the_order_of_the_examiners_makes_no_difference(first: Decimal, second: Decimal) -> None:
    assert outcome(first, second) == outcome(second, first)


@given(totals, totals)
def test_a_mean_never_hides_a_disagreement(first: Decimal, second: Decimal) -> None:
    found = outcome(first, second)
    agree = abs(first - second) <= PART.gap and (first >= PART.pass_mark) == (second >= PART.pass_mark)
    assert (found.score is not None) == agree == (not found.needs_third)
    if found.score is not None:
        assert min(first, second) <= found.score <= max(first, second)
        assert found.score * 2 == first + second


@given(totals, totals, totals)
def test_with_a_third_there_is_always_a_score(first: Decimal, second: Decimal, third: Decimal) -> None:
    found = outcome(first, second, third)
    assert not found.needs_third
    assert found.score == (outcome(first, second).score if found.reason == Reason.MEAN else third)


@given(st.data())
def test_the_areas_add_up_to_the_score(data: st.DataObject) -> None:
    rubric = Rubric.of(PART)

    def sheet() -> RubricSheet:
        halves = {c.id: data.draw(st.integers(0, int(c.points * 2))) for c in rubric.criteria}
        return RubricSheet(rubric, {key: Decimal(half) / 2 for key, half in halves.items()})

    one, two, third = sheet(), sheet(), sheet()
    found = outcome(one.total(), two.total(), third.total())
    areas = areas_of(found, [one, two], third)
    assert sum(area.marks for area in areas) == found.score
    assert [(area.name, area.of) for area in areas] == [(area.name, area.points) for area in PART.sheet.areas]
