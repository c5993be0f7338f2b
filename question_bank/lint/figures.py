"""Figures that cannot be: shares above the whole, minute 75, the 31st of June."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from unicodedata import normalize

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.lint.findings import Mark
from question_bank.lint.texts import told_field, with_figures

LEAP_YEAR = 2024
_PERCENT = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*%")
_MAY_EXCEED = re.compile(
    r"增|升|涨|提高|多出|超|达成|完成|效率|上限|封顶|工时|定额|延时|加班|同比|环比|相当于"
    r"|倍|负荷|溢|扣|目标|基数|权重|系数|薪|工资|报酬|预算|覆盖率|回报|÷|/|ROI|偏差|误差"
)
_CLOCK = re.compile(r"(?<![\d.:/])(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])")
_TIME_WORDS = re.compile(r"(?<![\d.])(\d{1,2})\s*[点时]\s*(\d{1,2})\s*分(?!之)")
_MINUTE_SECOND = re.compile(r"(?<![\d.])\d+\s*分钟?\s*(\d{1,3})\s*秒")
_HOUR_MINUTE = re.compile(r"(?<![\d.])\d+\s*(?:个)?小时\s*(\d{1,3})\s*分")
_DATE = re.compile(r"(?:(\d{4})\s*年)?\s*(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_MONTH = re.compile(r"(?<![\d.,，、～~\-至到—])(\d{1,3})\s*月(?:份|底|初|中旬|上旬|下旬|末)")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)")


def check(item: BankItem) -> Iterator[Mark]:
    for name, text in with_figures(item):
        told = told_field(name)
        yield from in_text(text, told, item.stem if told == "options" else "")


def in_text(text: str, name: str, around: str = "") -> Iterator[Mark]:
    """`around`: what else says whether a share may be more than the whole."""
    text = normalize("NFKC", text)
    for words in _impossible(text):
        message = N_("“%(words)s” (%(field)s) cannot be; check the figure and its unit.")
        yield Mark("figure_impossible", message, {"words": words, "field": name})
    for found in (_MOBILE.search(text), _IDENTITY.search(text)):
        if found:
            message = N_("%(field)s holds what may be a real person's number; write it with asterisks.")
            yield Mark("personal_number", message, {"field": name})
    for share in _PERCENT.finditer(text) if name != "feedback" else ():
        near = around + text[max(0, share.start() - 40) : share.end() + 15]
        if float(share[1]) > 100 and not _MAY_EXCEED.search(near):
            message = N_("%(words)s (%(field)s) is more than the whole; check it.")
            yield Mark("share_above_whole", message, {"words": share.group(), "field": name})


def _impossible(text: str) -> Iterator[str]:
    for found in _CLOCK.finditer(text):
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if minute > 59 or second > 59 or hour > 24 or (hour == 24 and minute):
            yield found.group()
    for found in _TIME_WORDS.finditer(text):
        if int(found[1]) > 24 or int(found[2]) > 59 or (found[1] == "24" and int(found[2])):
            yield found.group()
    for pattern in (_MINUTE_SECOND, _HOUR_MINUTE):
        yield from (found.group() for found in pattern.finditer(text) if int(found[1]) > 59)
    for found in _DATE.finditer(text):
        year, month, day = int(found[1] or LEAP_YEAR), int(found[2]), int(found[3])
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
            yield found.group()
    yield from (found.group() for found in _MONTH.finditer(text) if not 1 <= int(found[1]) <= 12)
