"""When dealing finds no paper: the solver finds one or shows that there is none, and the refusal says what lacks."""

from __future__ import annotations

from decimal import Decimal

from app.core.errors import N_, Refusal
from question_bank.blueprint import Blueprint
from question_bank.chance import Chance
from question_bank.dealing import MILLI, Demand, Windows
from question_bank.solver import Undecided, hold_score, new_items, program_for
from question_bank.units import Table

SEEN = 1_000_000


def decide(blueprint: Blueprint, table: Table, windows: Windows, seed: str | int, demand: Demand) -> list[int]:
    """Units of a paper that meets all that must hold, with as few seen ones as possible."""
    chance = Chance(seed, "decide")
    limits = [int(used < demand.cap) for used in demand.used]
    costs = [chance.below(1000) + SEEN * (unit in demand.seen) for unit in range(len(limits))]
    program = program_for(table, 1, limits, costs)
    hold_score(program, table, 1, windows.score)
    try:
        found = program.solved()
        if found is not None:
            return [unit for unit, taken in enumerate(found) if taken]
        missing = new_items(table, 1, limits, 1)
    except Undecided:
        message = N_(
            "No paper was found in good time, because too many items exclude one another. "
            "Review which items exclude one another, then draw again."
        )
        raise Refusal("draw_undecided", message) from None
    raise unfillable(blueprint, missing, any(table.foes)) if missing else unequal(windows)


def unfillable(blueprint: Blueprint, missing: dict[int, int], hostile: bool) -> Refusal:
    cells = [
        {"row": cell.row, "content": cell.content, "type": cell.type, "needed": cell.count, "missing": count}
        for cell, count in ((blueprint.cells[place], count) for place, count in missing.items())
    ]
    named = "; ".join(f"{cell['row']} {cell['content']} {cell['type']} +{cell['missing']}" for cell in cells)
    message = (
        N_(
            "Items that exclude one another, or that travel in sets, leave too few in these cells (row, work content, "
            "type, items to add): %(cells)s. Add items there, or review which items exclude one another."
        )
        if hostile
        else N_(
            "Too few items are left in these cells for one more paper (row, work content, type, items to add): "
            "%(cells)s. Add items there, or let items stand on more papers of the session."
        )
    )
    return Refusal("blueprint_unfillable", message, details={"cells": cells}, cells=named)


def unequal(windows: Windows) -> Refusal:
    message = N_(
        "The items cannot be put together to papers that are equally hard: expected scores would differ by more than "
        "%(window)s marks. Add items of middling difficulty, then try again."
    )
    return Refusal("papers_unequal", message, window=str(Decimal(2 * windows.score) / MILLI))
