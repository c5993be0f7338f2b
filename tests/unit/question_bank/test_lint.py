from collections.abc import Sequence
from typing import Any

import pytest

from question_bank.bank_item import BankItem
from question_bank.interchange import FoundItem
from question_bank.lint import by_rule, in_groups, lint
from question_bank.lint_findings import Finding
from question_bank.lint_wording import is_negative
from tests.factories.items import bank_item, statement

SITUATIONS = "赔付审核进度查询改签退订挂失补办投诉催促报修预约开票核对改址换货续保缴费验机选号移机复机过户销户停机"


def found(items: Sequence[BankItem]) -> set[str]:
    """The rules that speak, apart from the coverage that a handful of items never has."""
    return set(by_rule(lint([FoundItem(item, "f.yaml", 1) for item in items]))) - {"coverage"}


def alone(**changes: Any) -> set[str]:
    return found([bank_item("A", **changes)])


def several(keys: str, **changes: Any) -> list[BankItem]:
    """Single-choice items with these keys and stems that have nothing in common."""
    return [
        bank_item(f"A-{number}", key=(key,), stem=SITUATIONS[2 * number : 2 * number + 2] * 9, **changes)
        for number, key in enumerate(keys)
    ]


def test_a_good_item_passes() -> None:
    assert alone() == set()
    assert found([statement("A")]) == set()


@pytest.mark.parametrize(
    "text", ["以上都对", "以上说法均正确", "上述做法都不恰当", "A和B", "以上都不是", "以上各项都是", "都不对"]
)
def test_options_that_stand_for_others(text: str) -> None:
    assert "all_or_none" in alone(options={"A": "甲", "B": "乙", "C": "丙", "D": text})


def test_words_that_only_look_so() -> None:
    assert (
        alone(options={"A": "手上都有名单", "B": "以上月账单为准", "C": "请他等候片刻", "D": "上面查不到记录"}) == set()
    )


@pytest.mark.parametrize(
    ("stem", "negative"),
    [
        ("座席的下列做法中，不恰当的是？", True),
        ("下列各项中，哪一项不属于礼仪要求？", True),
        ("关于保密，下列说法错误的是", True),
        ("客户说：“你们不正确！”座席怎样回应最恰当？", False),
        ("客户不合适地打断座席，座席最恰当的做法是？", False),
    ],
)
def test_a_question_for_what_is_wrong_shows_it(stem: str, negative: bool) -> None:
    assert is_negative(bank_item("A", stem=stem)) == negative
    assert ("negative_not_bold" in alone(stem=stem)) == negative
    for word in ("不恰当", "不属于", "错误"):
        stem = stem.replace(word, f"**{word}**")
    assert "negative_not_bold" not in alone(stem=stem)


def test_a_word_of_the_stem_in_the_key_alone() -> None:
    options = {"A": "先登记来电", "B": "安抚情绪再处理", "C": "请他再打来", "D": "转给组长办"}
    assert "clue_word" in alone(stem="要安抚情绪，座席怎样做？", options=options)
    options["D"] = "不去安抚情绪"
    assert "clue_word" not in alone(stem="要安抚情绪，座席怎样做？", options=options)


def test_absolute_words_in_wrong_options_alone() -> None:
    options = {"A": "任何来电都转", "B": "按规程来转接", "C": "请他再打过来", "D": "记下后回电话"}
    assert "absolute_words" in alone(options=options)
    assert "absolute_words" not in alone(options={**options, "B": "所有转接先说明"})


def test_absolute_words_in_false_statements_alone() -> None:
    stems = [SITUATIONS[2 * n : 2 * n + 2] * 9 for n in range(6)]
    items = [statement(f"A-{n}", "TF"[n % 2], stem=stem + ("一定" if n == 1 else "")) for n, stem in enumerate(stems)]
    assert found(items) == {"absolute_words"}
    items[0] = statement("A-0", "T", stem=stems[0] + "一定")
    assert found(items) == set()


def test_options_of_unlike_length() -> None:
    assert "option_lengths" in alone(options={"A": "甲", "B": "乙乙乙乙乙乙", "C": "丙", "D": "丁"})


def test_keys_in_one_place() -> None:
    assert "key_positions" in found(several("B" * 8))
    assert "key_positions" not in found(several("ABCDABCD"))
    multiple = [
        bank_item(f"M-{n}", type="multiple", key=("A", "B"), stem=SITUATIONS[n * 2 : n * 2 + 2] * 9) for n in range(12)
    ]
    assert "key_positions" in found(multiple)


def test_keys_that_are_the_longest() -> None:
    options = {"A": "甲甲甲", "B": "乙乙乙乙", "C": "丙丙丙", "D": "丁丁丁"}
    assert "key_longest" in found(several("BBBBAACD", options=options))
    assert "key_longest" not in found(several("BBAACCDD", options=options))


def test_statements_nearly_all_true() -> None:
    items = [statement(f"A-{n}", "F" if n == 0 else "T", stem=SITUATIONS[2 * n : 2 * n + 2] * 9) for n in range(10)]
    assert "true_false_balance" in found(items)


def test_too_many_questions_for_what_is_wrong() -> None:
    items = several("ABCDABCD")
    for n in range(2):
        items[n] = bank_item(f"A-{n}", key=items[n].key, stem=items[n].stem + "，**不恰当**的是？")
    assert "negatives" in found(items)


def test_near_duplicates_within_and_across_files() -> None:
    one, two = bank_item("A"), bank_item("B", stem="客户一口气说了五件事，座席最恰当的做法是？")
    findings = lint([FoundItem(one, "a.yaml", 1), FoundItem(two, "b.yaml", 1)])
    [finding] = [one for one in findings if one.rule == "near_duplicate"]
    assert (finding.file, finding.item, finding.params["other"], finding.params["file"]) == (
        "a.yaml",
        "A",
        "B",
        "b.yaml",
    )


def test_enemies_may_be_alike_but_not_the_same() -> None:
    first = bank_item("A", stem="客户一口气说了三件事，座席应当先办哪一件？", enemies=frozenset({"B"}))
    second = bank_item("B", stem="客户一口气说了三件事，组长最该提醒新人什么？")
    assert "near_duplicate" not in found([first, second])
    assert "near_duplicate" in found([bank_item("A", stem=first.stem), second])
    assert "near_duplicate" in found([first, bank_item("B", stem=first.stem)])


def test_coverage_is_asked_of_the_work_contents_that_are_there() -> None:
    findings = [one for one in lint(in_groups([bank_item("A")])) if one.rule == "coverage"]
    assert {one.params["content"] for one in findings} == {"客户服务技巧"}
    assert {one.params["type"] for one in findings} == {"truefalse", "single", "multiple"}


def test_no_finding_tells_a_key() -> None:
    def said(finding: Finding) -> str:
        return finding.message % finding.params

    findings = lint([FoundItem(item, "f.yaml", 1) for item in several("BBBBBBBB")])
    assert findings
    assert not any(bank_item().options["B"] in said(one) for one in findings)
