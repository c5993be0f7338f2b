"""Whole-number programs over a bank's units, solved by HiGHS: does a draw exist, and what is the cheapest repair?

Only asked when dealing fails or a registrar wants to know: loading the solver takes longer than dealing many papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from question_bank.units import Table

SECONDS_AT_MOST = 20.0


class Undecided(Exception):
    """The time was not enough to find a solution or to show that there is none."""


@dataclass
class Program:
    """Minimise the costs of whole numbers between 0 and `upper` under rows of lower ≤ Σ factor·number ≤ upper."""

    upper: list[int] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    rows: list[tuple[int, int, dict[int, int]]] = field(default_factory=list)

    def number(self, upper: int, cost: int = 0) -> int:
        self.upper.append(upper)
        self.costs.append(cost)
        return len(self.upper) - 1

    def solved(self) -> list[int] | None:
        """None when there is no solution at all."""
        highspy: Any = import_module("highspy")  # whose own types are incomplete
        solver = highspy.Highs()
        for option, value in {"output_flag": False, "threads": 1, "random_seed": 0, "time_limit": SECONDS_AT_MOST,
                              "mip_rel_gap": 0.0}.items():  # fmt: skip
            solver.setOptionValue(option, value)
        solver.passModel(self._model())
        solver.run()
        status, found = solver.getModelStatus(), solver.getSolution()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        numbers = [round(one) for one in found.col_value]
        if not found.value_valid or not self._holds(numbers):
            raise Undecided
        return numbers

    def _model(self) -> Any:
        highspy: Any = import_module("highspy")
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.upper), len(self.rows)
        model.col_cost_ = [float(one) for one in self.costs]
        model.col_lower_, model.col_upper_ = [0.0] * len(self.upper), [float(one) for one in self.upper]
        model.row_lower_ = [float(low) for low, _, _ in self.rows]
        model.row_upper_ = [float(high) for _, high, _ in self.rows]
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(self.upper)
        start, index, value = [0], list[int](), list[float]()
        for _, _, factors in self.rows:
            index += factors.keys()
            value += map(float, factors.values())
            start.append(len(index))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = start, index, value
        return model

    def _holds(self, numbers: Sequence[int]) -> bool:
        """In whole numbers, whatever the solver tolerates."""
        return len(numbers) == len(self.upper) and all(
            low <= sum(factor * numbers[one] for one, factor in factors.items()) <= high
            for low, high, factors in self.rows
        )


def program_for(table: Table, papers: int, limits: Sequence[int], costs: Sequence[int] | None = None) -> Program:
    """On how many of so many papers each unit stands; the first row for each cell, then one for each pair of enemies.

    For one paper this is exact. For many it is what any series of papers adds up to, so no solution here is none there.
    """
    program = Program(list(limits), list(costs or [0] * len(limits)))
    cells: list[dict[int, int]] = [{} for _ in table.needed]
    for unit, takes in enumerate(table.takes):
        for cell, many in takes or ((table.cell[unit], 1),):
            cells[cell][unit] = many
    program.rows += [(need * papers, need * papers, row) for need, row in zip(table.needed, cells, strict=True)]
    program.rows += [
        (0, papers, {one: 1, other: 1}) for one, foes in enumerate(table.foes) for other in sorted(foes) if one < other
    ]
    return program


def hold_score(program: Program, table: Table, papers: int, window: int) -> None:
    """The papers' expected scores stay together as near to the average as each of them has to."""
    middle = table.average.score * papers
    score = dict(enumerate(table.score))
    program.rows.append((middle - window * papers, middle + window * papers, score))


def new_items(table: Table, papers: int, limits: Sequence[int], cap: int) -> dict[int, int]:
    """The fewest new items, by cell, that fill every cell of so many papers; each of them used at most `cap` times."""
    program = program_for(table, papers, limits)
    added = []
    for cell in range(len(table.needed)):
        places = program.number(table.needed[cell] * papers)
        added.append(program.number(table.needed[cell] * papers, cost=1))
        low, high, factors = program.rows[cell]
        program.rows[cell] = low, high, {**factors, places: 1}
        program.rows.append((0, table.needed[cell] * papers * cap, {added[-1]: cap, places: -1}))
    found = program.solved() or []
    return {cell: found[one] for cell, one in enumerate(added) if found[one]}


def released(table: Table, papers: int, cap: int) -> list[tuple[int, int]]:
    """The fewest pairs of enemies that would have to meet so that the units suffice for so many papers."""
    program = program_for(table, papers, [cap] * len(table.units))
    pairs: dict[int, tuple[int, int]] = {}
    for place in range(len(table.needed), len(program.rows)):
        low, high, factors = program.rows[place]
        one, other = factors
        free = program.number(1, cost=1)
        pairs[free] = one, other
        program.rows[place] = low, high, {**factors, free: -papers}
    found = program.solved() or []
    return [pair for free, pair in pairs.items() if found and found[free]]
