"""What the bank holds beside what papers need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from app.schemes.scheme import Level
from question_bank.bank_item import BankItem
from question_bank.blueprint import make_blueprint
from question_bank.item_types import ITEM_TYPES

BAND_EDGES = tuple(map(Decimal, ("0", "0.5", "0.6", "0.7", "0.8", "1")))
"""Where one band of expected difficulty ends and the next begins."""


@dataclass(frozen=True)
class CellStock:
    row: str
    content: str
    type: str
    have: int
    needed: int
    """For one paper."""

    @property
    def times(self) -> float | None:
        """How many papers it fills without using an item twice; nothing for what no paper draws."""
        return round(self.have / self.needed, 2) if self.needed else None


@dataclass(frozen=True)
class TypeStock:
    """One type in the whole bank of a level: how many, how they look, and what they ask of a candidate."""

    type: str
    have: int
    needed: int
    """For one paper."""
    cases: int
    shared: int
    """That stand on a paper with others of the same material."""
    pictures: int
    recordings: int
    difficulty: Decimal | None
    """Expected share of right answers or, of what is marked in parts, of marks; the mean."""
    seconds: int | None
    """Estimated time, the mean."""


@dataclass(frozen=True)
class DifficultySpread:
    """Expected shares of right answers of one row's items; `bands` counts them from hardest to easiest."""

    row: str
    count: int
    lowest: Decimal
    mean: Decimal
    highest: Decimal
    bands: tuple[int, ...]


def cell_stocks(level: Level, items: Iterable[BankItem]) -> list[CellStock]:
    """Every cell of the blueprint in its order, then what the bank holds besides."""
    have = Counter((item.row, item.content, item.type) for item in items)
    needed = {cell.key: cell.count for cell in make_blueprint(level).cells}
    order = {content: place for place, content in enumerate(c for row in level.theory.rows for c in row.contents)}
    keys = sorted(have.keys() | needed.keys(), key=lambda key: (order.get(key[1], -1), list(ITEM_TYPES).index(key[2])))
    return [CellStock(*key, have=have[key], needed=needed.get(key, 0)) for key in keys]


def type_stocks(level: Level, items: Iterable[BankItem]) -> list[TypeStock]:
    """The types that papers need or the bank holds, in their usual order."""
    of_type: dict[str, list[BankItem]] = {kind: [] for kind in ITEM_TYPES}
    for item in items:
        of_type[item.type].append(item)
    sets = Counter(item.stimulus.id for found in of_type.values() for item in found if item.stimulus)
    forms = level.theory.paper.types
    return [
        _type_stock(kind, found, forms[kind].count if kind in forms else 0, sets)
        for kind, found in of_type.items()
        if found or kind in forms
    ]


def _type_stock(kind: str, found: Sequence[BankItem], needed: int, sets: Mapping[str, int]) -> TypeStock:
    stimuli = [item.stimulus for item in found if item.stimulus]
    return TypeStock(
        type=kind,
        have=len(found),
        needed=needed,
        cases=sum(item.case for item in found),
        shared=sum(sets[one.id] > 1 for one in stimuli),
        pictures=sum(bool(item.media) for item in found),
        recordings=sum(bool(one.audio) for one in stimuli),
        difficulty=_mean([item.difficulty for item in found]) if found else None,
        seconds=round(sum(item.seconds for item in found) / len(found)) if found else None,
    )


def difficulty_spreads(level: Level, items: Sequence[BankItem]) -> list[DifficultySpread]:
    rows = [row.no for row in level.theory.rows]
    spreads = []
    for row in rows:
        shares = sorted(item.difficulty for item in items if item.row == row)
        if shares:
            mean = _mean(shares)
            bands = [sum(low <= one < high for one in shares) for low, high in pairwise(BAND_EDGES)]
            spreads.append(DifficultySpread(row, len(shares), shares[0], mean, shares[-1], tuple(bands)))
    return spreads


def _mean(shares: Sequence[Decimal]) -> Decimal:
    return (sum(shares, start=Decimal(0)) / len(shares)).quantize(Decimal("0.001"))
