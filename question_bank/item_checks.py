"""What is wrong with an item whose fields have the right shape: its place in the scheme, its content by its type."""

from __future__ import annotations

from app.core.errors import N_, Refusal
from app.schemes.scheme import scheme
from question_bank.bank_item import BankItem
from question_bank.item_shape import Report
from question_bank.item_types import ITEM_TYPES


def place_problems(item: BankItem, report: Report) -> None:
    """The scheme knows the level, the level the row, the row the work content."""
    name = "scheme"
    try:
        known = scheme(item.scheme)
        name = "level"
        level = known.level(item.level)
        name = "row"
        row = level.theory.row(item.row)
    except Refusal as refusal:
        report(name, refusal.message, **refusal.params)
        return
    if item.level != level.code:
        report("level", N_("Write the level by its code, %(code)s."), code=level.code)
    if item.content not in row.contents:
        message = N_("Row %(row)s covers %(known)s at this level, not “%(content)s”.")
        report("content", message, row=row.no, known="、".join(row.contents), content=item.content)


def content_problems(item: BankItem, report: Report) -> None:
    if item.type not in ITEM_TYPES:
        message = N_("There is no item type “%(type)s”. Use one of: %(known)s.")
        report("type", message, type=item.type, known=", ".join(ITEM_TYPES))
        return
    for problem in ITEM_TYPES[item.type].content_problems(item.shown()):
        report(problem.field, problem.message, **problem.params)
    if item.id in item.enemies:
        report("enemies", N_("An item cannot be its own enemy."))
