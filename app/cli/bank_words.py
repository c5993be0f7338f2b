"""How the bank's findings and figures read in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from flask_babel import gettext

from app.cli.tables import table
from app.web.state_names import state_name
from question_bank import statistics
from question_bank.file_problems import FileProblem


def reason(problem: FileProblem) -> str:
    """The sentence in the reader's language, without the place that stands beside it already."""
    place = {"file": "", "line": "", "field": "\0"} if problem.message.startswith("%(file)s") else {}
    sentence = str(gettext(problem.message)) % {**problem.params, **place}
    return sentence.rpartition("\0")[2].lstrip(":： ")


def spread_figures(spread: statistics.DifficultySpread) -> dict[str, Any]:
    figures = {name: float(getattr(spread, name)) for name in ("lowest", "mean", "highest")}
    return {**asdict(spread), **figures, "band_edges": [float(edge) for edge in statistics.BAND_EDGES]}


def stock_table(cells: Sequence[statistics.CellStock]) -> str:
    head = [
        gettext("Row"),
        gettext("Work content"),
        gettext("Type"),
        gettext("Have"),
        gettext("Per paper"),
        gettext("Times"),
    ]
    return table(head, [[cell.row, cell.content, state_name(cell.type), cell.have, cell.needed or "—",
                         "—" if cell.times is None else cell.times] for cell in cells])  # fmt: skip


def spread_table(spreads: Sequence[statistics.DifficultySpread]) -> str:
    bands = [f"{low}–{high}" for low, high in pairwise(statistics.BAND_EDGES)]
    head = [gettext("Row"), gettext("Items"), gettext("Lowest"), gettext("Mean"), gettext("Highest"), *bands]
    return table(head, [[one.row, one.count, f"{one.lowest:.2f}", f"{one.mean:.2f}", f"{one.highest:.2f}", *one.bands]
                        for one in spreads])  # fmt: skip
