"""Drawing papers: exact cells, no item twice, no enemies together, unseen items first, repeatable from the seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from app.core.errors import N_, Refusal
from question_bank.blueprint import Blueprint, Cell, require_fill
from question_bank.chance import generator, paper_seed, shuffled
from question_bank.enemies import Stratum, choose
from question_bank.item_types import ITEM_TYPES
from question_bank.pool_item import PoolItem, in_order, snapshot_id

__all__ = ["Drawer", "DrawnItem", "DrawnPaper", "PoolItem", "draw_paper", "paper_seed", "snapshot_id", "totals"]


class DrawnItem(NamedTuple):
    item: PoolItem
    marks: int
    options: tuple[str, ...]


@dataclass(frozen=True)
class DrawnPaper:
    """`items` stand in the order of the paper; the same snapshot and seed bring the same paper again."""

    blueprint: Blueprint
    seed: str | int
    snapshot: str
    items: tuple[DrawnItem, ...]


class Drawer:
    """A pool sorted into the blueprint's cells once, to draw many papers from."""

    def __init__(self, blueprint: Blueprint, pool: Iterable[PoolItem]) -> None:
        items = in_order(pool)
        _no_item_twice(items)
        require_fill(blueprint, items)
        self.blueprint = blueprint
        self.snapshot = snapshot_id(items)
        strata = defaultdict(list)
        for item in items:
            strata[item.row, item.content, item.type].append(item)
        self._strata = [Stratum(cell.count, strata[cell.key]) for cell in blueprint.cells]
        self._enemies = _both_ways(item for stratum in self._strata for item in stratum.items)

    def draw(self, seed: str | int, seen: Set[str] = frozenset()) -> DrawnPaper:
        """`seen` items are used only where the unseen ones do not suffice."""
        rng = generator(seed, "items")
        ranked = [Stratum(one.needed, shuffled(one.items, rng)) for one in self._strata]
        by_type: dict[str, list[PoolItem]] = {kind: [] for kind in self.blueprint.types}
        for item in self._choose(ranked, seen):
            by_type[item.type].append(item)
        rng = generator(seed, "order")
        items = []
        for kind, form in self.blueprint.types.items():
            order = ITEM_TYPES[kind].option_order
            items += [DrawnItem(item, form.marks, order(item.options, rng)) for item in shuffled(by_type[kind], rng)]
        return DrawnPaper(self.blueprint, seed, self.snapshot, tuple(items))

    def _choose(self, ranked: Sequence[Stratum], seen: Set[str]) -> list[PoolItem]:
        if seen:
            ranked = [Stratum(one.needed, sorted(one.items, key=lambda item: item.id in seen)) for one in ranked]
            chosen, _ = choose([one.without(seen) for one in ranked], self._enemies)
            if chosen is not None:
                return chosen
        chosen, short = choose(ranked, self._enemies)
        if chosen is None:
            raise _unfillable(self.blueprint.cells[short])
        return chosen


def draw_paper(
    blueprint: Blueprint, pool: Iterable[PoolItem], seed: str | int, *, seen: Set[str] = frozenset()
) -> DrawnPaper:
    return Drawer(blueprint, pool).draw(seed, seen)


def totals(paper: DrawnPaper) -> dict[str, dict[str, int]]:
    """Marks by row, numbers of items by type."""
    rows = dict.fromkeys(paper.blueprint.table, 0)
    types = dict.fromkeys(paper.blueprint.types, 0)
    for drawn in paper.items:
        rows[drawn.item.row] += drawn.marks
        types[drawn.item.type] += 1
    return {"rows": rows, "types": types}


def _no_item_twice(items: Sequence[PoolItem]) -> None:
    for one, other in pairwise(items):
        if one.id == other.id:
            message = N_("The pool holds item %(item)s in two versions. Draw from one version of each item.")
            raise Refusal("pool_item_twice", message, details={"item": one.id}, item=one.id)


def _both_ways(items: Iterable[PoolItem]) -> dict[str, frozenset[str]]:
    """Enemies are each other's, whichever of the two says so; only pairs within the pool count."""
    known = list(items)
    ids, found = {item.id for item in known}, defaultdict(set)
    for item in known:
        for enemy in (item.enemies & ids) - {item.id}:
            found[item.id].add(enemy)
            found[enemy].add(item.id)
    return {one: frozenset(others) for one, others in found.items()}


def _unfillable(cell: Cell) -> Refusal:
    message = N_(
        "Items that exclude one another leave too few for row %(row)s, %(content)s, %(type)s (%(count)s needed). "
        "Add items to this cell or review which items exclude one another."
    )
    details = {"cells": [{"row": cell.row, "content": cell.content, "type": cell.type, "needed": cell.count}]}
    return Refusal(
        "blueprint_unfillable", message, details=details,
        row=cell.row, content=cell.content, type=cell.type, count=cell.count,
    )  # fmt: skip
