"""What papers need beside what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.errors import N_
from app.schemes.scheme import scheme
from question_bank.bank_item import EXAM, BankItem
from question_bank.blueprint import make_blueprint
from question_bank.lint.findings import Finding

TIMES = 5
"""How often over the bank should fill every cell, where a scheme keeps items from standing on every paper."""
EVERY_PAPER = 100


@dataclass(frozen=True)
class Undrawn:
    """Items of a row that no paper draws."""

    scheme: str
    level: str
    row: str
    items: int


def check(items: Sequence[BankItem], whole: bool) -> Iterator[Finding]:
    """Cells not filled so many times over: of every level met when the bank is `whole`, else of the contents met."""
    have = Counter((item.scheme, item.level, item.row, item.content, item.type) for item in items if item.use == EXAM)
    met = {key[:4] for key in have}
    for code, level in sorted({key[:2] for key in have}):
        blueprint = make_blueprint(scheme(code).level(level))
        times = TIMES if blueprint.rules.exposure_cap < EVERY_PAPER else 1
        for cell in blueprint.cells:
            found = have[code, level, *cell.key]
            if found < times * cell.count and (whole or (code, level, cell.row, cell.content) in met):
                message = N_("Row %(row)s, %(content)s holds %(found)s items of type %(type)s; %(needed)s are needed.")
                params = {"row": cell.row, "content": cell.content, "type": cell.type,
                          "found": found, "needed": times * cell.count}  # fmt: skip
                yield Finding("coverage", f"{level} {cell.row} {cell.content}", message, params)


def undrawn(items: Sequence[BankItem]) -> list[Undrawn]:
    rows = Counter((item.scheme, item.level, item.row) for item in items if item.use == EXAM)
    return [
        Undrawn(*key, items=count)
        for key, count in sorted(rows.items())
        if not scheme(key[0]).level(key[1]).theory.row(key[2]).weight
    ]
