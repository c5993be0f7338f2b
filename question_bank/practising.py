"""A short paper to practise with: the scheme's types in their proportion, spread over the rows, new items first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from question_bank.chance import Chance, shuffled
from question_bank.item_types import ITEM_TYPES
from question_bank.option_order import option_orders
from question_bank.pool_item import PoolItem

SIZE = 25
LEAST = 10
"""Fewer items are no paper."""


@dataclass(frozen=True)
class Drawn:
    """One item of a practice paper, with the order of its options."""

    item: PoolItem
    options: tuple[str, ...]


def sizes(counts: Mapping[str, int]) -> dict[str, int]:
    """How many items of each type; one at least of each that the scheme has and a computer marks."""
    marked = {kind: count for kind, count in counts.items() if not ITEM_TYPES[kind].marked_by_people}
    whole = max(SIZE, sum(marked.values()))
    return {kind: max(1, (2 * count * SIZE + whole) // (2 * whole)) for kind, count in marked.items()}


def draw(pool: Sequence[PoolItem], counts: Mapping[str, int], seed: str, met: Collection[str] = ()) -> list[Drawn]:
    """Of what is there, the row drawn from least so far comes next; enemies never meet, items met before come last."""
    chance, rows, barred = Chance(seed, "practice"), Counter[tuple[str, ...]](), set[str]()
    chosen: list[PoolItem] = []
    for kind, count in sizes(counts).items():
        left = shuffled([item for item in pool if item.type == kind], chance)
        for _ in range(count):
            fitting = [item for item in left if item.id not in barred]
            if not fitting:
                break
            item = min(fitting, key=lambda one: (one.id in met, rows[one.row,], rows[one.row, one.content]))
            chosen.append(item)
            rows.update([(item.row,), (item.row, item.content)])
            barred |= {item.id, *item.enemies}
    shown = _together(chosen)
    return [Drawn(item, options) for item, options in zip(shown, option_orders(shown, seed), strict=True)]


def minutes(allowed: int, marks: int, full_marks: int) -> int:
    """As much time for a mark as in the exam."""
    return ceil(allowed * marks / full_marks)


def _together(items: Sequence[PoolItem]) -> list[PoolItem]:
    """Items of one material follow each other, where the first of them stands."""
    homes: dict[str, list[PoolItem]] = {}
    for item in items:
        homes.setdefault(item.stimulus or item.id, []).append(item)
    return [item for group in homes.values() for item in group]
