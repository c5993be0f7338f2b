import pytest

from tests.unit.question_bank.lint.examples import MATERIAL, alone, choice, claim, rules

TABLE = "数据如下表。\n\n| 时段 | 来电 |\n|---|---|\n| 9:00 | 240 |\n\n来电最多的时段是？"
FIVE = {"A": "只办最后一件", "B": "逐件归纳确认", "C": "请他改日再说", "D": "转给值班同事", "E": "挂断后再回拨"}


@pytest.mark.parametrize(
    ("stem", "right"),
    [
        ("座席最恰当的做法是？", True),
        ("座席最恰当的做法是", True),
        ("座席应当先做的事有：", True),
        ("座席最恰当的做法。", False),
        ("座席接起了电话", False),
    ],
)
def test_a_choice_stem_asks(stem: str, right: bool) -> None:
    assert ("stem_end" not in alone(stem=stem)) == right


def test_a_statement_states() -> None:
    assert "stem_end" in rules([claim(stem="座席宜先复述再查询")])
    assert "stem_end" in rules([claim(stem="座席宜先复述再查询？")])
    assert rules([claim(stem="座席宜先说：“请您稍候。”")]) == set()


@pytest.mark.parametrize("stem", ["座席应当（　）客户的来电，再转接？", "座席应先____客户的诉求，之后办理的是？"])
def test_a_gap_in_the_middle(stem: str) -> None:
    assert "stem_gap" in alone(stem=stem)


def test_a_gap_at_the_end_is_an_unfinished_sentence() -> None:
    assert "stem_gap" not in alone(stem="客户一口气说了三件事，座席最恰当的做法是（　）。")


@pytest.mark.parametrize(
    ("kind", "stem", "rule"),
    [
        ("multiple", "下列做法中合适的有哪两项？", "count_told"),
        ("multiple", "处理时应当做到的有（选三项）？", "count_told"),
        ("multiple", "处理时最合适的是哪一项？", "number_cue"),
        ("single", "处理时合适的做法有哪些？", "number_cue"),
        ("multiple", "处理时合适的做法有哪些？", None),
        ("single", "两人的分歧集中在哪两类之间？", None),
    ],
)
def test_grammar_does_not_count_the_right_options(kind: str, stem: str, rule: str | None) -> None:
    key = ("A", "B") if kind == "multiple" else ("B",)
    assert rules([choice(type=kind, stem=stem, options=FIVE, key=key)]) == ({rule} if rule else set())


def test_items_are_answered_alone() -> None:
    assert "stem_leans" in alone(stem="承接上一题，座席下一步应当做的是？")
    assert "stem_leans" not in alone(stem="草稿中的第2题最需要修改，是因为它？")


def test_material_that_is_spoken_of_is_there() -> None:
    assert "no_material" in alone(stem="根据上述材料，座席最恰当的做法是？")
    assert "no_material" not in alone(stem="根据上述材料，座席最恰当的做法是？", stimulus=MATERIAL, case=True)
    assert "no_material" not in alone(stem=TABLE)
    assert "no_material" not in alone(stem="座席填好登记表，再请客户核对。之后最恰当的做法是？")


def test_a_stem_too_long() -> None:
    assert "stem_long" in alone(stem="客户说了很多话，" * 40 + "座席最恰当的做法是？")
