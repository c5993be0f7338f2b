"""Choosing the units of one paper: dealt into the cells, then exchanged until the paper is as hard as the others.

A try is a function of the table, the paper's seed, the number of the try and how often each unit stands on papers
before it. Whoever has these deals the same paper; `tools/check_draw.py` does, without this module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from question_bank.chance import Chance
from question_bank.units import Table

STRICT_TRIES = 16
"""In these the unseen come first, score keeps to half its window, time and true statements to the bank's; in the rest
only what must hold."""
TRIES = 32
MILLI = 1000
EXCHANGES = 400
SLACK = 2


@dataclass(frozen=True)
class Windows:
    """How far a paper may be from the average: thousandths of a mark, seconds, true statements."""

    score: int
    seconds: int
    truths: int


@dataclass(frozen=True)
class Demand:
    """What stands before the paper: units used so often, at most `cap` times each, and those the candidate has met."""

    used: Sequence[int]
    papers: int
    cap: int
    seen: Set[int] = frozenset()


def deal(table: Table, windows: Windows, seed: str | int, demand: Demand) -> tuple[list[int], int] | None:
    """The units and the number of the try that brought them; None when no try did."""
    for attempt in range(TRIES):
        units = _try(table, windows, seed, attempt, demand)
        if units is not None:
            return units, attempt
    return None


def _try(table: Table, windows: Windows, seed: str | int, attempt: int, demand: Demand) -> list[int] | None:
    number, strict = Chance(seed, f"deal{attempt}").next, attempt < STRICT_TRIES
    shares = zip(table.needed, table.sizes, strict=True)
    soft = [min(demand.cap, demand.papers * need // max(1, size) + SLACK) for need, size in shares]
    units = _fill(table, demand, soft, number)
    if units is None:
        return None
    limits = soft if strict else [demand.cap] * len(soft)
    if not _exchange(table, windows, units, demand, limits, number, strict):
        return None
    if strict and abs(MILLI * sum(map(table.truths.__getitem__, units)) - table.average.truths) > windows.truths:
        return None
    return units


def _fill(table: Table, demand: Demand, soft: Sequence[int], number: Callable[[], int]) -> list[int] | None:
    """Each place goes to the first unit that fits, from a random one on."""
    used, seen, plain = demand.used, demand.seen, table.plain
    room, units, on = list(table.needed), list[int](), set[int]()
    for cell, leads in enumerate(table.leads):
        size, limit = len(leads), soft[cell]
        while room[cell]:
            start = number() * size >> 32
            unit = leads[start] if size else -1
            if unit < 0 or not plain[unit] or used[unit] >= limit or unit in on or unit in seen:
                unit = _first_that_fits(table, demand, limit, start, cell, room, on)
                if unit < 0:
                    return None
            units.append(unit)
            on.add(unit)
            if plain[unit] or not table.takes[unit]:
                room[cell] -= 1
            else:
                for other, many in table.takes[unit]:
                    room[other] -= many
    return units


def _first_that_fits(
    table: Table, demand: Demand, soft: int, start: int, cell: int, room: Sequence[int], on: Set[int]
) -> int:
    """Unseen and not used more than its share; else unseen within the cap; else any within the cap; or -1."""
    leads, nobody = table.leads[cell], frozenset[int]()
    size = len(leads)
    for limit, shunned in ((soft, demand.seen), (demand.cap, demand.seen), (demand.cap, nobody)):
        for place in range(start, start + size):
            unit = leads[place % size]
            if unit in on or demand.used[unit] >= limit or unit in shunned or not table.foes[unit].isdisjoint(on):
                continue
            if all(room[other] >= many for other, many in table.takes[unit]):
                return unit
    return -1


def _exchange(
    table: Table, windows: Windows, units: list[int], demand: Demand, limits: Sequence[int],
    number: Callable[[], int], strict: bool,
) -> bool:  # fmt: skip
    """Single items for others of their cell, whenever that brings score and time nearer; whether both came near."""
    score, seconds, used, seen, plain = table.score, table.seconds, demand.used, demand.seen, table.plain
    far_score, far_seconds = windows.score // 2 if strict else windows.score, windows.seconds
    more = sum(map(score.__getitem__, units)) - table.average.score
    longer = sum(map(seconds.__getitem__, units)) - table.average.seconds if strict else 0
    off = max(0, abs(more) - far_score) * far_seconds + max(0, abs(longer) - far_seconds) * far_score
    on, size = set(units), len(units)
    for _ in range(EXCHANGES if off else 0):
        place = number() * size >> 32
        unit = units[place]
        cell = table.cell[unit]
        leads = table.leads[cell]
        other = leads[number() * len(leads) >> 32]
        if other in on or used[other] >= limits[cell] or (strict and other in seen and unit not in seen):
            continue
        if not (plain[unit] and plain[other]) and not _exchangeable(table, unit, other, on):
            continue
        now = more + score[other] - score[unit]
        late = longer + seconds[other] - seconds[unit] if strict else 0
        left = max(0, abs(now) - far_score) * far_seconds + max(0, abs(late) - far_seconds) * far_score
        if left < off:
            units[place], more, longer, off = other, now, late, left
            on.remove(unit)
            on.add(other)
            if not off:
                break
    return not off


def _exchangeable(table: Table, unit: int, other: int, on: Set[int]) -> bool:
    """Neither is a set, and the other is nobody's enemy among those that stay."""
    return not table.takes[unit] and not table.takes[other] and table.foes[other].isdisjoint(on - {unit})
