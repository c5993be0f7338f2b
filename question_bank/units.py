"""What a draw takes whole: a single item, or all items of one stimulus; sorted into the blueprint's cells once."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from question_bank.blueprint import Blueprint
from question_bank.pool_item import PoolItem

MILLI = 1000
TRUE_FALSE = "truefalse"
Takes = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Average:
    """The paper that the bank gives on the average: what every paper is held to."""

    score: int
    """Expected score in thousandths of a mark."""
    seconds: int
    truths: int
    """True statements among the true/false items, in thousandths."""


class Table:
    """Units by number, and what a draw asks of them, each in an array of its own for speed.

    Whole numbers throughout, in an order that depends on the items alone: a draw is the same on every machine.
    """

    def __init__(self, blueprint: Blueprint, items: Sequence[PoolItem]) -> None:
        """`items` in the order of their ids."""
        places = {cell.key: place for place, cell in enumerate(blueprint.cells)}
        marks = [blueprint.types[cell.type].marks for cell in blueprint.cells]
        self.needed = [cell.count for cell in blueprint.cells]
        self.units = [group for group in _groups(items) if _usable(group, places, self.needed)]
        self.number = {item.id: number for number, unit in enumerate(self.units) for item in unit}
        self.cell = array("i", [min(places[item.cell] for item in unit) for unit in self.units])
        self.takes: list[Takes] = [_takes(unit, places) for unit in self.units]
        self.score = array("i", [sum(_milli(one) * marks[places[one.cell]] for one in unit) for unit in self.units])
        self.seconds = array("i", [sum(item.seconds for item in unit) for unit in self.units])
        self.truths = array("i", [sum(_is_true(item) for item in unit) for unit in self.units])
        self.home = array("i", [_home(unit, list(blueprint.types)) for unit in self.units])
        self.leads = [array("i") for _ in self.needed]
        for number, cell in enumerate(self.cell):
            self.leads[cell].append(number)
        self.foes = _foes(self.units, self.number)
        self.plain = bytes(not takes and not foes for takes, foes in zip(self.takes, self.foes, strict=True))
        self.sizes, self.average = _averages(self, places, marks)
        self.judged = sum(cell.count for cell in blueprint.cells if cell.type == TRUE_FALSE)

    def items(self) -> list[PoolItem]:
        return [item for unit in self.units for item in unit]


def _groups(items: Sequence[PoolItem]) -> list[tuple[PoolItem, ...]]:
    """In the order of their first items; within a set in the order of ids."""
    found: dict[str, list[PoolItem]] = defaultdict(list)
    for item in items:
        found[f"set {item.stimulus}" if item.stimulus else f"one {item.id}"].append(item)
    return [tuple(group) for group in found.values()]


def _usable(unit: Sequence[PoolItem], places: Mapping[tuple[str, str, str], int], needed: Sequence[int]) -> bool:
    """Every item has its cell, no cell gets more than it needs, nobody is the enemy of their own set."""
    if len(unit) == 1:
        return unit[0].cell in places
    counts = Counter(item.cell for item in unit)
    fits = all(cell in places and count <= needed[places[cell]] for cell, count in counts.items())
    ids = {item.id for item in unit}
    return fits and not any(item.enemies & (ids - {item.id}) for item in unit)


def _takes(unit: Sequence[PoolItem], places: Mapping[tuple[str, str, str], int]) -> Takes:
    """How many a set takes of each cell; nothing for a single item, which takes one of its own."""
    return tuple(sorted(Counter(places[item.cell] for item in unit).items())) if len(unit) > 1 else ()


def _home(unit: Sequence[PoolItem], types: Sequence[str]) -> int:
    """The section of the paper it stands in: that of the type most of its items have, the earlier one of two."""
    if len(unit) == 1:
        return types.index(unit[0].type)
    places = sorted(types.index(item.type) for item in unit)
    return max(places, key=places.count)


def _foes(units: Sequence[Sequence[PoolItem]], number: Mapping[str, int]) -> list[frozenset[int]]:
    """Enemies are each other's, whichever of the two says so; only those that can be drawn count."""
    found: dict[int, set[int]] = defaultdict(set)
    for one, unit in enumerate(units):
        for item in unit:
            for other in {number[enemy] for enemy in item.enemies if enemy in number} - {one}:
                found[one].add(other)
                found[other].add(one)
    nobody = frozenset[int]()
    return [frozenset(found[one]) if one in found else nobody for one in range(len(units))]


def _averages(
    table: Table, places: Mapping[tuple[str, str, str], int], marks: Sequence[int]
) -> tuple[list[int], Average]:
    size, score, seconds, truths = ([0] * len(table.needed) for _ in range(4))
    for item in table.items():
        place = places[item.cell]
        size[place] += 1
        score[place] += _milli(item) * marks[place]
        seconds[place] += item.seconds
        truths[place] += MILLI * _is_true(item)
    score_, seconds_, truths_ = (
        sum(need * one // many for need, one, many in zip(table.needed, sums, size, strict=True) if many)
        for sums in (score, seconds, truths)
    )
    return size, Average(score_, seconds_, truths_)


def _milli(item: PoolItem) -> int:
    return int(item.difficulty * MILLI)


def _is_true(item: PoolItem) -> bool:
    return item.type == TRUE_FALSE and item.key == ("T",)


def numbers_of(table: Table, codes: Iterable[str]) -> frozenset[int]:
    """The units that hold any of these items."""
    return frozenset(table.number[code] for code in codes if code in table.number)
