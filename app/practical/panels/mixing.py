"""Examiners meet many partners: only then can it be told who of two is strict, and every pair stands beside the others.

Two candidates exchange one examiner each, where both allow it. Nobody's load changes, nor anybody's times, since only
candidates of the same slot exchange. What is sought is that no two examiners sit together more often than need be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Set
from itertools import product

PASSES, LOOK = 2, 40
"""So often everybody is looked at, and so many others of the slot beside each."""
Two = tuple[int, int]


def mixed(
    pairs: Mapping[int, Two],
    slots: Mapping[int, Hashable],
    ties: Set[tuple[int, int]],
    fixed: Set[int] = frozenset(),
) -> dict[int, Two]:
    """The same examiners in other pairs; `ties` are (candidate, examiner), `fixed` candidates keep both.

    The same input gives the same answer. Who of the two is first is to be evened out afterwards.
    """
    found = dict(pairs)
    together = Counter(_key(pair) for pair in found.values())
    groups: dict[Hashable, list[int]] = {}
    for candidate in found:
        if candidate not in fixed:
            groups.setdefault(slots[candidate], []).append(candidate)
    for _, group in product(range(PASSES), groups.values()):
        for place, candidate in enumerate(group):
            if together[_key(found[candidate])] < 2:
                continue
            others = (group[(place + step) % len(group)] for step in range(1, min(len(group), LOOK + 1)))
            best = min((_exchange(found, together, ties, candidate, other) for other in others), default=None)
            if best is not None and best[0] < 0:
                _gain, other, mine, theirs = best
                together.subtract((_key(found[candidate]), _key(found[other])))
                found[candidate], found[other] = mine, theirs
                together.update((_key(mine), _key(theirs)))
    return found


def _exchange(
    found: Mapping[int, Two], together: Counter[Two], ties: Set[tuple[int, int]], one: int, other: int
) -> tuple[int, int, Two, Two]:
    """What the best exchange of the two brings: below 0 where pairs meet less often afterwards."""
    (a, b), (c, d) = found[one], found[other]
    best = (0, other, (a, b), (c, d))
    for mine, theirs in (((a, d), (c, b)), ((c, b), (a, d)), ((a, c), (d, b)), ((d, b), (a, c))):
        if len({*mine}) < 2 or len({*theirs}) < 2:
            continue
        if any((one, examiner) in ties for examiner in mine) or any((other, examiner) in ties for examiner in theirs):
            continue
        best = min(best, (_gain(together, (found[one], found[other]), (mine, theirs)), other, mine, theirs))
    return best


def _gain(together: Counter[Two], before: tuple[Two, Two], after: tuple[Two, Two]) -> int:
    """Change of the sum of squares of how often two meet."""
    changes = Counter(_key(pair) for pair in after)
    changes.subtract(_key(pair) for pair in before)
    return sum((together[pair] + change) ** 2 - together[pair] ** 2 for pair, change in changes.items())


def _key(pair: Two) -> Two:
    return (min(pair), max(pair))
