import pytest

from question_bank.lint.negation import is_negative, negations
from tests.unit.question_bank.lint.examples import alone, choice, claim, rules


@pytest.mark.parametrize(
    ("stem", "negative"),
    [
        ("座席的下列做法中，不恰当的是？", True),
        ("下列各项中，哪一项不属于礼仪要求？", True),
        ("关于保密，下列说法错误的是？", True),
        ("客户说：“你们不正确！”座席怎样回应最恰当？", False),
        ("客户不合适地打断座席，座席最恰当的做法是？", False),
    ],
)
def test_a_question_for_what_is_wrong_shows_it(stem: str, negative: bool) -> None:
    assert is_negative(choice(stem=stem)) == negative
    assert ("negative_not_bold" in alone(stem=stem)) == negative
    for word in ("不恰当", "不属于", "错误"):
        stem = stem.replace(word, f"**{word}**")
    assert "negative_not_bold" not in alone(stem=stem)


@pytest.mark.parametrize(
    ("stem", "twice"),
    [
        ("座席不能不核对身份就告知余额。", True),
        ("没有一位客户不希望被尊重。", True),
        ("座席并非不可以先挂电话。", True),
        ("系统卡顿时，座席不得不请客户稍候。", False),
        ("客户说：“我不是不讲理的人。”座席宜先认同其感受。", False),
        ("座席没有听清时，不要凭猜测登记。", False),
    ],
)
def test_two_negations_at_once(stem: str, twice: bool) -> None:
    assert ("double_negative" in rules([claim(stem=stem)])) == twice


@pytest.mark.parametrize(
    ("stem", "count"), [("不必核对，也没有记录。", 2), ("不仅要听，还要记。", 0), ("客户不满时先倾听。", 0)]
)
def test_set_phrases_do_not_negate(stem: str, count: int) -> None:
    assert negations(stem) == count
