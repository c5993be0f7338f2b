"""How the bank's findings and figures read in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import click
from flask_babel import gettext

from app.cli.tables import table
from app.schemes.scheme import scheme as scheme_of
from app.schemes.scheme import schemes
from question_bank import statistics
from question_bank.file_problems import BankInvalid, FileProblem
from question_bank.formats.values import Found, Written
from question_bank.interchange import missing
from question_bank.item_types import ITEM_TYPES

scheme_option = click.option("--scheme", "scheme_code", help="Only this scheme.")
level_option = click.option("--level", "level_name", help="Only this level.")


def level_code(scheme_code: str | None, level: str | None) -> str | None:
    """A level by its code or name; refused where the scheme, or every scheme, knows none such."""
    known = [scheme_of(scheme_code)] if scheme_code else list(schemes().values())
    if level is None:
        return None
    codes = [one.code for each in known for one in each.levels if level in (one.code, one.name)]
    return codes[0] if codes else known[0].level(level).code


def losses_told(found: Found | Written) -> dict[str, Any]:
    """What a file cannot carry and what its items miss, in the reader's language."""
    losses = [{**one.place(), "reason": str(gettext(one.message)) % one.params} for one in found.losses]
    notes = missing(found.items) if isinstance(found, Found) else []
    return {"losses": losses, "missing": [{**one.place(), "reason": reason(one)} for one in notes]}


def reason(problem: FileProblem) -> str:
    """The sentence in the reader's language, without the place that stands beside it already."""
    place = {"file": "", "line": "", "field": "\0"} if problem.message.startswith("%(file)s") else {}
    sentence = str(gettext(problem.message)) % {**problem.params, **place}
    return sentence.rpartition("\0")[2].lstrip(":： ")


def tell(refusal: BankInvalid, found: Found | None = None) -> None:
    """Every problem in the reader's language, and what would not come over once they are mended."""
    refusal.details = {"problems": [{**one.place(), "reason": reason(one)} for one in refusal.problems]}
    if found is not None and found.losses:
        refusal.details["losses"] = losses_told(found)["losses"]


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
    return table(head, [[cell.row, cell.content, type_name(cell.type), cell.have, cell.needed or "—",
                         "—" if cell.times is None else cell.times] for cell in cells])  # fmt: skip


def type_figures(stock: statistics.TypeStock) -> dict[str, Any]:
    return {**asdict(stock), "difficulty": None if stock.difficulty is None else float(stock.difficulty)}


def type_table(stocks: Sequence[statistics.TypeStock]) -> str:
    head = [
        gettext("Type"), gettext("Have"), gettext("Per paper"), gettext("Cases"), gettext("In sets"),
        gettext("Pictures"), gettext("Recordings"), gettext("Mean difficulty"), gettext("Mean seconds"),
    ]  # fmt: skip
    return table(head, [[type_name(one.type), one.have, one.needed or "—", one.cases, one.shared, one.pictures,
                         one.recordings, f"{one.difficulty:.2f}" if one.difficulty is not None else "—",
                         "—" if one.seconds is None else one.seconds] for one in stocks])  # fmt: skip


def type_name(code: str) -> str:
    return str(gettext(ITEM_TYPES[code].name))


def spread_table(spreads: Sequence[statistics.DifficultySpread]) -> str:
    bands = [f"{low}–{high}" for low, high in pairwise(statistics.BAND_EDGES)]
    head = [gettext("Row"), gettext("Items"), gettext("Lowest"), gettext("Mean"), gettext("Highest"), *bands]
    return table(head, [[one.row, one.count, f"{one.lowest:.2f}", f"{one.mean:.2f}", f"{one.highest:.2f}", *one.bands]
                        for one in spreads])  # fmt: skip
