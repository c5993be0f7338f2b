"""Sums that an item shows, calculated again: equations in its reasons, totals in its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation
from unicodedata import normalize

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.item_text import Table, Words, blocks
from question_bank.lint.findings import Mark
from question_bank.lint.texts import told_field, with_figures

_SIGNS = str.maketrans({"＋": "+", "－": "-", "−": "-", "–": "-", "×": "*", "÷": "/", "＊": "*", "≈": "=", "≒": "="})
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TERM = rf"\(*\s*-?(?:{_NUMBER})\s*%?\s*\)*"
_EXPRESSION = rf"{_TERM}(?:\s*[+\-*/]\s*{_TERM})*"
_CHAIN = re.compile(rf"{_EXPRESSION}(?:\s*=\s*{_EXPRESSION})+")
_UNITS = "个百分点 万元 元 件 通 次 人 户 秒 分钟 小时 天 日 月 年 个 条 张 份 单 台 席 点 分 票 家 名 位 套 组 时"
_UNIT = re.compile(rf"(?<=[\d%)])\s*(?:{'|'.join(_UNITS.split())})(?=\s*[+\-*/=)]|$|\s*[，。；、])")
_NOTE = re.compile(r"(?<=[\d\u4e00-\u9fff%])\s*\([^()+*/=]*\)")
"""What stands in brackets behind a figure without a sign of calculation explains the figure."""
_TOKEN = re.compile(rf"\s*({_NUMBER}|[()+\-*/%])")
_TOTAL = re.compile(r"^(?:合计|总计|共计|小计|总和|合　计)$")
_NOT_ADDED = re.compile(r"率|平均|均|占比|比例|%|评分|得分|时长|指数|度|单价|速度|人均|水平")
ROUNDING = Decimal("0.012")
"""Results are told rounded: to about one part in a hundred at worst, or to the last digit shown."""


def check(item: BankItem) -> Iterator[Mark]:
    for name, text in with_figures(item):
        yield from _equations(text, told_field(name))
    if "|" in item.stem:
        yield from totals(item.stem)


def totals(text: str) -> Iterator[Mark]:
    """A column's total is the sum of what stands above it."""
    for block in blocks(text):
        if isinstance(block, Table):
            yield from _columns(block)


def _equations(text: str, name: str) -> Iterator[Mark]:
    if "＝" not in text and "=" not in text and "≈" not in text:
        return
    said = normalize("NFKC", text.replace("，", "；")).translate(_SIGNS)
    said = _UNIT.sub("", _NOTE.sub("", said))
    for chain in _CHAIN.finditer(said):
        if _joined(said, chain.start(), chain.end()):
            continue
        sides = [one.strip() for one in chain.group().split("=")]
        values = [_value(side) for side in sides]
        for (one, first), (other, second) in zip(
            zip(sides, values, strict=True), list(zip(sides, values, strict=True))[1:], strict=False
        ):
            if first is not None and second is not None and not _agree(first, second, one, other):
                message = N_("“%(words)s” (%(field)s) does not come out; calculate it again.")
                yield Mark("sum_wrong", message, {"words": f"{one}={other}", "field": name})


def _joined(text: str, start: int, end: int) -> bool:
    """Part of something longer that cannot be read here."""
    before, after = text[:start].rstrip()[-1:], text[end:].lstrip()[:1]
    return before in tuple("+-*/=)√^") or after in tuple("+-*/(^")


def _agree(first: Decimal, second: Decimal, one: str, other: str) -> bool:
    """Also where one side tells a share and the other percent or a plain number."""
    digit = _last_digit(other)
    for value in (first, first * 100 if "%" not in one and second > 1 else first):
        if abs(value - second) <= max(digit, abs(second) * ROUNDING):
            return True
    return False


def _last_digit(side: str) -> Decimal:
    numbers = re.findall(_NUMBER, side)
    if len(numbers) != 1:
        return Decimal(0)
    plain = numbers[0].replace(",", "")
    places = len(plain.partition(".")[2])
    unit = Decimal(1).scaleb(-places)
    return (unit / 100 if "%" in side else unit) * Decimal("1.0")


def _value(text: str) -> Decimal | None:
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text.replace(" ", ""):
        return None
    try:
        value, rest = _sum(tokens)
    except (IndexError, InvalidOperation, DivisionByZero, ValueError):
        return None
    return value if not rest else None


def _sum(tokens: Sequence[str]) -> tuple[Decimal, Sequence[str]]:
    value, rest = _product(tokens)
    while rest and rest[0] in "+-":
        sign = rest[0]
        other, rest = _product(rest[1:])
        value = value + other if sign == "+" else value - other
    return value, rest


def _product(tokens: Sequence[str]) -> tuple[Decimal, Sequence[str]]:
    value, rest = _factor(tokens)
    while rest and rest[0] in "*/":
        sign = rest[0]
        other, rest = _factor(rest[1:])
        value = value * other if sign == "*" else value / other
    return value, rest


def _factor(tokens: Sequence[str]) -> tuple[Decimal, Sequence[str]]:
    if tokens[0] == "-":
        value, rest = _factor(tokens[1:])
        value = -value
    elif tokens[0] == "(":
        value, rest = _sum(tokens[1:])
        if rest[0] != ")":
            raise ValueError(rest[0])
        rest = rest[1:]
    else:
        value, rest = Decimal(tokens[0].replace(",", "")), tokens[1:]
    while rest and rest[0] == "%":
        value, rest = value / 100, rest[1:]
    return value, rest


def _columns(table: Table) -> Iterator[Mark]:
    cells = [["".join(part.text for part in cell if isinstance(part, Words)).strip() for cell in row]
             for row in table.rows]  # fmt: skip
    names = ["".join(part.text for part in cell if isinstance(part, Words)).strip() for cell in table.head]
    if len(cells) < 3 or not _TOTAL.match(cells[-1][0]):
        return
    for place in range(1, len(names)):
        column = [_plain_number(row[place]) for row in cells]
        known = [one for one in column if one is not None]
        if len(known) < len(column) or _NOT_ADDED.search(names[place]):
            continue
        if abs(sum(known[:-1]) - known[-1]) > Decimal("0.051") * len(known):
            message = N_("Column “%(column)s” adds up to %(sum)s and its total says %(total)s.")
            params = {"column": names[place], "sum": str(sum(known[:-1])), "total": str(known[-1])}
            yield Mark("table_total", message, params)


def _plain_number(text: str) -> Decimal | None:
    said = normalize("NFKC", text).replace(",", "")
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*[^\d\s%]{0,3}", said)
    return Decimal(found[1]) if found else None
