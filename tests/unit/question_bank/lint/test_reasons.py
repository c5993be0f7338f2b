import pytest

from tests.unit.question_bank.lint.examples import alone, claim, rules

FEEDBACK = {"A": "客户说的不止这一件事", "C": "推给以后等于没有受理", "D": "转接之前应先听完诉求"}


def test_every_wrong_option_has_its_reason() -> None:
    assert alone(feedback=FEEDBACK) == set()
    assert alone(feedback={}) == {"feedback_missing"}
    assert alone(feedback={"A": FEEDBACK["A"], "C": FEEDBACK["C"]}) == {"feedback_missing"}
    assert alone(feedback={**FEEDBACK, "B": "归纳确认才不会漏掉"}) == {"feedback_for_key"}
    assert rules([claim()]) == set()


@pytest.mark.parametrize("text", ["错误", "不正确。", "该说法错误", "不妥"])
def test_a_reason_says_why(text: str) -> None:
    assert "feedback_empty" in alone(feedback={**FEEDBACK, "D": text})


def test_a_reason_of_its_own() -> None:
    assert alone(feedback={**FEEDBACK, "D": FEEDBACK["A"]}) == {"feedback_repeated"}


@pytest.mark.parametrize(
    "text",
    [
        "选项A漏掉了客户的其他诉求。",
        "B项先归纳再处理，所以正确。",
        "故选B，先归纳再处理。",
        "答案为B，先归纳再处理。",
        "第二个选项先归纳再处理。",
        "A、C两项都漏掉了诉求。",
    ],
)
def test_options_are_named_by_what_they_say(text: str) -> None:
    assert "letter_named" in alone(rationale=text)


@pytest.mark.parametrize(
    "text",
    [
        "A类客户先办，其他诉求随后。",
        "用 A/B 测试比较两种话术即可。",
        "先做 KPI 项目的归纳，再逐一处理。",
        "B超单据由医院出具，座席只登记。",
        "甲、乙两项都要逐一核对清楚。",
    ],
)
def test_letters_that_name_no_option(text: str) -> None:
    assert alone(rationale=text) == set()


def test_a_rationale_too_short() -> None:
    assert alone(rationale="先归纳。") == {"rationale_short"}
