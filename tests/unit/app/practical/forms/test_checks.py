"""A sheet that does not fit together is told so, field by field; one that fits becomes a rubric."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practical.forms.body import BandBody, CriterionBody, DeductionBody, FormBody, GroupBody, body_of
from app.practical.forms.checks import hints_of, problems_of
from app.practical.forms.diff import differences
from app.practical.forms.edits import ACTS, edited
from app.practical.forms.rubric import rubric_of
from app.practical.marking.rubric import Rubric
from app.schemes.scheme import schemes
from tests.factories.sheet_forms import GROUPED, OWN, PART

PARTS = [level.practical for scheme in schemes().values() for level in scheme.levels]


@pytest.mark.parametrize("part", PARTS)
def test_the_schemes_own_sheets_can_be_typed_and_come_out_the_same(part: Any) -> None:
    body = body_of(Rubric.of(part))
    assert problems_of(body, part) == ()
    assert rubric_of(body, part) == Rubric.of(part)


def changed(place: int = 0, **fields: Any) -> FormBody:
    criteria = list(OWN.criteria)
    criteria[place] = criteria[place].model_copy(update=fields)
    return OWN.model_copy(update={"criteria": tuple(criteria)})


def bands(**lows: str) -> tuple[BandBody, ...]:
    return tuple(band.model_copy(update={"low": lows.get(band.grade, band.low)}) for band in OWN.criteria[0].bands)


def off(key: str, each: str, most: str) -> FormBody:
    return OWN.model_copy(update={"deductions": (DeductionBody(id=key, name="x", each=each, most=most),)})


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (changed(name=" "), "criteria.0.name"),
        (changed(name="长" * 81), "criteria.0.name"),
        (changed(name_en="a\u202eb"), "criteria.0.name_en"),
        (changed(area="别处"), "criteria.0.area"),
        (changed(points="0"), "criteria.0.points"),
        (changed(points="六"), "criteria.0.points"),
        (changed(points="5.3"), "criteria.0.points"),
        (changed(points="7"), "criteria"),
        (changed(id="J02"), "criteria.1.id"),
        (changed(id="<b>"), "criteria.0.id"),
        (changed(critical=True, critical_below="7"), "criteria.0.critical_below"),
        (changed(critical=True, critical_below="-1"), "criteria.0.critical_below"),
        (changed(bands=()), "criteria.0.bands.0.text"),
        (changed(bands=bands(良="6")), "criteria.0.bands.1.low"),
        (changed(bands=bands(优="6.5")), "criteria.0.bands.0.low"),
        (changed(bands=bands(差="1")), "criteria.0.bands.3.low"),
        (changed(bands=bands(中="0")), "criteria.0.bands.2.low"),
        (FormBody(), "criteria"),
        (off("D01", "0", "1"), "deductions.0.each"),
        (off("D01", "1", "1.5"), "deductions.0.most"),
        (off("J01", "1", "1"), "deductions.0.id"),
        (OWN.model_copy(update={"groups": (GroupBody(id="self", name="x", weight="100"),)}), "groups"),
        (OWN.model_copy(update={"groups": (GroupBody(id="examiner", name="x", weight="99"),)}), "groups"),
        (OWN.model_copy(update={"groups": (GroupBody(id="examiner", name="x", weight="多"),)}), "groups.0.weight"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_by_its_field(body: FormBody, where: str) -> None:
    found = problems_of(body, PART)
    assert where in [problem.where for problem in found]
    assert all(problem.message % problem.params for problem in found)


def test_english_may_be_left_out_and_a_threshold_given() -> None:
    body = changed(name_en="", critical=True, critical_below="3")
    assert problems_of(body, PART) == ()
    first = rubric_of(body, PART).criteria[0]
    assert (first.name_en, first.missed_with(first.points)) == (first.name, False)
    assert first.missed_with(PART.sheet.step * 5)
    assert not first.missed_with(PART.sheet.step * 6)


def test_tasks_that_lose_their_criterion_are_pointed_out() -> None:
    fewer = OWN.model_copy(update={"criteria": tuple(one for one in OWN.criteria if one.id != "J15")})
    assert hints_of(OWN, PART) == ()
    assert {"task": "typing", "criterion": "J15"} in [hint.params for hint in hints_of(fewer, PART)]


def test_adding_moving_and_removing() -> None:
    body, at = edited(OWN, "add", 1, PART)
    fresh = body.criteria[-1]
    assert (at, fresh.id, fresh.area) == (f"criteria.{len(OWN.criteria)}", "J17", PART.sheet.areas[1].name)
    down, at = edited(OWN, "down", 0, PART)
    assert [one.id for one in down.criteria[:2]] == ["J02", "J01"]
    assert edited(down, "up", 1, PART)[0] == OWN
    assert edited(OWN, "up", 0, PART) == (OWN, "criteria.0")
    assert len(edited(OWN, "remove", 0, PART)[0].criteria) == len(OWN.criteria) - 1
    grouped = edited(edited(OWN, "raters", -1, PART)[0], "attendance", -1, PART)[0]
    assert grouped == GROUPED
    assert problems_of(GROUPED, PART) == ()


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(-2, 20)), max_size=30))
def test_no_chain_of_acts_breaks_a_form(acts: list[tuple[str, int]]) -> None:
    body = OWN
    for act, place in acts:
        body, _ = edited(body, act, place, PART)
    ids = [one.id for one in (*body.criteria, *body.deductions)]
    assert len(ids) == len(set(ids))
    if not problems_of(body, PART):
        rubric = rubric_of(body, PART)
        assert rubric.full_points() == PART.full_marks
        assert not rubric.groups or sum(group.weight for group in rubric.groups) == 100
    FormBody.model_validate(body.model_dump())


def test_the_difference_is_told_in_words() -> None:
    body = changed(points="5", name="新名称", critical=True, critical_below="2", bands=bands(优="5"))
    body = body.model_copy(update={"criteria": (*body.criteria[1:], CriterionBody(id="J99", name="新增"))})
    told = [change.message % change.params for change in differences(OWN, body)]
    assert "J99 新增 is new." in told
    assert any("J01" in line and "gone" in line for line in told)
    told = [change.message % change.params for change in differences(OWN, changed(points="5", bands=bands(优="5")))]
    assert told == [
        "J01 开场问候与表明身份: 6 points become 5.",
        "J01 开场问候与表明身份, 优: from 5.5 points becomes from 5.",
    ]
    assert differences(OWN, OWN) == ()
    assert any("another order" in c.message for c in differences(OWN, edited(OWN, "down", 0, PART)[0]))
