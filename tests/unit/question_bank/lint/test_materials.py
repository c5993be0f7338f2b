from dataclasses import replace

import pytest

from question_bank.interchange import FoundItem
from question_bank.lint import lint
from question_bank.stimuli import Stimulus
from tests.unit.question_bank.lint.examples import MATERIAL, choice, findings, rules, stem


def members(count: int, material: Stimulus = MATERIAL, row: str = "五", case: bool = True) -> set[str]:
    return rules([choice(f"S-{n}", stem=stem(n), stimulus=material, row=row, case=case) for n in range(count)])


@pytest.mark.parametrize(("count", "right"), [(1, False), (2, True), (5, True), (6, False)])
def test_two_to_five_items(count: int, right: bool) -> None:
    assert ("set_size" not in members(count)) == right


def test_one_item_may_hear_a_recording() -> None:
    heard = replace(MATERIAL, audio="a.ogg", plays=2)
    assert members(1, heard) == set()


def test_items_of_one_material_stand_together_and_weigh_a_case() -> None:
    apart = [
        choice("S-1", stem=stem(1), stimulus=MATERIAL, case=True),
        choice("S-2", stem=stem(2), stimulus=MATERIAL, level="senior", row="十", content="绩效管理"),
    ]
    assert rules(apart) == {"set_apart"}
    assert members(2, case=False) == {"set_case"}


def test_material_is_looked_at_once_and_named() -> None:
    long = replace(MATERIAL, text="某热线上午接到三百通来电，" * 60 + "放弃了六通,")
    said = [
        one
        for one in findings([choice(f"S-{n}", stem=stem(n), stimulus=long, case=True) for n in range(2)])
        if one.rule != "coverage"
    ]
    assert {(one.rule, one.item) for one in said} == {("set_long", "C01"), ("half_width", "C01")}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("数据：\n\n| 时段 | 来电 |\n|---|---|\n| 9:00 | 240 |", True),
        ("数据：\n\n| 时段 | 来电 |\n| 9:00 | 240 |", False),
        ("数据：\n\n| 时段 | 来电 |\n|---|---|\n| 9:00 | 240 | 6 |", False),
        ("数据：\n\n| 时段 | 来电 |\n|---|---|\n| 9:00 | 240", False),
        ("9:00 来电 240 通。|", False),
    ],
)
def test_tables_are_whole(text: str, right: bool) -> None:
    assert ("table_form" not in members(2, replace(MATERIAL, text=text))) == right
    assert ("table_form" not in rules([choice(stem=f"{text}\n\n来电最多的时段是？")])) == right


def test_two_materials_nearly_the_same() -> None:
    twin = replace(MATERIAL, id="C02", text=MATERIAL.text.replace("上午", "下午"))
    items = [
        choice(f"S-{n}", stem=stem(n), stimulus=one, case=True)
        for n, one in enumerate((MATERIAL, MATERIAL, twin, twin))
    ]
    [finding] = [one for one in lint([FoundItem(item, "f.yaml", 1) for item in items]) if one.rule == "set_alike"]
    assert (finding.item, finding.params["other"]) == ("C02", "C01")
