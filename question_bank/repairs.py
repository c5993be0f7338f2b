"""What would help a bank that cannot give a session its papers; nothing is named that was not rehearsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.core.errors import Refusal
from question_bank.blueprint import Blueprint, Cell
from question_bank.drawing import cap_of
from question_bank.pool_item import PoolItem
from question_bank.rehearsal import rehearse, works
from question_bank.solver import Undecided, new_items, released
from question_bank.units import Table

ROUNDS = 20
UNKNOWN = PoolItem("", 1, 0, "", "", "", Decimal("0.5"), ("A", "B", "C", "D"), frozenset(), "")
"""What a new item is taken to be like while the bank has none."""


@dataclass(frozen=True)
class Lack:
    """A cell that needs `needed` items on each paper, of which the bank has `found`; with `missing` more it works."""

    row: str
    content: str
    type: str
    needed: int
    found: int
    missing: int


def lacks_of(blueprint: Blueprint, pool: Sequence[PoolItem], papers: int) -> tuple[Lack, ...]:
    """As many new items as sums and solver show to be needed, and more where the rehearsal asks for them."""
    table = Table(blueprint, pool)
    missing = _fewest(blueprint, table, papers)
    for _ in range(ROUNDS):
        named = _named_by_rehearsal(blueprint, [*pool, *_imagined(blueprint, pool, missing)], papers)
        if named is None:
            return tuple(
                Lack(cell.row, cell.content, cell.type, cell.count, table.sizes[place], missing[place])
                for place, cell in enumerate(blueprint.cells)
                if missing[place]
            )
        for place, count in named.items():
            missing[place] += count
    return ()


def _fewest(blueprint: Blueprint, table: Table, papers: int) -> list[int]:
    """By sums alone, every cell for itself; with sets or enemies by the solver."""
    cap = cap_of(blueprint.rules.exposure_cap, papers)
    missing = [max(0, -(-need * papers // cap) - size) for need, size in zip(table.needed, table.sizes, strict=True)]
    if not all(table.plain):
        try:
            found = new_items(table, papers, [cap] * len(table.units), cap)
        except Undecided:
            return missing
        missing = [max(count, found.get(place, 0)) for place, count in enumerate(missing)]
    return missing


def _named_by_rehearsal(blueprint: Blueprint, pool: Sequence[PoolItem], papers: int) -> dict[int, int] | None:
    """None when the rehearsal works, otherwise what more is lacking."""
    try:
        rehearse(blueprint, pool, papers)
    except Refusal as refused:
        places = {cell.key: place for place, cell in enumerate(blueprint.cells)}
        named = refused.details.get("cells") or [_largest(blueprint)]
        return {places[one["row"], one["content"], one["type"]]: one.get("missing", 1) for one in named}
    return None


def _largest(blueprint: Blueprint) -> dict[str, Any]:
    """Where papers cannot be made equally hard, a new item helps most where most items are taken from."""
    cell = max(blueprint.cells, key=lambda one: one.count)
    return {"row": cell.row, "content": cell.content, "type": cell.type}


def _imagined(blueprint: Blueprint, pool: Sequence[PoolItem], missing: Sequence[int]) -> list[PoolItem]:
    """New items such as the cell's middling one, nobody's enemies and in no set."""
    return [
        _like(cell, [item for item in pool if item.cell == cell.key] or list(pool), turn)
        for cell, count in zip(blueprint.cells, missing, strict=True)
        for turn in range(count)
    ]


def _like(cell: Cell, others: Sequence[PoolItem], turn: int) -> PoolItem:
    middling = sorted(others, key=lambda item: (item.difficulty, item.id))[len(others) // 2] if others else UNKNOWN
    return replace(
        middling, id=f"~{cell.row}/{cell.content}/{cell.type}/{turn}", row=cell.row, content=cell.content,
        type=cell.type, stimulus="", enemies=frozenset(), key=("T",) if turn % 2 else ("F",),
    )  # fmt: skip


def lowest_cap(blueprint: Blueprint, pool: Sequence[PoolItem], papers: int) -> int | None:
    """By halving: a higher cap never makes it harder."""

    def works_at(percent: int) -> bool:
        return works(replace(blueprint, rules=replace(blueprint.rules, exposure_cap=percent)), pool, papers)

    low, high = blueprint.rules.exposure_cap, 100
    if low == high or not works_at(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works_at(middle) else (middle, high)
    return high


def friends_needed(blueprint: Blueprint, pool: Sequence[PoolItem], papers: int) -> tuple[tuple[str, str], ...]:
    table = Table(blueprint, pool)
    if not any(table.foes):
        return ()
    try:
        pairs = released(table, papers, cap_of(blueprint.rules.exposure_cap, papers))
    except Undecided:
        return ()
    free = {frozenset((one.id, other.id)) for a, b in pairs for one in table.units[a] for other in table.units[b]}
    friends = [
        replace(item, enemies=frozenset(enemy for enemy in item.enemies if frozenset((item.id, enemy)) not in free))
        for item in pool
    ]
    named = {tuple(sorted((item.id, enemy))) for item in pool for enemy in item.enemies} & {
        tuple(sorted(pair)) for pair in free
    }
    return tuple(sorted((one, other) for one, other in named)) if pairs and works(blueprint, friends, papers) else ()
