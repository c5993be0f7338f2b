"""Levels, blueprints and pools for the rule tests: the published ones, and any that hypothesis thinks of."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.schemes.scheme import Level, PaperForm, Row, TypeForm, scheme
from question_bank.blueprint import Blueprint, Cell
from question_bank.drawing import Drawer, paper_seed
from question_bank.item_types import ITEM_TYPES
from question_bank.pool_item import PoolItem, in_order, state_of
from question_bank.sealing import commitment, drawn_digest, keys_of, record_of, rules_of, shown

JUNIOR = scheme("PTS152010301-01").level("junior")
TYPES = tuple(ITEM_TYPES)
ROOMY = 20


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


@st.composite
def real_pools(draw: st.DrawFn, blueprint: Blueprint, more: int = 6, sets: int = 3, pairs: int = 4) -> list[PoolItem]:
    """Items that differ in difficulty, time and key; some stand in sets of their work content, some are enemies."""
    pool = [
        replace(
            one,
            difficulty=Decimal(draw(st.integers(30, 95))) / 100,
            seconds=draw(st.sampled_from((30, 45, 60, 90, 120))),
            key=(draw(st.sampled_from(one.options)),) if one.options and one.type != "multiple" else ("A", "C"),
        )
        for one in pool_for(blueprint, more=lambda cell: draw(st.integers(0, more)))
    ]
    for number in range(draw(st.integers(0, sets))):
        place = draw(st.sampled_from(pool))
        here = [index for index, one in enumerate(pool) if (one.row, one.content) == (place.row, place.content)]
        for index in draw(st.sets(st.sampled_from(here), min_size=1, max_size=3)):
            pool[index] = replace(pool[index], stimulus=f"set {number}")
    for _ in range(draw(st.integers(0, pairs))):
        one, other = draw(st.tuples(*[st.integers(0, len(pool) - 1)] * 2))
        pool[one] = replace(pool[one], enemies=pool[one].enemies | {pool[other].id})
    return pool


def varied(blueprint: Blueprint, times: int = 5) -> list[PoolItem]:
    """A bank of every shade that fills every cell so many times, the same at every call: no set, no enemies."""
    return [
        replace(
            one,
            difficulty=Decimal(350 + number * 7919 % 551) / 1000,
            seconds=30 + number * 104729 % 91,
            key=(one.options[number * 31 % 97 % len(one.options)],) if one.type != "multiple" else ("A", "C"),
        )
        for number, one in enumerate(pool_for(blueprint, more=lambda cell: (times - 1) * cell.count))
    ]


def in_sets(pool: Sequence[PoolItem], every: int = 5) -> list[PoolItem]:
    """Neighbours of one work content become sets, here and there, where papers take enough items to have room."""
    found = list(pool)
    roomy = {cell for cell, count in Counter(one.cell for one in pool).items() if count >= ROOMY}
    for place in range(0, len(found) - 1, every):
        one, other = found[place], found[place + 1]
        if (one.row, one.content) == (other.row, other.content) and {one.cell, other.cell} <= roomy:
            found[place], found[place + 1] = (replace(item, stimulus=f"set {place}") for item in (one, other))
    return found


Seen = Callable[[int], Set[str]]


def write_proof(
    folder: Path, blueprint: Blueprint, pool: Sequence[PoolItem], papers: int, *, keys: bool = True,
    seen: Seen = lambda number: frozenset(),
) -> None:  # fmt: skip
    """What a session of its own would export, with the secret 00…."""
    secret, drawer, rules = "00" * 32, Drawer(blueprint, pool), rules_of(blueprint)
    dealer, records, options = drawer.session(papers), list[dict[str, Any]](), list[list[list[str]]]()
    for number in range(papers):
        name, met = f"7/{number + 1}/0", seen(number) & drawer.table.number.keys()
        paper = dealer.draw(paper_seed(bytes.fromhex(secret), name), met)
        records.append(shown(record_of(name, paper, met), [one.item.id for one in paper.items]))
        options.append([list(one.options) for one in paper.items])
    committed = commitment(secret, drawer.snapshot, rules, pool)
    files: dict[str, Any] = {
        "seal": {"session": 7, "secret": secret, "committed": committed, "rules": rules,
                 "drawn": [{"papers": papers, "sha256": drawn_digest(records)}]},
        "snapshot": {"id": drawer.snapshot, "items": [state_of(item) for item in in_order(pool)]},
        "papers": records,
    }  # fmt: skip
    if keys:
        files["snapshot"]["keys"] = keys_of(pool)
        files["papers"] = [{**one, "options": orders} for one, orders in zip(records, options, strict=True)]
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
