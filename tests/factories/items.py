"""Items as authors write them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from question_bank.bank_item import BankItem

EXAMPLE = BankItem(
    id="X-001",
    scheme="PTS152010301-01",
    level="junior",
    row="五",
    content="客户服务技巧",
    type="single",
    point="倾听技巧",
    difficulty=Decimal("0.650"),
    stem="客户一口气说了三件事，座席最恰当的做法是？",
    key=("B",),
    rationale="先归纳再逐一处理，才不会遗漏。",
    source="标准 3.1（五）",
    options={"A": "只办最后一件", "B": "逐件归纳确认", "C": "请他改日再说", "D": "转给值班同事"},
    author="题库编写组",
    status="starter bank",
)


def bank_item(code: str = "X-001", **changes: Any) -> BankItem:
    return replace(EXAMPLE, id=code, **changes)


def statement(code: str, key: str = "T", **changes: Any) -> BankItem:
    return replace(EXAMPLE, id=code, type="truefalse", options={}, key=(key,), **changes)
