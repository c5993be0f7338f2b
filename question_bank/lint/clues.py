"""Words of the stem that lead to the key without knowing anything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.lint.findings import Mark
from question_bank.lint.texts import CHOICES, HAN, plain

CLUE = 3
"""So many characters in a row, in the stem and in every right option alone."""
COMMON = 0.02
"""Words in more than this share of the stems belong to the trade and point nowhere …"""
COMMON_AT_LEAST = 4
"""… once they stand in so many."""
_EMPTY = (
    "的了着过是在和与及或而但则就都也还又才再把被将对向从给让由为以于按等个一两几这那其此该各每"
    "某份件条名位次通项种类之所并即可会能要应请先后时内外上中下里有无不"
)
"""Characters that mean nothing alone: particles, prepositions, measure and auxiliary words."""
_EDGES = re.compile(rf"^[{_EMPTY}]+|[{_EMPTY}]+$")


class Clues:
    """Knows which words are common among the stems at hand."""

    def __init__(self, items: Iterable[BankItem]) -> None:
        counted: Counter[str] = Counter()
        stems = 0
        for item in items:
            if item.type in CHOICES:
                counted.update(_grams(item.stem))
                stems += 1
        limit = max(COMMON_AT_LEAST, COMMON * stems)
        self.common = {gram for gram, count in counted.items() if count > limit}

    def check(self, item: BankItem) -> Iterator[Mark]:
        if item.type not in CHOICES or not item.options:
            return
        said = _grams(item.stem)
        if not said or any(said & _grams(text) for text in item.wrong()):
            return
        shared = said.intersection(*map(_grams, item.right())) - self.common
        if shared:
            message = N_("“%(words)s” stands in the stem and in right options alone.")
            yield Mark("clue_word", message, {"words": min(shared)})


def _grams(text: str) -> set[str]:
    """Three characters in a row that still are three without empty words at their edges."""
    return {
        gram
        for run in HAN.findall(plain(text))
        for at in range(len(run) - CLUE + 1)
        if len(_EDGES.sub("", gram := run[at : at + CLUE])) == CLUE
    }
