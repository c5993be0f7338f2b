"""The blueprint of a level's papers: how many items of each type from each row and work content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.core.errors import N_, Refusal
from app.schemes.scheme import DrawRules, Level, Row, TypeForm
from question_bank.apportionment import NoTable, apportion
from question_bank.pool_item import PoolItem


@dataclass(frozen=True)
class Cell:
    row: str
    content: str
    type: str
    count: int

    @property
    def key(self) -> tuple[str, str, str]:
        return self.row, self.content, self.type


@dataclass(frozen=True)
class Shortage:
    """A cell for which the bank holds too few items."""

    cell: Cell
    needed: int
    found: int


@dataclass(frozen=True)
class Blueprint:
    """`table` holds the counts by row and type; `cells` spread them over the rows' work contents."""

    scheme: str
    level: str
    types: Mapping[str, TypeForm]
    table: Mapping[str, Mapping[str, int]]
    cells: tuple[Cell, ...]
    rules: DrawRules = field(default_factory=DrawRules)

    def row_marks(self) -> dict[str, int]:
        return {
            row: sum(n * self.types[kind].marks for kind, n in counts.items()) for row, counts in self.table.items()
        }

    def type_totals(self) -> dict[str, int]:
        return {kind: sum(counts[kind] for counts in self.table.values()) for kind in self.types}


def make_blueprint(level: Level) -> Blueprint:
    """Meets every row's marks and every type's total exactly, as near to proportional as whole numbers go."""
    types = level.theory.paper.types
    rows = [row for row in level.theory.rows if row.weight]
    row_marks = {row.no: _marks(row, level) for row in rows}
    _same_total(row_marks, types)
    try:
        found = apportion(row_marks, [form.count for form in types.values()], [form.marks for form in types.values()])
    except NoTable as none:
        message = N_(
            "No whole numbers of items give row %(row)s its %(marks)s marks beside the other rows with %(types)s. "
            "Change the row's percentage or the numbers of items in the paper's form."
        )
        form = ", ".join(f"{kind} {form.count}×{form.marks}" for kind, form in types.items())
        details = {"row": none.row, "types": list(types)}
        raise Refusal(
            "blueprint_impossible", message, details=details, row=none.row, marks=row_marks[none.row], types=form
        ) from none
    table = {row: dict(zip(types, counts, strict=True)) for row, counts in found.items()}
    cells = tuple(cell for row in rows for cell in _spread(row, table[row.no], types))
    return Blueprint(level.scheme, level.code, types, table, cells, level.theory.drawing)


def _marks(row: Row, level: Level) -> int:
    marks, rest = divmod(row.weight * level.theory.full_marks, 100)
    if rest or not row.contents:
        message = N_(
            "Row %(row)s cannot be filled: %(weight)s %% of %(full)s marks over %(contents)s work contents. "
            "Give it whole marks and at least one work content."
        )
        raise Refusal(
            "blueprint_impossible", message, details={"row": row.no}, row=row.no, weight=row.weight,
            full=level.theory.full_marks, contents=len(row.contents),
        )  # fmt: skip
    return marks


def _same_total(row_marks: Mapping[str, int], types: Mapping[str, TypeForm]) -> None:
    rows, paper = sum(row_marks.values()), sum(form.count * form.marks for form in types.values())
    if rows != paper:
        message = N_(
            "The rows ask for %(rows)s marks and the item types bring %(paper)s. "
            "Change the percentages or the paper's form."
        )
        details = {"rows": rows, "types": paper}
        raise Refusal("blueprint_impossible", message, details=details, rows=rows, paper=paper)


def _spread(row: Row, counts: Mapping[str, int], types: Mapping[str, TypeForm]) -> list[Cell]:
    """Evenly over the work contents: dearest type first, what is left over going to those with the fewest marks."""
    size, marks, found = len(row.contents), [0] * len(row.contents), dict[tuple[str, int], int]()
    for kind in sorted(types, key=lambda name: -types[name].marks):
        each, over = divmod(counts[kind], size)
        extra = sorted(range(size), key=marks.__getitem__)[:over]
        for place in range(size):
            found[kind, place] = each + (place in extra)
            marks[place] += found[kind, place] * types[kind].marks
    cells = (Cell(row.no, name, kind, found[kind, place]) for place, name in enumerate(row.contents) for kind in types)
    return [cell for cell in cells if cell.count]


def check_fill(blueprint: Blueprint, pool: Iterable[PoolItem], times: int = 1) -> list[Shortage]:
    """The cells that the pool cannot fill `times` over without using an item twice."""
    have = Counter((item.row, item.content, item.type) for item in pool)
    return [
        Shortage(cell, cell.count * times, have[cell.key])
        for cell in blueprint.cells
        if have[cell.key] < cell.count * times
    ]


def require_fill(blueprint: Blueprint, pool: Iterable[PoolItem]) -> None:
    short = check_fill(blueprint, pool)
    if not short:
        return
    named = "; ".join(
        f"{one.cell.row} {one.cell.content} {one.cell.type} {one.found}/{one.needed}" for one in short
    )  # fmt: skip
    cells = [
        {"row": one.cell.row, "content": one.cell.content, "type": one.cell.type, "needed": one.needed,
         "found": one.found, "missing": one.needed - one.found}
        for one in short
    ]  # fmt: skip
    message = N_(
        "The bank cannot fill these cells of the blueprint (row, work content, type, found/needed): %(cells)s. "
        "Approve or import the missing items, then draw again."
    )
    raise Refusal("blueprint_unfillable", message, details={"cells": cells}, cells=named)
