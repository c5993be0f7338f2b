"""Points are exact, within the criterion, in steps; a sheet adds them up."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.practical.marking.rubric import Rubric, RubricSheet
from app.schemes.scheme import schemes
from tests.factories import sheet_forms

RUBRICS = [Rubric.of(level.practical) for scheme in schemes().values() for level in scheme.levels]
JUNIOR = RUBRICS[0]


@pytest.mark.parametrize("rubric", RUBRICS)
def test_a_rubric_survives_being_kept(rubric: Rubric) -> None:
    assert Rubric.kept(json.loads(json.dumps(rubric.to_keep()))) == rubric


@pytest.mark.parametrize("rubric", RUBRICS)
def test_full_points_make_full_marks(rubric: Rubric) -> None:
    sheet = RubricSheet(rubric, {criterion.id: criterion.points for criterion in rubric.criteria})
    assert sheet.total() == sum(area.points for area in rubric.areas) == 100
    assert (sheet.missing(), sheet.missed_critical()) == ([], [])


@pytest.mark.parametrize(
    ("given_points", "exact"),
    [
        (0, "0"),
        (5, "5"),
        (5.5, "5.5"),
        ("5.5", "5.5"),
        ("5.50", "5.5"),
        (" 6 ", "6"),
        (Decimal("0.5"), "0.5"),
        ("-0", "0"),
    ],
)
def test_points_are_taken_exactly(given_points: object, exact: str) -> None:
    assert JUNIOR.points("J01", given_points) == Decimal(exact)


@pytest.mark.parametrize(
    ("given_points", "code"),
    [
        (6.5, "points_above"), ("7", "points_above"), (10**30, "points_above"), (1e300, "points_above"),
        (-0.5, "points_negative"), ("-1", "points_negative"), (float("-inf"), "points_not_a_number"),
        (float("nan"), "points_not_a_number"), (float("inf"), "points_not_a_number"),
        ("NaN", "points_not_a_number"), ("sNaN", "points_not_a_number"), ("Infinity", "points_not_a_number"),
        (Decimal("sNaN"), "points_not_a_number"), ("1e1", "points_not_a_number"), ("１", "points_not_a_number"),
        ("", "points_not_a_number"), (True, "points_not_a_number"), ([], "points_not_a_number"),
        (5.25, "points_step"), ("0.1", "points_step"), ("5.499999999", "points_step"), (0.1 + 0.2, "points_step"),
    ],
)  # fmt: skip
def test_other_points_are_refused_with_the_criterion(given_points: object, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        JUNIOR.points("J01", given_points)
    assert refused.value.code == code
    assert refused.value.details["criterion"] == "J01"
    assert "J01" in str(refused.value)


def test_an_unknown_criterion_is_refused() -> None:
    with pytest.raises(Refusal, match="J99"):
        JUNIOR.points("J99", 1)


@given(st.data())
def test_a_sheet_adds_up_exactly(data: st.DataObject) -> None:
    steps = {c.id: data.draw(st.none() | st.integers(0, int(c.points * 2))) for c in JUNIOR.criteria}
    awarded = {key: JUNIOR.points(key, f"{half / 2}") for key, half in steps.items() if half is not None}
    sheet = RubricSheet(JUNIOR, awarded)
    assert sheet.total() * 2 == sum(half for half in steps.values() if half is not None)
    assert sheet.total() == sum(sheet.of_area(area.name) for area in JUNIOR.areas)
    assert {criterion.id for criterion in sheet.missing()} == {key for key, half in steps.items() if half is None}
    assert all(criterion.critical and steps[criterion.id] == 0 for criterion in sheet.missed_critical())


def test_a_sheet_kept_before_there_were_deductions_and_groups_is_still_read() -> None:
    stored = JUNIOR.to_keep()
    for added in ("deductions", "groups"):
        del stored[added]
    for criterion in stored["criteria"]:
        del criterion["critical_below"]
    old = Rubric.kept(stored)
    assert (old.deductions, old.groups) == ((), ())
    assert old.criterion("J04").missed_with(Decimal(0))
    assert not old.criterion("J04").missed_with(old.step)


@pytest.mark.parametrize("times", ["-1", "1.5", "6", "x", True, float("nan")])
def test_a_deduction_counts_whole_times_within_its_bounds(times: object) -> None:
    rubric = sheet_forms.RUBRIC
    assert rubric.points("D01", "5") == 5
    with pytest.raises(Refusal) as refused:
        rubric.points("D01", times)
    assert refused.value.code == "times_invalid"
    assert refused.value.details["criterion"] == "D01"


def test_deductions_never_take_a_total_below_nothing_and_need_no_entry() -> None:
    rubric = sheet_forms.RUBRIC
    nothing = dict.fromkeys((criterion.id for criterion in rubric.criteria), Decimal(0))
    assert RubricSheet(rubric, {**nothing, "D02": Decimal(4)}).total() == 0
    assert RubricSheet(rubric, {**nothing, "J01": Decimal(6), "D01": Decimal(2)}).total() == 4
    assert RubricSheet(rubric, nothing).missing() == []


def test_of_copies_of_one_rubric_one_is_read() -> None:
    first, second = Rubric.kept(JUNIOR.to_keep()), Rubric.kept(JUNIOR.to_keep())
    assert first is second
    assert Rubric.kept(RUBRICS[1].to_keep()) is not first
