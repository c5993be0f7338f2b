"""Drawing papers: exact cells, sets whole, no enemies together, equally hard, repeatable from the seed.

See docs/drawing.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from app.core.errors import N_, Refusal
from question_bank.blueprint import Blueprint, require_fill
from question_bank.chance import Chance, paper_seed, shuffled
from question_bank.dealing import MILLI, Demand, Windows, deal
from question_bank.deciding import decide
from question_bank.option_order import option_orders
from question_bank.pool_item import PoolItem, in_order, snapshot_id
from question_bank.units import Table, numbers_of

__all__ = ["Drawer", "DrawnItem", "DrawnPaper", "PoolItem", "draw_paper", "paper_seed", "snapshot_id", "totals"]
BY_SOLVER = -1
TRUTHS = 15
"""Percent of the true/false items by which the number of true ones may differ from the bank's share."""


class DrawnItem(NamedTuple):
    item: PoolItem
    marks: int
    options: tuple[str, ...]


@dataclass(frozen=True)
class DrawnPaper:
    """`items` stand in the order of the paper; the same snapshot, seed and papers before it bring it again."""

    blueprint: Blueprint
    seed: str | int
    snapshot: str
    items: tuple[DrawnItem, ...]
    expected: int
    """Expected score in thousandths of a mark."""
    seconds: int
    attempt: int
    """Which try brought it; BY_SOLVER when none did and the solver found it."""
    number: int
    """Papers of the session before it."""
    papers: int
    """Papers of the session as planned when it was drawn: what the cap is a share of."""


class Drawer:
    """A pool sorted into the blueprint's cells once, to draw many papers from."""

    def __init__(self, blueprint: Blueprint, pool: Iterable[PoolItem]) -> None:
        items = in_order(pool)
        _no_item_twice(items)
        require_fill(blueprint, items)
        self.blueprint = blueprint
        self.snapshot = snapshot_id(items)
        self.table = Table(blueprint, items)
        require_fill(blueprint, self.table.items())
        self.windows = windows_of(blueprint, self.table)

    def draw(self, seed: str | int, seen: Set[str] = frozenset()) -> DrawnPaper:
        """The only paper of its session. `seen` items are used only where the unseen ones do not suffice."""
        return self.session(1).draw(seed, seen)

    def session(self, papers: int, before: Iterable[Iterable[str]] = ()) -> Dealer:
        """For so many papers in all, of which those `before` (as codes of items) are drawn already."""
        return Dealer(self, papers, before)

    def paper(self, seed: str | int, units: Iterable[int], attempt: int, number: int, papers: int) -> DrawnPaper:
        items = list(_on_paper(self.table, sorted(units), Chance(seed, "order")))
        marks = {kind: form.marks for kind, form in self.blueprint.types.items()}
        orders = option_orders(items, seed)
        drawn = tuple(DrawnItem(item, marks[item.type], order) for item, order in zip(items, orders, strict=True))
        score, seconds = (sum(one[unit] for unit in units) for one in (self.table.score, self.table.seconds))
        return DrawnPaper(self.blueprint, seed, self.snapshot, drawn, score, seconds, attempt, number, papers)


class Dealer:
    """The papers of one session, one after the other: no item stands on more of them than the cap allows."""

    def __init__(self, drawer: Drawer, papers: int, before: Iterable[Iterable[str]]) -> None:
        self.drawer, self.papers, self.drawn = drawer, papers, 0
        self.cap = cap_of(drawer.blueprint.rules.exposure_cap, papers)
        self.used = [0] * len(drawer.table.units)
        for codes in before:
            self._count(numbers_of(drawer.table, codes))

    def draw(self, seed: str | int, seen: Set[str] = frozenset()) -> DrawnPaper:
        units, attempt, number = self.deal(seed, seen)
        return self.drawer.paper(seed, units, attempt, number, self.papers)

    def deal(self, seed: str | int, seen: Set[str] = frozenset()) -> tuple[list[int], int, int]:
        """The paper's units, the try that brought them, and the papers before it: what makes a paper with its seed."""
        one, number = self.drawer, self.drawn
        demand = Demand(self.used, number, self.cap, numbers_of(one.table, seen) if seen else frozenset())
        units, attempt = deal(one.table, one.windows, seed, demand) or (
            decide(one.blueprint, one.table, one.windows, seed, demand),
            BY_SOLVER,
        )
        self._count(units)
        return units, attempt, number

    def rehearse(self, seed: str | int) -> tuple[int, int]:
        """Expected score and seconds of the next paper, without making it."""
        units, _, _ = self.deal(seed)
        score, seconds = (
            sum(map(of.__getitem__, units)) for of in (self.drawer.table.score, self.drawer.table.seconds)
        )
        return score, seconds

    def _count(self, units: Iterable[int]) -> None:
        self.drawn += 1
        for unit in units:
            self.used[unit] += 1


def cap_of(percent: int, papers: int) -> int:
    """On how many of so many papers an item may stand: on one at least, or nothing could be drawn."""
    return max(1, papers * percent // 100)


def windows_of(blueprint: Blueprint, table: Table) -> Windows:
    rules = blueprint.rules
    return Windows(
        score=int(rules.difficulty_window * MILLI) // 2,
        seconds=max(1, table.average.seconds * rules.time_window // 100),
        truths=MILLI * max(1, table.judged * TRUTHS // 100),
    )


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


def _on_paper(table: Table, units: Sequence[int], chance: Chance) -> Iterable[PoolItem]:
    """Section by section in a random order; the items of a set stand together, in the order of their codes."""
    for unit in sorted(shuffled(units, chance), key=table.home.__getitem__):
        yield from table.units[unit]


def _no_item_twice(items: Sequence[PoolItem]) -> None:
    for one, other in pairwise(items):
        if one.id == other.id:
            message = N_("The pool holds item %(item)s in two versions. Draw from one version of each item.")
            raise Refusal("pool_item_twice", message, details={"item": one.id}, item=one.id)
