import pytest

from tests.unit.question_bank.lint.examples import alone, choice, rules, several, stem

OPTIONS = {"A": "先登记来电", "B": "安抚情绪再处理", "C": "请他再打来", "D": "转给组长办"}


def test_a_word_of_the_stem_in_the_key_alone() -> None:
    assert "clue_word" in alone(stem="要安抚情绪，座席怎样做？", options=OPTIONS)
    assert "clue_word" not in alone(stem="要安抚情绪，座席怎样做？", options={**OPTIONS, "D": "不去安抚情绪"})


@pytest.mark.parametrize("words", ["的客户", "份评价", "了一个", "是不会", "和通话"])
def test_empty_words_are_no_clue(words: str) -> None:
    given = {**OPTIONS, "B": f"先记下{words}再办"}
    assert "clue_word" not in alone(stem=f"就{words}而言，座席怎样做？", options=given)


def test_words_of_the_trade_are_no_clue() -> None:
    """What many stems say points nowhere."""
    given = choice("X", stem="关于工单流转，座席怎样做？", options={**OPTIONS, "B": "按工单流转去办"})
    assert "clue_word" in rules([given])
    others = [choice(f"A-{n}", stem=f"{stem(n)[:8]}工单流转？") for n in range(6)]
    assert "clue_word" not in rules([given, *others])


def test_every_right_option_of_a_multiple_choice() -> None:
    given = {"A": "登记诉求内容", "B": "核对诉求内容", "C": "请他再打来", "D": "转给组长办"}
    said = {"stem": "弄清诉求内容时，座席应当做的有？", "options": given, "type": "multiple"}
    assert "clue_word" in alone(**said, key=("A", "B"))
    assert "clue_word" not in alone(**said, key=("A", "D"))


def test_many_items_at_once() -> None:
    assert "clue_word" not in rules(several("ABCDABCD"))
