"""Items in which the linter finds nothing, to be spoiled one way at a time."""

from collections.abc import Sequence
from typing import Any

from question_bank.bank_item import BankItem
from question_bank.interchange import FoundItem
from question_bank.lint import Finding, by_rule, lint
from question_bank.stimuli import Stimulus
from tests.factories.items import bank_item, statement

SITUATIONS = "赔付审核进度查询改签退订挂失补办投诉催促报修预约开票核对改址换货续保缴费验机选号移机复机过户销户停机"
REASONS = (
    "先后次序不能由座席替客户定",
    "这样会漏掉客户说过的事",
    "推给以后等于没有受理",
    "转接之前应先听完诉求",
    "客户还要再说一遍",
)
MATERIAL = Stimulus("C01", "某热线上午数据", "某热线上午接到三百通来电，二十秒内接起二百四十通，放弃了六通。")


def choice(code: str = "A", **changes: Any) -> BankItem:
    """A choice item with a reason for each wrong option."""
    item = bank_item(code, **changes)
    wrong = [option for option in item.options if option not in item.key]
    changes.setdefault("feedback", dict(zip(wrong, REASONS, strict=False)))
    return bank_item(code, **changes)


def claim(code: str = "A", key: str = "T", **changes: Any) -> BankItem:
    return statement(code, key, **{"stem": "客户报出单号后，座席宜先复述一遍再查询。", "seconds": 30, **changes})


def stem(number: int) -> str:
    """Stems that have nothing in common."""
    return SITUATIONS[2 * number : 2 * number + 2] * 9 + "？"


def several(keys: str, **changes: Any) -> list[BankItem]:
    return [choice(f"A-{number}", key=(key,), stem=stem(number), **changes) for number, key in enumerate(keys)]


def claims(truths: str, ending: str = "") -> list[BankItem]:
    return [claim(f"A-{number}", key, stem=stem(number)[:-1] + ending + "。") for number, key in enumerate(truths)]


def findings(items: Sequence[BankItem], whole: bool = False) -> list[Finding]:
    return lint([FoundItem(item, "f.yaml", 1) for item in items], whole)


def rules(items: Sequence[BankItem]) -> set[str]:
    """The rules that speak, apart from the coverage that a handful of items never has."""
    return set(by_rule(findings(items))) - {"coverage"}


def alone(**changes: Any) -> set[str]:
    return rules([choice(**changes)])
