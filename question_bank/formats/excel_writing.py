"""Items as a workbook: one row each, the material they share on a sheet of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.core.errors import N_
from question_bank.bank_item import PRACTICE, BankItem
from question_bank.formats.excel_book import Book, Sheet, new_book
from question_bank.formats.excel_cells import FOR_PRACTICE, TYPES, key_words, one_line_keys
from question_bank.formats.excel_columns import ITEM_SHEET, STIMULUS_COLUMNS, STIMULUS_SHEET, Column, columns
from question_bank.formats.values import Loss
from question_bank.stimuli import Stimulus

OPTIONS = "ABCDEF"
YES = "是"


def write_excel(items: Sequence[BankItem]) -> tuple[bytes, list[Loss]]:
    shown = columns_of(items)
    with new_book() as (book, finished):
        put_items(book, book.sheet(ITEM_SHEET), items, shown)
        stimuli = {item.stimulus.id: item.stimulus for item in items if item.stimulus}
        if stimuli:
            put_stimuli(book, book.sheet(STIMULUS_SHEET), stimuli.values())
    return finished(), [loss for item in items for loss in _losses(item)]


def columns_of(items: Sequence[BankItem]) -> tuple[Column, ...]:
    letters = {one for item in items for one in item.options}
    reasons = sorted({one for item in items for one in item.feedback})
    most = max((len(item.criteria) for item in items), default=0)
    figures = sorted(one for one in letters if one.isdecimal())
    capitals = sorted({*OPTIONS[:4], *(one for one in letters if not one.isdecimal())})
    return columns("".join(capitals), "".join(figures), "".join(reasons), most)


def put_items(book: Book, sheet: Sheet, items: Iterable[BankItem], shown: Sequence[Column]) -> None:
    put_head(book, sheet, shown)
    for row, item in enumerate(items, 1):
        cells = cells_of(item)
        for place, column in enumerate(shown):
            if column.field in cells:
                book.put(sheet, row, place, cells[column.field])


def put_head(book: Book, sheet: Sheet, shown: Sequence[Column]) -> None:
    for place, column in enumerate(shown):
        sheet.set_column(place, place, column.wide)
        sheet.write_string(0, place, column.head, book.head)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 1)


def put_stimuli(book: Book, sheet: Sheet, stimuli: Iterable[Stimulus]) -> None:
    put_head(book, sheet, STIMULUS_COLUMNS)
    for row, one in enumerate(stimuli, 1):
        cells = [one.id, one.title, one.text, one.audio, one.plays if one.audio else ""]
        for place, cell in enumerate(cells):
            book.put(sheet, row, place, cell)


def cells_of(item: BankItem) -> dict[str, Any]:
    """By the names of columns; what an item has not stays empty."""
    cells: dict[str, Any] = {
        name: getattr(item, name)
        for name in ("id", "scheme", "level", "row", "content", "point", "difficulty", "seconds", "stem", "rationale",
                     "source", "author", "reviewer", "status")
    }  # fmt: skip
    cells["type"] = TYPES.get(item.type, item.type)
    cells["key"] = key_words(item.type, item.stored_key())
    cells |= {f"options.{one}": text for one, text in item.options.items()}
    cells |= {f"feedback.{one}": text for one, text in item.feedback.items()}
    for number, criterion in enumerate(item.criteria, 1):
        cells |= {f"criteria.{number}.text": criterion.text, f"criteria.{number}.points": criterion.points}
    if item.case:
        cells["case"] = YES
    if item.use == PRACTICE:
        cells["use"] = FOR_PRACTICE
    if item.stimulus:
        cells["stimulus"] = item.stimulus.id
    if item.enemies:
        cells["enemies"] = " ".join(sorted(item.enemies))
    return cells


def _losses(item: BankItem) -> list[Loss]:
    if item.type == "fill" and not one_line_keys(list(item.key)):
        return [Loss(item.id, "key", N_("A line break inside an accepted form becomes a blank in a sheet."))]
    return []
