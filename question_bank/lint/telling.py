"""Words that mark right or wrong options all over a level: who chooses by the word alone must gain nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.interchange import FoundItem
from question_bank.lint.findings import Finding
from question_bank.lint.texts import CHOICES, HAN, plain

AT_LEAST = 30
"""So many options hold the word."""
DEVIATIONS = 6.0
"""So many standard deviations from what chance makes of it: beyond doubt, although thousands of words are tried."""
TIMES = 1.75
"""And so many times as often right as chance would have it, or as often wrong."""
LONGEST = 2
SIGNS = "，、；：“（"
"""Enumerations and half-sentences can tell as well."""


@dataclass
class _Count:
    options: int = 0
    right: int = 0
    due: float = 0.0
    variance: float = 0.0


def check(found: Sequence[FoundItem]) -> Iterator[Finding]:
    levels: dict[tuple[str, str], list[BankItem]] = defaultdict(list)
    for one in found:
        if one.item.type in CHOICES and one.item.options:
            levels[one.item.scheme, one.item.level].append(one.item)
    for (_, level), items in sorted(levels.items()):
        counts = _counted(items)
        telling = {word for word, count in counts.items() if _tells(count)}
        for word in sorted(telling):
            if not any(word != other and word in other for other in telling):
                yield _finding(word, counts[word], level)


def _counted(items: Sequence[BankItem]) -> dict[str, _Count]:
    counts: dict[str, _Count] = defaultdict(_Count)
    for item in items:
        share = len(item.key) / len(item.options)
        for option, text in item.options.items():
            for word in _words(text):
                count = counts[word]
                count.options += 1
                count.right += option in item.key
                count.due += share
                count.variance += share * (1 - share)
    return counts


def _tells(count: _Count) -> bool:
    if count.options < AT_LEAST:
        return False
    far = abs(count.right - count.due) >= DEVIATIONS * math.sqrt(count.variance)
    wrong, wrong_due = count.options - count.right, count.options - count.due
    return far and (count.right >= TIMES * count.due or wrong >= TIMES * wrong_due)


def _words(text: str) -> set[str]:
    runs = HAN.findall(plain(text))
    return {sign for sign in SIGNS if sign in text} | {
        run[at : at + size] for run in runs for size in range(1, LONGEST + 1) for at in range(len(run) - size + 1)
    }


def _finding(word: str, count: _Count, level: str) -> Finding:
    message = N_(
        "“%(word)s” stands in %(options)s options, of which %(right)s are right and %(due)s would be by chance; "
        "rewrite some so that the word tells nothing."
    )
    params = {"word": word, "options": count.options, "right": count.right, "due": round(count.due)}
    return Finding("telling_word", level, message, params)
