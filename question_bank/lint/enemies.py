"""Pairs that a person should look at: can the two stand on one paper?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from question_bank.interchange import FoundItem
from question_bank.lint.pairs import Pair, Why, pairs, together
from question_bank.lint.texts import CHOICES, HAN, plain

PROPOSED = 45
"""Share of characters in common, in percent, far below that of duplicates."""
TOLD = 6
"""So many characters in a row of an answer, said in another item's stem …"""
RARE = 3
"""… and in no more stems than this."""


def propose_enemies(found: Sequence[FoundItem]) -> list[Pair]:
    """Pairs of one level that are not yet enemies, the most alike first."""
    proposed: dict[tuple[str, str], Pair] = {}
    for pair in (*pairs(found, PROPOSED, PROPOSED), *_told(found)):
        one, other = pair.one.item, pair.other.item
        apart = pair.enemies or together(one, other) or (one.scheme, one.level) != (other.scheme, other.level)
        key = (min(one.id, other.id), max(one.id, other.id))
        if not apart and key not in proposed:
            proposed[key] = pair
    return sorted(proposed.values(), key=lambda pair: (-(pair.percent or 0), pair.one.item.id, pair.other.item.id))


def _told(found: Sequence[FoundItem]) -> Iterator[Pair]:
    """One item's stem holds words that only the right options of the other have."""
    told_by: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(found):
        for gram in _grams(_asked(each)):
            told_by[gram].append(place)
    for each in found:
        if each.item.type not in CHOICES:
            continue
        own = _grams(_asked(each)).union(*map(_grams, each.item.wrong()))
        grams = set[str]().union(*map(_grams, each.item.right())) - own
        tellers = {teller for gram in grams if len(told_by[gram]) <= RARE for teller in told_by[gram]}
        yield from (Pair(each, found[teller], Why.TOLD) for teller in sorted(tellers))


def _asked(each: FoundItem) -> str:
    return f"{each.item.stimulus.text if each.item.stimulus else ''}\n{each.item.stem}"


def _grams(text: str) -> set[str]:
    return {run[at : at + TOLD] for run in HAN.findall(plain(text)) for at in range(len(run) - TOLD + 1)}
