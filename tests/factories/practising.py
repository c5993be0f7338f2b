"""A bank to practise with, and people who do."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from question_bank.bank_item import BankItem
from question_bank.items import keep_items
from tests.factories.theory import LEVEL, SCHEME

KEYS = {"truefalse": ("T",), "single": ("B",), "multiple": ("A", "C")}
PLACES = (("二", "安全生产知识"), ("三", "计算机知识"), ("五", "客户服务技巧"))


def item(number: int, kind: str, use: str = "practice") -> BankItem:
    row, content = PLACES[number % len(PLACES)]
    options = {} if kind == "truefalse" else {one: f"{one} of {kind} {number}" for one in "ABCD"}
    wrong = {one: f"why {one} is wrong" for one in options if one not in KEYS[kind]}
    return BankItem(
        id=f"P-{kind[:2].upper()}-{number:03}", scheme=SCHEME, level=LEVEL, row=row, content=content, type=kind,
        point="point", difficulty=Decimal("0.6"), stem=f"{kind} {number}", key=KEYS[kind], rationale="because",
        source="test", options=options, feedback=wrong, use=use,
    )  # fmt: skip


def bank(session: Session, each: int = 30) -> list[BankItem]:
    """So many practice items of every type of the junior paper."""
    items = [item(number, kind) for kind in KEYS for number in range(each)]
    keep_items(session, SYSTEM, items)
    session.commit()
    return items
