"""Figures with their units, as options and tables write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize

_QUANTITY = re.compile(
    r"(?:约|大约|共|为|第|近)?\s*(?P<sign>[-－−+＋]?)\s*[¥￥]?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"\s*(?P<unit>[^\d，。；：、,;:～~\-—至到比/“（(]{0,6}(?:/[^\d，。；：、]{1,3})?)[。]?"
)

_SPAN = re.compile(
    r"\D{0,3}?(\d+(?:\.\d+)?)\s*[^\d，。；]{0,4}?\s*[-~～—–至到]+\s*(\d+(?:\.\d+)?)\s*([^\d，。；：、]{0,5})"
)
_COUNTED = re.compile(r"[①-⑳]")
"""Signs that name places in a list are no quantities."""


@dataclass(frozen=True)
class Quantity:
    value: Decimal
    unit: str


def quantity(text: str) -> Quantity | None:
    """A text that is one figure with a unit of a few characters, or with none, and nothing else."""
    if _COUNTED.search(text):
        return None
    found = _QUANTITY.fullmatch(normalize("NFKC", text).replace("−", "-").strip())
    if not found:
        return None
    value = Decimal(found["number"].replace(",", ""))
    return Quantity(-value if found["sign"] == "-" else value, found["unit"].strip())


@dataclass(frozen=True)
class Span:
    low: Decimal
    high: Decimal


def span(text: str) -> Span | None:
    """“3 至 5 天” and its like, and nothing else; times of day are none."""
    found = _SPAN.fullmatch(text.strip())
    return Span(Decimal(found[1]), Decimal(found[2])) if found and ":" not in text else None
