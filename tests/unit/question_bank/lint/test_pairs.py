from dataclasses import replace

import pytest

from question_bank.bank_item import BankItem
from question_bank.interchange import FoundItem
from question_bank.lint import lint, propose_enemies
from question_bank.lint.pairs import Why
from tests.unit.question_bank.lint.examples import MATERIAL, SITUATIONS, choice, rules, stem


def found(*items: BankItem) -> list[FoundItem]:
    return [FoundItem(item, "f.yaml", 1) for item in items]


def test_near_duplicates_within_and_across_files() -> None:
    one, two = choice("A"), choice("B", stem="客户一口气说了五件事，座席最恰当的做法是？")
    findings = lint([FoundItem(one, "a.yaml", 1), FoundItem(two, "b.yaml", 1)])
    [finding] = [one for one in findings if one.rule == "near_duplicate"]
    said = (finding.file, finding.item, finding.params["other"], finding.params["file"])
    assert said == ("a.yaml", "A", "B", "b.yaml")


def test_enemies_may_be_alike_but_not_the_same() -> None:
    first = choice("A", stem="客户一口气说了三件事，座席应当先办哪一件？", enemies=frozenset({"B"}))
    second = choice("B", stem="客户一口气说了三件事，组长最该提醒新人什么？")
    assert "near_duplicate" not in rules([first, second])
    assert "near_duplicate" in rules([choice("A", stem=first.stem), second])
    assert "near_duplicate" in rules([first, choice("B", stem=first.stem)])


def test_other_data_make_another_question() -> None:
    asked = "照此计算，上午的服务水平约为？"
    other = replace(MATERIAL, id="C02", text="门诊预约窗口昨天来了九十位老人，其中六十位由家属陪同，平均等候十一分钟。")
    unlike = {"A": "七成", "B": "八成", "C": "九成", "D": "十成"}
    items = [choice("A", stem=asked, stimulus=MATERIAL), choice("B", stem=asked, stimulus=other, options=unlike)]
    assert "near_duplicate" not in rules(items)
    assert "near_duplicate" in rules([replace(one, stimulus=MATERIAL) for one in items])


def test_the_same_answers_to_other_words() -> None:
    long = {key: SITUATIONS[8 * n : 8 * n + 8] * 2 for n, key in enumerate("ABCD")}
    shuffled = dict(zip("ABCD", reversed(long.values()), strict=True))
    items = [choice("A", stem=stem(20), options=long), choice("B", stem=stem(21), options=shuffled, key=("C",))]
    assert "near_duplicate" in rules(items)


@pytest.mark.parametrize(
    ("changes", "proposed"),
    [
        ({}, True),
        ({"enemies": frozenset({"A"})}, False),
        ({"level": "senior", "row": "十", "content": "绩效管理"}, False),
    ],
)
def test_pairs_to_look_at(changes: dict[str, object], proposed: bool) -> None:
    second = choice("B", stem="客户一口气说了三件事，组长此时最该提醒新人什么？", **changes)
    pairs = propose_enemies(found(choice("A"), second))
    assert [(pair.one.item.id, pair.other.item.id, pair.why) for pair in pairs] == [("A", "B", Why.STEMS)] * proposed


def test_items_of_one_material_are_no_enemies() -> None:
    items = [replace(one, stimulus=MATERIAL) for one in (choice("A"), choice("B"))]
    assert propose_enemies(found(*items)) == []


def test_an_item_that_tells_the_answer_of_another() -> None:
    asked = choice(
        "A", options={"A": "只办最后一件", "B": "先做满意度回访调查", "C": "请他改日再说", "D": "转给值班同事"}
    )
    unlike = {"A": "增加参评率", "B": "缩短问卷", "C": "更换渠道", "D": "提前时点"}
    teller = choice("B", stem="中心改进了满意度回访调查，" + stem(9), options=unlike)
    [pair] = propose_enemies(found(asked, teller))
    assert (pair.one.item.id, pair.other.item.id, pair.why, pair.percent) == ("A", "B", Why.TOLD, None)
