"""The right scheme with one thing spoilt: file, line, field and reason are named."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.schemes.scheme import FOLDER, read_scheme

RIGHT = (FOLDER / "pts152010301-01.yaml").read_text(encoding="utf-8")
TOTALS = "totals: {junior: 100, intermediate: 100, senior: 100}"
ROW_ONE = "weights: {junior: 10, intermediate: 5, senior: 0}"


def problems(text: str) -> list[dict[str, Any]]:
    with pytest.raises(Refusal) as refused:
        read_scheme(text, "scheme.yaml")
    assert refused.value.code == "scheme_invalid"
    found: list[dict[str, Any]] = refused.value.details["problems"]
    assert all(one["file"] == "scheme.yaml" and one["line"] > 0 and one["reason"] for one in found)
    return found


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


CASES = [
    # (what stands in the file, what it is spoilt to, text on the line to name, field, part of the reason)
    ("proctor_ratio: 30 ", "proctor_ratio: 0 ", "proctor_ratio: 0", "theory.proctor_ratio", "greater than 0"),
    ("examiner_ratio: 20 ", "examiner_ratio: -3 ", "examiner_ratio: -3", "practical.examiner_ratio", "greater than 0"),
    ("proctor_ratio: 30 ", "proctor_ratio: 1.5 ", "proctor_ratio: 1.5", "theory.proctor_ratio", "whole number"),
    ("proctor_ratio: 30 ", "proctor_ratio: yes ", "proctor_ratio: yes", "theory.proctor_ratio", "whole number"),
    (ROW_ONE, ROW_ONE.replace("10", "11"), TOTALS, "theory.table.totals.junior", "add up to 101"),
    (ROW_ONE, ROW_ONE.replace("10", "-10"), "junior: -10", "theory.table.rows[0].weights.junior", "at least 0"),
    (ROW_ONE, ROW_ONE.replace("senior", "master"), "master: 0", "theory.table.rows[0].weights.master", "not a level"),
    (ROW_ONE, ROW_ONE.replace("senior", "master"), "master: 0", "theory.table.rows[0].weights.senior", "missing"),
    (TOTALS, TOTALS.replace("junior: 100", "junior: null"), "junior: null", "theory.table.totals.junior",
     "every level"),
    ("      - no: 三\n", "      - no: 二\n", "- no: 二\n        name: {zh: 计算机", "theory.table.rows[2]", "twice"),
    ("          六: [客户营销技巧]", "          十二: [客户营销技巧]", "十二: [客户营销技巧]",
     "body_decisions.coverage.values.coverage.junior.十二", "no row “十二”"),
    ("          七: [压力与情绪管理]", "          七: []", "七: []",
     "body_decisions.coverage.values.coverage.junior.七", "covers no work content"),
    ("          八: [客户投诉处理]", "          八: [客户投诉]", "八: [客户投诉]",
     "body_decisions.coverage.values.coverage.intermediate.八[0]", "no work content “客户投诉”"),
    ("          八: [客户投诉处理]", "          八: [营销活动]", "八: [营销活动]",
     "body_decisions.coverage.values.coverage.intermediate.八[0]", "twice"),
    ("type: single, count: 60", "type: single, count: 59", "types:\n", "body_decisions.paper.values.types", "bring 99"),
    ("type: single, count: 60", "type: essay, count: 60", "type: essay", "body_decisions.paper.values.types[1].type",
     "truefalse"),
    ("type: single, count: 60", "type: truefalse, count: 60", "- {type: truefalse, count: 60",
     "body_decisions.paper.values.types[1]", "twice"),
    ("gap: 10, max_first: 20", "gap: 10, max_first: 21", "max_first: 21", "body_decisions.marking.values.max_first",
     "above the examiner ratio"),
    ("attend_minutes: 120", "attend_minutes: 30", "junior:\n      - {id: call", "practical.tasks.junior",
     "takes 38 minutes before the examiners"),
    ("rest_minutes: 10", "rest_minutes: -1", "rest_minutes: -1", "body_decisions.timetable.values.rest_minutes",
     "at least 0"),
    ("gap: 10, max_first: 20", "gap: .nan, max_first: 20", "gap: .nan", "body_decisions.marking.values.gap",
     "number"),
    ("late_entry_minutes: 30", "late_entry_minutes: 121", "late_entry_minutes: 121",
     "body_decisions.clock.values.late_entry_minutes", "longer than the exam"),
    ("compensation: false", "compensation: true", "compensation: true",
     "body_decisions.exact_scores.values.compensation", "False"),
    ("eligibility: {all_of: [holds_junior_certificate]}", "eligibility: {all_of: [holds_starter_certificate]}",
     "holds_starter", "levels[1].eligibility.all_of[0]", "cannot be looked up"),
    ("eligibility: {all_of: [holds_junior_certificate]}", "eligibility: {all_of: [holds_senior_certificate]}",
     "holds_senior", "levels[1].eligibility.all_of[0]", "cannot be looked up"),
    (", recommended_by_current_employer]", ", recommended]", ", recommended]", "levels[2].eligibility.all_of[1]",
     "cannot be looked up"),
    ("any_of: [works_or_", "any_of: [holds_senior_certificate, works_or_", "any_of: [holds",
     "levels[0].eligibility.any_of[0]", "cannot be looked up"),
    ("gap: 10, max_first: 20", "gap: '10', max_first: 20", "gap: '10'", "body_decisions.marking.values.gap", "number"),
    ("gap: 10, max_first: 20", "gap: ten, max_first: 20", "gap: ten", "body_decisions.marking.values.gap", "number"),
    ("modes: [online, on_site]", "modes: online", "modes: online", "levels[2].training.modes", "list"),
    ("modes: [online, on_site]", "modes: [by_post]", "modes: [by_post]", "levels[2].training.modes[0]", "'online'"),
    ("code: senior", "code: junior", "- code: junior\n    name: {zh: 高级", "levels[2]", "twice"),
    ("source: ", "sauce: ", "sauce: ", "sauce", "no such field"),
    ("source: ", "sauce: ", "code: PTS", "source", "missing"),
    ("  validity:\n", "  vality:\n", "body_decisions:", "body_decisions.validity", "missing"),
    ("certificate_valid_months: null", "certificate_valid_months: null, renewal: {months_before: 6, months_after: 0, "
     "training_hours: 0}", "renewal:", "body_decisions.validity.values.renewal", "without an end"),
    ("certificate_valid_months: null", "certificate_valid_months: 5, renewal: {months_before: 6, months_after: 0, "
     "training_hours: 0}", "renewal:", "body_decisions.validity.values.renewal.months_before", "term of 5 months"),
    ("objection_days: 30", "objection_days: 0", "objection_days: 0", "body_decisions.validity.values.objection_days",
     "at least 1"),
    ("higher_level_covers_lower: true", "code: again\nhigher_level_covers_lower: true", "code: again", "code", "twice"),
    ("      - id: J02\n", "      - id: J01\n", "- id: J01\n        area: 服务意识与服务礼仪\n        name: {zh: 语音",
     "practical.sheets.junior[1].id", "twice"),
    ("      - id: J09\n        area: 客户营销技巧", "      - id: J09\n        area: 营销", "area: 营销\n",
     "practical.sheets.junior[10].area", "no area “营销”"),
    ("      - id: M01\n        area: 业务指导与监督", "      - id: M01\n        area: 客户服务技巧",
     "    intermediate:\n      - id: M01", "practical.sheets.intermediate", "bring 92 points"),
    ("{zh: 压力与情绪管理, en: Managing stress and emotions}, points: 20",
     "{zh: 压力与情绪管理, en: Managing stress and emotions}, points: 25", "    junior:\n      - id: J01",
     "practical.sheets.junior", "areas bring 105"),
    ("    senior:\n      - id: S01", "    master:\n      - id: S01", "    master:\n", "practical.sheets.master",
     "not a level"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "at", "field", "reason"), CASES, ids=[f"{c[3]}-{c[4]}" for c in CASES])
def test_a_spoilt_scheme(right: str, wrong: str, at: str, field: str, reason: str) -> None:
    assert RIGHT.count(right) == 1, "the table must name one place"
    text = RIGHT.replace(right, wrong)
    assert any(
        one["field"] == field and one["line"] == line_of(text, at) and reason in one["reason"]
        for one in problems(text)
    ), problems(text)  # fmt: skip


@pytest.mark.parametrize("part", ["theory", "practical"])
def test_a_pass_mark_above_full_marks(part: str) -> None:
    start = RIGHT.index(f"\n{part}:\n")
    text = RIGHT[:start] + RIGHT[start:].replace("pass_mark: 60", "pass_mark: 100.5", 1)
    (problem,) = problems(text)
    assert problem["field"] == f"{part}.pass_mark"
    assert problem["line"] == line_of(text, "pass_mark: 100.5")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("points: [4.5, 5]", "points: [4, 5]"),  # overlaps the band below
        ("points: [4.5, 5]", "points: [5, 5]"),  # leaves a gap below
        ("points: [5.5, 6]", "points: [5.5, 5.5]"),  # does not reach full points
        ("points: [0, 3.5]", "points: [0.5, 3.5]"),  # does not reach 0
        ("points: [4, 4]", "points: [4.25, 4]"),  # low above high, and off the step
        ("points: [4, 4]", "points: [4]"),
    ],
)
def test_bands_that_overlap_or_leave_gaps(right: str, wrong: str) -> None:
    start = RIGHT.index("- id: J01")
    text = RIGHT[:start] + RIGHT[start:].replace(right, wrong, 1)
    found = problems(text)
    assert all(one["field"].startswith("practical.sheets.junior[0].descriptors") for one in found)
    assert min(abs(one["line"] - line_of(text, wrong)) for one in found) <= 4


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("code: [unclosed\nname: x\n", 2, "does not parse"),
        ("code: PTS\n\tname: x\n", 2, "does not parse"),
        ("", 1, "holds no scheme"),
        ("- a\n- b\n", 1, "holds no scheme"),
        ("a: &one [1]\nb: *one\n", 2, "aliases"),
        ("a: &one [*one]\n", 1, "aliases"),
        ("a: !!python/object:os.system x\n", 1, "cannot be read"),
        ("a: \x00\n", 1, "does not parse"),
    ],
)
def test_what_is_no_scheme_at_all(text: str, line: int, reason: str) -> None:
    (problem, *_) = problems(text)
    assert reason in problem["reason"]
    assert problem["line"] == line


def test_every_problem_is_listed_in_the_order_of_the_file() -> None:
    text = RIGHT.replace("proctor_ratio: 30 ", "proctor_ratio: 0 ").replace("examiner_ratio: 20 ", "examiner_ratio: 0 ")
    found = problems(text)
    assert [one["field"] for one in found] == ["theory.proctor_ratio", "practical.examiner_ratio"]


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_removing_any_line_never_raises_anything_but_a_refusal(data: st.DataObject) -> None:
    lines = RIGHT.splitlines(keepends=True)
    gone = data.draw(st.integers(0, len(lines) - 1))
    with suppress(Refusal):
        read_scheme("".join(lines[:gone] + lines[gone + 1 :]), "scheme.yaml")
