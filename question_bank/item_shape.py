"""The shape of one item of a bank file: which fields, which kind of value, how long."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from app.core.errors import N_
from question_bank.bank_item import THOUSANDTH, BankItem

Report = Callable[..., None]
"""report(field, message, **params)"""

HEADER = ("scheme", "level", "row", "content", "status", "author", "reviewer")
OPTIONAL = ("status", "author", "reviewer")
TEXTS = {
    "id": 60, "scheme": 80, "level": 40, "row": 40, "content": 80, "status": 200, "author": 100, "reviewer": 100,
    "type": 40, "point": 40, "stem": 2000, "rationale": 2000, "source": 300,
}  # fmt: skip
FIELDS = (*TEXTS, "difficulty", "options", "key", "enemies")
OPTION_AT_MOST = 500
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def text(value: Any, name: str, at_most: int, report: Report, *, needed: bool = True) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        report(name, N_("Text is expected here; put it in quotes."))
        return ""
    found = str(value).strip()
    if needed and not found:
        report(name, N_("This field is empty; fill it in."))
    if len(found) > at_most:
        report(name, N_("This text has %(length)s characters; at most %(most)s fit."), length=len(found), most=at_most)
    if _CONTROL.search(found):
        report(name, N_("This text holds a character that cannot be printed; remove it."))
    return found


def difficulty(value: Any, report: Report) -> Decimal:
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not number or not Decimal(value).is_finite() or not 0 < value < 1:
        report("difficulty", N_("The difficulty is the expected share of right answers between 0 and 1, as 0.65."))
        return THOUSANDTH
    found = Decimal(value)
    if found != found.quantize(THOUSANDTH):
        report("difficulty", N_("Give the difficulty with at most three decimals."))
    return found.quantize(THOUSANDTH)


def options(value: Any, report: Report) -> dict[str, str]:
    if not isinstance(value, Mapping):
        report("options", N_("Options are written as lettered lines, A: … to the last."))
        return {}
    if list(value) != list(ascii_uppercase[: len(value)]):
        report("options", N_("Letter the options A, B, C … in this order, without a gap."))
        return {}
    return {letter: text(words, f"options.{letter}", OPTION_AT_MOST, report) for letter, words in value.items()}


def codes(value: Any, name: str, report: Report) -> tuple[str, ...]:
    """A list of ids; one alone may stand without brackets."""
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) and one.strip() for one in listed):
        report(name, N_("A list of codes is expected here, such as [A, C]."))
        return ()
    return tuple(sorted(one.strip() for one in listed))


def item(given: Mapping[str, Any], report: Report) -> BankItem:
    """As far as it can be read; what cannot is reported and left empty."""
    for name in (*TEXTS, "difficulty", "key"):
        if name not in given and name not in OPTIONAL:
            report(name, N_("This field is missing; add it."))
    texts = {
        name: text(given[name], name, most, report, needed=name not in OPTIONAL) if name in given else ""
        for name, most in TEXTS.items()
    }
    if texts["id"] and not _CODE.fullmatch(texts["id"]):
        report("id", N_("An item's code is made of letters, figures, dots and hyphens, such as J5-JQ-001."))
    return BankItem(
        **texts,
        difficulty=difficulty(given["difficulty"], report) if "difficulty" in given else THOUSANDTH,
        options=options(given["options"], report) if "options" in given else {},
        key=codes(given["key"], "key", report) if "key" in given else (),
        enemies=frozenset(codes(given["enemies"], "enemies", report)) if given.get("enemies") else frozenset(),
    )
