"""Every figure and name of the scheme, held against the facts read out of the published documents."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.schemes.reading import read_marked
from app.schemes.scheme import Level, scheme

CODE = "PTS152010301-01"
DATA = Path(__file__).parents[3] / "data" / "facts.yaml"
LEVELS = ("junior", "intermediate", "senior")


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    # Not yaml.safe_load: in YAML 1.1 the key `no` of the rows would be read as False.
    found: dict[str, Any] = read_marked(DATA.read_text(encoding="utf-8")).data
    return found["pts152010301-01"]


def level(code: str) -> Level:
    return scheme(CODE).level(code)


def test_what_the_scheme_is_called(facts: dict[str, Any]) -> None:
    one = scheme(CODE)
    assert (one.code, one.name) == (facts["code"], facts["name"])
    assert {found.code: found.name for found in one.levels} == facts["levels"]
    assert one.higher_level_covers_lower is facts["higher_level_covers_lower"]
    assert [content.name for content in one.basic_knowledge] == facts["basic_knowledge"]


def test_each_part_passes_on_its_own(facts: dict[str, Any]) -> None:
    passes_when = scheme(CODE).passes_when
    assert passes_when.replace("pass_mark", str(facts["theory"]["pass_mark"])) == facts["passes_when"]
    assert facts["theory"]["pass_mark"] == facts["practical"]["pass_mark"]


@pytest.mark.parametrize("code", LEVELS)
def test_theory(code: str, facts: dict[str, Any]) -> None:
    part = level(code).theory
    assert {
        "mode": part.mode,
        "minutes": part.minutes,
        "full_marks": part.full_marks,
        "pass_mark": part.pass_mark,
        "proctor_ratio": part.proctor_ratio,
    } == facts["theory"]
    rows = [{"no": row.no, "name": row.name, "group": row.group, code: row.weight} for row in part.rows]
    keys = ("no", "name", "group", code)
    assert rows == [{key: row[key] for key in keys} for row in facts["theory_proportions"]["rows"]]
    assert sum(row.weight for row in part.rows) == facts["theory_proportions"]["totals"][code]


@pytest.mark.parametrize("code", LEVELS)
def test_practical(code: str, facts: dict[str, Any]) -> None:
    part = level(code).practical
    assert {
        "mode": part.mode,
        "minutes": part.minutes,
        "full_marks": part.full_marks,
        "pass_mark": part.pass_mark,
        "examiner_ratio": part.examiner_ratio,
        "examiners_at_least": part.examiners_at_least,
        "site_must_have": list(part.site_must_have),
    } == facts["practical"]
    rows = [{"no": row.no, "name": row.name, code: row.weight} for row in part.rows]
    assert rows == [{key: row[key] for key in ("no", "name", code)} for row in facts["practical_proportions"]["rows"]]
    assert sum(row.weight for row in part.rows) == (facts["practical_proportions"]["totals"][code] or 0)


@pytest.mark.parametrize("code", LEVELS)
def test_admission_and_training(code: str, facts: dict[str, Any]) -> None:
    one = level(code)
    named = {"any_of": list(one.eligibility.any_of), "all_of": list(one.eligibility.all_of)}
    assert {group: conditions for group, conditions in named.items() if conditions} == facts["eligibility"][code]
    assert one.training_hours == facts["training_hours_at_least"][code]
    assert list(one.training_modes) == facts["training_mode"][code]
    assert one.teachers_at_least == facts["teachers_at_least"][code]
    assert [content.name for content in one.work_contents] == facts["work_contents"][code]


def test_prerequisites_follow_from_the_conditions() -> None:
    assert [level(code).prerequisite for code in LEVELS] == [None, "junior", "intermediate"]
    assert [level(code).needs_recommendation for code in LEVELS] == [False, False, True]


def test_there_are_sixteen_decisions_each_with_words_in_both_languages() -> None:
    decisions = scheme(CODE).body_decisions
    assert len(decisions) == 16
    assert all(
        one.decision and one.decision_en and one.reason and one.reason_en and one.values is not None
        for one in decisions
    )  # fmt: skip


@pytest.mark.parametrize("code", LEVELS)
def test_decided_figures(code: str) -> None:
    one = level(code)
    paper = one.theory.paper
    assert [(kind, form.count, form.marks) for kind, form in paper.types.items()] == [
        ("truefalse", 20, 1), ("single", 60, 1), ("multiple", 10, 2),
    ]  # fmt: skip
    assert (paper.items(), paper.partial_credit) == (90, False)
    assert one.theory.late_entry == one.theory.hand_in_hold == timedelta(minutes=30)
    assert one.theory.grace == timedelta(seconds=10)
    drawing = one.theory.drawing
    assert (drawing.exposure_cap, drawing.difficulty_window, drawing.time_window) == (50, Decimal("0.5"), 3)
    assert (one.practical.gap, one.practical.max_first, one.practical.max_second) == (Decimal(10), 20, 20)
    timetable = one.practical.timetable
    assert (timetable.attend_minutes, timetable.rest_minutes, timetable.gap_minutes) == (120, 10, 2)
    assert (one.part_valid_months, one.certificate_valid_months) == (12, None)


def test_junior_areas() -> None:
    sheet = level("junior").practical.sheet
    assert {area.name: area.points for area in sheet.areas} == {
        "服务意识与服务礼仪": 20,
        "客户服务技巧": 40,
        "客户营销技巧": 20,
        "压力与情绪管理": 20,
    }
    assert 12 <= len(sheet.criteria) <= 16


@pytest.mark.parametrize("code", LEVELS)
def test_sheets(code: str) -> None:
    sheet = level(code).practical.sheet
    assert sheet.full_points() == level(code).practical.full_marks
    assert any(criterion.critical for criterion in sheet.criteria)
    for criterion in sheet.criteria:
        assert [one.grade for one in criterion.descriptors] == ["优", "良", "中", "差"]
        assert criterion.descriptors[0].high == criterion.points
        assert all(one.text and one.text_en for one in criterion.descriptors)


@pytest.mark.parametrize(
    ("code", "row", "contents"),
    [
        ("junior", "一", ["职业素养", "专业基础知识", "工作常用常识", "企业文化知识"]),
        ("junior", "二", ["法律规范", "安全生产知识"]),
        ("junior", "五", ["呼叫中心服务概况", "服务意识与服务礼仪", "客户服务技巧"]),
        ("intermediate", "九", ["客户服务与客户维护"]),
        ("senior", "十", ["指标管理及数据分析", "岗位的关键职能", "客户满意度", "绩效管理"]),
    ],
)
def test_coverage(code: str, row: str, contents: list[str]) -> None:
    assert list(level(code).theory.row(row).contents) == contents
