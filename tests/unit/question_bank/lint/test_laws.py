import pytest

from question_bank.lint.numerals import chinese_number
from tests.unit.question_bank.lint.examples import alone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十九", 19),
        ("二十", 20),
        ("一百零三", 103),
        ("一百四十", 140),
        ("一千零三十四", 1034),
        ("一千二百六十", 1260),
        ("55", 55),
        ("一〇三", 103),
    ],
)
def test_numbers_in_chinese(text: str, number: int) -> None:
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("消费者权益保护法 第五十五条", None),
        ("消费者权益保护法 第六十四条", "law_article"),
        ("《民法典》第一千零三十四条", None),
        ("《民法典》第一千二百六十一条", "law_article"),
        ("劳动法 第三十八、四十一、一百零八条", "law_article"),
        ("劳动合同法第九十八条；劳动合同法实施条例第三十八条", None),
        ("劳动合同法实施条例第三十九条", "law_article"),
        ("个人信息保护法 第六条、第七十五条", "law_article"),
        ("合同法 关于违约责任的规定", "law_replaced"),
        ("标准列举合同法，现为民法典合同编", None),
        ("原合同法的规定", None),
        ("劳动合同法 第四十条", None),
        ("工商局的投诉规定", "law_replaced"),
    ],
)
def test_acts_and_their_articles(source: str, rule: str | None) -> None:
    assert alone(source=source) == ({rule} if rule else set())


def test_also_in_what_candidates_read() -> None:
    assert "law_replaced" in alone(stem="按照侵权责任法，座席最恰当的答复是？")
