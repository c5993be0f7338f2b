"""Negatives: a question for what is wrong says so in bold, and nobody has to undo two negations at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.lint.findings import Mark
from question_bank.lint.texts import CHOICES, plain, unspoken

_NEGATIVE = re.compile(
    r"不(?:正确|恰当|属于|合适|合宜|妥当?|适宜|适当|宜|包括|包含|符合|合理|可取|准确|规范|利于|应当?|该|能|可以|是)|错误|有误|欠妥"
)
_ASKED = re.compile(
    r"[^，。；：？！“”]*的是[？：]?$|[^，。；：？！“”]*(?:哪一?[项种些个句]|是什么|是)[^，。；：？！“”]*[？：]$"
)
_BOLD = re.compile(r"\*\*.+?\*\*")
_NEGATION = re.compile(r"不|没有|未|无(?!论|人机|线|锡|障碍|损)|并非|勿")
_FIXED = re.compile(
    r"不(?:但|仅|论|管|同|满|足|断|过|久|妨|良|当得利|动产|少|安|适|便|稳定|确定|可抗力|合格|达标|文明|实|明|规则|等)"
    r"|[差时对会能是要有行](?:不(?:多|时|起|会|能|是|要))|未(?:来|成年|必)|无(?:效|限|形|理|奈|故|关|法)|只不过|要不|好不|并不?意味"
)
_TWICE = re.compile(
    r"不能不|不会不|不可不|不可能不|不是不|不应不|不应当不|不该不|不必不|无不|莫不|没有不|没有[^，。；]{1,6}不|并非不|并非没有|不是没有|不无"
    r"|非[^，。；]{1,8}不可|不(?:应|应当|能|可|可以|得|该)(?:未|没有)"
)


def check(item: BankItem) -> Iterator[Mark]:
    if is_negative(item) and not any(_NEGATIVE.search(bold) for bold in _BOLD.findall(item.stem)):
        message = N_("The stem asks for what is wrong without showing so; set the negative word in **bold**.")
        yield Mark("negative_not_bold", message)
    if found := _TWICE.search(unspoken(plain(item.stem))):
        message = N_("“%(words)s” negates twice; say it straight.")
        yield Mark("double_negative", message, {"words": found.group()})


def is_negative(item: BankItem) -> bool:
    """The question asks for what is wrong."""
    if item.type not in CHOICES:
        return False
    asked = _ASKED.search(unspoken(plain(item.stem)))
    return bool(item.options and asked and _NEGATIVE.search(asked.group()))


def negations(text: str) -> int:
    """How often a statement negates, set phrases such as “不仅” not counted."""
    return len(_NEGATION.findall(_FIXED.sub("", unspoken(plain(text)))))
