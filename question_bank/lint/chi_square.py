"""Pearson's chi-square of keys over letters, and the chance of one as large."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from question_bank.bank_item import BankItem
from question_bank.item_types import ITEM_TYPES

UNLIKELY = 0.05


@dataclass(frozen=True)
class Balance:
    """How evenly the keys of one type stand in one file."""

    file: str
    type: str
    items: int
    counts: Mapping[str, int]
    statistic: float
    df: int
    p: float

    @property
    def even(self) -> bool:
        return self.p >= UNLIKELY

    def told_counts(self) -> str:
        return " ".join(f"{letter}{count}" for letter, count in self.counts.items())


def balance(items: Sequence[BankItem], file: str) -> Balance:
    """Against what an item's own number of keys and options makes likely for each letter.

    Where items have several keys, one letter's being a key makes the others less likely; dividing by the variance
    instead of the expectation keeps the statistic's distribution. With one key each both are the same.
    """
    due: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for item in items:
        letters = ITEM_TYPES[item.type].option_ids(item.shown())
        share = len(item.key) / len(letters)
        for letter in letters:
            due[letter] += share  # type: ignore[assignment]  # shares of one
            spread[letter] += share * (1 - share) * len(letters) / (len(letters) - 1)  # type: ignore[assignment]
    seen = Counter(letter for item in items for letter in item.key)
    statistic = sum((seen[one] - due[one]) ** 2 / spread[one] for one in due if spread[one])
    df = len(due) - 1
    counts = {letter: seen[letter] for letter in due}
    return Balance(file, items[0].type, len(items), counts, round(statistic, 2), df, round(tail(statistic, df), 4))


def tail(statistic: float, df: int) -> float:
    """The chance of a chi-square at least so large: the closed forms for whole degrees of freedom."""
    half = statistic / 2
    if df % 2 == 0:
        term, total = math.exp(-half), 0.0
        for step in range(df // 2):
            total += term
            term *= half / (step + 1)
        return total
    total = math.erfc(math.sqrt(half))
    term = math.exp(-half) * math.sqrt(half) / math.gamma(1.5)
    for step in range(df // 2):
        total += term
        term *= half / (step + 1.5)
    return total
