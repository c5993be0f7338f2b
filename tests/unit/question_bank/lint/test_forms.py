from decimal import Decimal
from typing import Any

import pytest

from question_bank.item_content import Criterion
from tests.unit.question_bank.lint.examples import alone

PAIRS = {"1": "客户催单", "2": "客户退货", "A": "查物流进度", "B": "发退货地址", "C": "改收货时间"}
STEPS = {"A": "倾听诉求", "B": "核对身份", "C": "给出方案", "D": "确认满意"}


def fill(stem: str, *key: str) -> set[str]:
    return alone(type="fill", stem=stem, options={}, key=key)


def test_gaps() -> None:
    assert fill("铃响____声之内应接起电话。", "三 | 3") == set()
    assert fill("____声之内应接起电话。", "三 | 3") == {"fill_opens"}
    assert fill("铃响____声之内应接起电话。", "三 | 3 | ３") == {"fill_forms"}
    assert fill("通话中先____再____，接着____、____，最后____。", "听", "问", "查", "答", "谢") == {"fill_gaps"}
    assert fill("复述确认就是把客户的话____一遍给客户听。", "复述") == {"fill_told"}
    assert fill("铃响____秒之内应接起电话。", "15 | 15秒") == {"fill_unit"}
    assert fill("本周处理时长为____秒。", " | ".join(map(str, range(100, 113)))) == {"fill_forms"}


def test_matching() -> None:
    def match(**changes: Any) -> set[str]:
        return alone(
            **{
                "type": "matching",
                "stem": "请为每种来电选出首先要做的事。",
                "options": PAIRS,
                "key": ("1-A", "2-B"),
                **changes,
            }
        )

    assert match() == set()
    two = {key: text for key, text in PAIRS.items() if key != "C"}
    assert match(options=two) == {"matching_last"}
    assert match(options=two, key=("1-A", "2-A")) == set()
    many = {str(n): f"第{n}种来电" for n in range(1, 10)} | {"A": "先查单", "B": "先致歉"}
    assert match(options=many, key=tuple(f"{n}-A" for n in range(1, 10))) == {"matching_long"}


@pytest.mark.parametrize(("key", "rule"), [("BADC", None), ("ABCD", "ordering_given")])
def test_ordering(key: str, rule: str | None) -> None:
    found = alone(type="ordering", stem="请排出处理来电的先后次序。", options=STEPS, key=tuple(key))
    assert found == ({rule} if rule else set())


def test_ordering_too_many_steps() -> None:
    steps = dict(zip("ABCDEFGHI", "甲乙丙丁戊己庚辛壬", strict=True))
    assert alone(type="ordering", stem="请排出先后次序。", options=steps, key=tuple("BACDEFGHI")) == {"ordering_steps"}


def test_open_answers() -> None:
    def answer(*points: int) -> set[str]:
        criteria = tuple(Criterion(f"第{n}点说清楚", Decimal(one)) for n, one in enumerate(points))
        return alone(type="open", stem="请写出给客户的答复。", options={}, key=(), criteria=criteria, seconds=600)

    assert answer(6, 6, 6) == set()
    assert answer(18) == {"open_criteria"}
    assert answer(16, 2) == {"open_weights"}
