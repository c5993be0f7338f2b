"""The words of an item as rules look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from question_bank.bank_item import BankItem

HAN = re.compile(r"[\u4e00-\u9fff]+")
_MARKUP = re.compile(r"\*\*|!\[[^\]]*\]\([^()\s]+\)")
_SPOKEN = re.compile(r"“[^”]*”")
_TABLE_LINE = re.compile(r"^\s*\|.*\|\s*$", re.MULTILINE)
_DIGIT = re.compile(r"\d")
CHOICES = ("single", "multiple")


def plain(text: str) -> str:
    """Without bold signs, pictures and table lines."""
    return _TABLE_LINE.sub("", _MARKUP.sub("", text)).strip()


def unspoken(text: str) -> str:
    """Without what people in it say or what it quotes."""
    return _SPOKEN.sub("", text)


def shown(item: BankItem) -> str:
    """All that a candidate reads for this item, apart from material that it shares."""
    return "\n".join((item.stem, *item.options.values()))


def fields(item: BankItem) -> Iterator[tuple[str, str]]:
    """Every text of the item that people read, by the name of its field."""
    yield "stem", item.stem
    for option, text in item.options.items():
        yield f"options.{option}", text
    yield "rationale", item.rationale
    for option, text in item.feedback.items():
        yield f"feedback.{option}", text
    for criterion in item.criteria:
        yield "criteria", criterion.text


def with_figures(item: BankItem) -> Iterator[tuple[str, str]]:
    """The texts that hold a digit at all."""
    return ((name, text) for name, text in fields(item) if _DIGIT.search(text))


def told_field(name: str) -> str:
    """A field as findings name it: which option it is about is not for everybody's eyes."""
    return name.partition(".")[0]
