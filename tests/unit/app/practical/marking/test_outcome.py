"""Two sheets agree, or a third stands."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.marking.outcome import Outcome, Reason, areas_of, practical_outcome
from app.practical.marking.rubric import Rubric, RubricSheet
from app.schemes.scheme import scheme
from tests.factories import sheet_forms
from tests.factories.practical import points_for

PART = scheme("PTS152010301-01").level("junior").practical
RUBRIC = Rubric.of(PART)
totals = st.integers(20, 200).map(lambda half: Decimal(half) / 2)


def sheet_of(total: str | Decimal | None) -> RubricSheet | None:
    """A sheet with so many points, no critical criterion missed."""
    if total is None:
        return None
    return RubricSheet(RUBRIC, points_for(total, RUBRIC))


def outcome(*given_totals: str | Decimal | None) -> Outcome:
    first, second, third = (sheet_of(total) for total in (*given_totals, None, None)[:3])
    return practical_outcome(first, second, third)


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
        (("80", "82", "15"), "81", False, Reason.MEAN),
    ],
)
def test_outcome(totals_given: tuple[str | None, ...], score: str | None, needs_third: bool, reason: Reason) -> None:
    expected = None if score is None else Decimal(score)
    passed = expected is not None and expected >= 60
    assert outcome(*totals_given) == Outcome(expected, needs_third, reason, passed=passed)


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
    rubric = RUBRIC

    def sheet() -> RubricSheet:
        halves = {c.id: data.draw(st.integers(0, int(c.points * 2))) for c in rubric.criteria}
        return RubricSheet(rubric, {key: Decimal(half) / 2 for key, half in halves.items()})

    one, two, third = sheet(), sheet(), sheet()
    found = practical_outcome(one, two, third)
    areas = areas_of(found, [one, two], third)
    assert sum(area.marks for area in areas) == found.score
    assert [(area.name, area.of) for area in areas] == [(area.name, area.points) for area in PART.sheet.areas]


CRITICAL = tuple(criterion.id for criterion in RUBRIC.criteria if criterion.critical)
GROUPED = sheet_forms.RUBRIC


def any_sheet(data: st.DataObject, rubric: Rubric = RUBRIC) -> RubricSheet:
    """Every criterion marked, every deduction counted."""
    awarded = {c.id: Decimal(data.draw(st.integers(0, int(c.points * 2)))) / 2 for c in rubric.criteria}
    times = {d.id: Decimal(data.draw(st.integers(0, d.most_times))) for d in rubric.deductions}
    return RubricSheet(rubric, awarded | times)


def missing(sheet: RubricSheet, *criteria: str) -> RubricSheet:
    return RubricSheet(sheet.rubric, {**sheet.awarded, **dict.fromkeys(criteria, Decimal(0))})


FULL = RubricSheet(RUBRIC, {criterion.id: criterion.points for criterion in RUBRIC.criteria})


def test_a_critical_criterion_that_both_find_missed_fails_the_part_and_leaves_the_score() -> None:
    found = practical_outcome(missing(FULL, "J04"), missing(FULL, "J04"), None)
    assert (found.score, found.failed_critical, found.passed) == (Decimal(92), ("J04",), False)


def test_one_finds_it_missed_and_the_other_not_so_a_third_decides() -> None:
    found = practical_outcome(missing(FULL, "J04"), FULL, None)
    assert (found.reason, found.needs_third, found.score, found.passed) == (Reason.CRITICAL, True, None, False)
    assert practical_outcome(missing(FULL, "J04"), FULL, FULL).passed
    third = practical_outcome(missing(FULL, "J04"), FULL, missing(FULL, "J11"))
    assert (third.failed_critical, third.passed, third.score) == (("J11",), False, Decimal(93))


@given(st.data())
def test_a_missed_critical_criterion_never_passes_and_a_third_comes_only_when_needed(data: st.DataObject) -> None:
    one, two, third = (any_sheet(data) for _ in range(3))
    found, settled = practical_outcome(one, two, None), practical_outcome(one, two, third)
    apart = abs(one.total() - two.total()) > PART.gap
    sides = (one.total() >= 60) != (two.total() >= 60)
    assert found.needs_third == (apart or sides or one.missed_critical() != two.missed_critical())
    stands = [third] if found.needs_third else [one, two]
    assert settled.passed == (
        settled.score is not None and settled.score >= 60 and not any(sheet.missed_critical() for sheet in stands)
    )


@given(st.data())
def test_totals_lie_between_nothing_and_full_marks_however_they_were_entered(data: st.DataObject) -> None:
    sheet = any_sheet(data, GROUPED)
    assert 0 <= sheet.total() <= 100
    assert sheet.total() == max(sheet.points() - sheet.deducted(), 0)
    turned = dict(data.draw(st.permutations(list(sheet.awarded.items()))))
    assert RubricSheet(GROUPED, turned).total() == sheet.total()
    assert practical_outcome(sheet, sheet, None) == practical_outcome(RubricSheet(GROUPED, turned), sheet, None)


@given(st.data())
def test_groups_bring_their_weights_exactly_and_nothing_is_rounded_up(data: st.DataObject) -> None:
    one = any_sheet(data, GROUPED)
    self_rating = any_sheet(data, GROUPED)
    others = [any_sheet(data, GROUPED) for _ in range(data.draw(st.integers(1, 3)))]
    raters = {"self": [self_rating], "group": others}
    found = practical_outcome(one, one, None, raters)
    mean = sum((Fraction(sheet.total()) for sheet in others), Fraction()) / len(others)
    exact = (20 * Fraction(self_rating.total()) + 30 * mean + 50 * Fraction(one.total())) / 100
    assert found.score is not None
    assert exact - Fraction(1, 10**20) < Fraction(found.score) <= exact
    assert found == practical_outcome(one, one, None, {"group": others[::-1], "self": [self_rating]})
    areas = areas_of(found, [one, one], None, raters)
    assert areas[-1].of == 0
    assert abs(sum(area.marks for area in areas) - found.score) < Decimal("1e-20")
    assert found.failed_critical == tuple(criterion.id for criterion in one.missed_critical())


def test_a_group_without_a_signed_sheet_leaves_the_score_open_and_is_named() -> None:
    sheet = RubricSheet(GROUPED, {criterion.id: criterion.points for criterion in GROUPED.criteria})
    found = practical_outcome(sheet, sheet, None, {"self": [sheet]})
    assert (found.score, found.reason, found.waits_for, found.passed) == (None, Reason.RATERS, ("group",), False)
    assert sum(group.weight for group in GROUPED.groups) == 100
