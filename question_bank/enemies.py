"""Choosing items for every cell when some items exclude one another.

A shuffled, greedy choice nearly always succeeds. When it does not, an exact search decides: only items with enemies can
do harm, so it looks for the fewest of them that each cell needs beside its harmless ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from question_bank.pool_item import PoolItem

Enemies = Mapping[str, frozenset[str]]
STEPS_AT_MOST = 20_000  # a bank so entangled that it takes more is refused, and named, as one that cannot be drawn from


class Stratum(NamedTuple):
    """The items of a cell in order of preference, and how many of them a paper takes."""

    needed: int
    items: Sequence[PoolItem]

    def without(self, seen: Set[str]) -> Stratum:
        """Only the unseen where they suffice; otherwise every unseen one and as many seen as it takes."""
        unseen = [item for item in self.items if item.id not in seen]
        return Stratum(self.needed, unseen if len(unseen) >= self.needed else self.items[: self.needed])


def choose(strata: Sequence[Stratum], enemies: Enemies) -> tuple[list[PoolItem] | None, int]:
    """The chosen items; or None and the place of the cell that fell short."""
    if not enemies:
        return [item for stratum in strata for item in stratum.items[: stratum.needed]], -1
    chosen, short = _greedy(strata, enemies, frozenset())
    if chosen is None:
        harmful = _Search(strata, enemies).found()
        if harmful is not None:
            chosen, _ = _greedy(strata, enemies, harmful)
    return chosen, short


def _greedy(strata: Sequence[Stratum], enemies: Enemies, first: Set[str]) -> tuple[list[PoolItem] | None, int]:
    """In order of preference, after the items of `first`, skipping the enemies of what is already chosen."""
    banned = {enemy for one in first for enemy in enemies[one]}
    chosen: list[PoolItem] = []
    for place, (needed, items) in enumerate(strata):
        taken = [item for item in items if item.id in first]
        for item in items:
            if len(taken) == needed:
                break
            if item.id not in banned and item.id not in first:
                taken.append(item)
                banned |= enemies.get(item.id, frozenset())
        if len(taken) < needed:
            return None, place
        chosen += taken
    return chosen, -1


class _Search:
    """Items with enemies that together are at peace, just as many in each cell as its harmless items leave open."""

    def __init__(self, strata: Sequence[Stratum], enemies: Enemies) -> None:
        self.enemies = enemies
        self.open: list[tuple[int, list[str]]] = []
        for needed, items in strata:
            harmful = [item.id for item in items if item.id in enemies]
            missing = needed - (len(items) - len(harmful))
            if missing > 0:
                self.open.append((missing, harmful))
        self.open.sort(key=lambda cell: len(cell[1]) - cell[0])
        self.steps = 0

    def found(self) -> frozenset[str] | None:
        return self._from(0, 0, 0, frozenset(), frozenset())

    def _from(
        self, cell: int, start: int, taken: int, chosen: frozenset[str], banned: frozenset[str]
    ) -> frozenset[str] | None:
        """The rest of the search once `taken` of the cell's items are chosen, the next one from `start` on."""
        if cell == len(self.open):
            return chosen
        missing, items = self.open[cell]
        if taken == missing:
            return self._from(cell + 1, 0, 0, chosen, banned)
        for place in range(start, len(items)):
            self.steps += 1
            if self.steps > STEPS_AT_MOST or self._hopeless(cell, place, taken, banned):
                return None
            one = items[place]
            if one not in banned:
                found = self._from(cell, place + 1, taken + 1, chosen | {one}, banned | self.enemies[one])
                if found is not None:
                    return found
        return None

    def _hopeless(self, cell: int, start: int, taken: int, banned: frozenset[str]) -> bool:
        """Some cell cannot be met any more by what is left and not banned."""
        for place in range(cell, len(self.open)):
            missing, items = self.open[place]
            left = items[start:] if place == cell else items
            if sum(one not in banned for one in left) < missing - (taken if place == cell else 0):
                return True
        return False
