"""Levels, blueprints and pools for the rule tests: the published ones, and any that hypothesis thinks of."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from app.schemes.scheme import Level, PaperForm, Row, TypeForm, scheme
from question_bank.blueprint import Blueprint, Cell
from question_bank.item_types import ITEM_TYPES
from question_bank.pool_item import PoolItem

JUNIOR = scheme("PTS152010301-01").level("junior")
TYPES = tuple(ITEM_TYPES)


def level_of(weights: Mapping[str, int], types: Mapping[str, tuple[int, int]], contents: int = 1) -> Level:
    """A level with these rows and this form; full marks are what the form brings."""
    form = {kind: TypeForm(count, marks) for kind, (count, marks) in types.items()}
    rows = tuple(
        Row(no, no, no, "g", "g", weight, tuple(f"{no}{index}" for index in range(contents)))
        for no, weight in weights.items()
    )
    full = sum(one.count * one.marks for one in form.values())
    theory = replace(JUNIOR.theory, rows=rows, full_marks=full, paper=PaperForm(form, partial_credit=False))
    return replace(JUNIOR, theory=theory)


def item(cell: Cell, number: int, enemies: frozenset[str] = frozenset()) -> PoolItem:
    options = ("T", "F") if cell.type == "truefalse" else ("A", "B", "C", "D")
    name = f"{cell.row}/{cell.content}/{cell.type}/{number}"
    return PoolItem(
        name, 1, number, cell.type, cell.row, cell.content, Decimal("0.6"), options, enemies, digest=f"digest of {name}"
    )


def pool_for(blueprint: Blueprint, more: Callable[[Cell], int] = lambda cell: 2 * cell.count) -> list[PoolItem]:
    """As many items as each cell needs, and `more`."""
    return [item(cell, number) for cell in blueprint.cells for number in range(cell.count + more(cell))]


@st.composite
def exact_levels(draw: st.DrawFn) -> Level:
    """Levels for which a blueprint exists, because one was made up first: random counts for every row and type."""
    rows = "一二三四五"[: draw(st.integers(1, 5))]
    kinds = TYPES[: draw(st.integers(1, 3))]
    marks = {kind: draw(st.integers(1, 3)) for kind in kinds}
    counts = {(row, kind): draw(st.integers(0, 6)) for row in rows for kind in kinds}
    types = {kind: (max(1, sum(counts[row, kind] for row in rows)), marks[kind]) for kind in kinds}
    level = level_of(dict.fromkeys(rows, 0), types, contents=draw(st.integers(1, 4)))
    weights = {row: sum(counts[row, kind] * marks[kind] for kind in kinds) for row in rows}
    weights[rows[0]] += level.theory.full_marks - sum(weights.values())  # a type that no row took still has one item
    weighted = tuple(replace(row, weight=weights[row.no]) for row in level.theory.rows)
    # Out of 100, a weight is a number of marks: any table can be asked for, also one that is no percentage.
    return replace(level, theory=replace(level.theory, full_marks=100, rows=weighted))
