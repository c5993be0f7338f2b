"""The sender's own workbook once more, each wrong cell marked and with a note on how to mend it."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from python_calamine import CalamineWorkbook

from app.core.errors import N_
from question_bank.file_problems import FileProblem
from question_bank.formats.excel_book import Book, new_book
from question_bank.formats.excel_guard import check_sheets, open_workbook

Words = Callable[[FileProblem], str]
"""A problem in the reader's language."""
_NOTE_SIZE = {"width": 320, "height": 120}
_WIDE = 18


def corrected(content: bytes, problems: Sequence[FileProblem], words: Words, *, heading: str = "") -> bytes:
    """Values only: formulas come as what they last showed. `heading` names the list of what has no cell."""
    check_sheets(open_workbook(content))
    by_sheet: dict[str, list[FileProblem]] = defaultdict(list)
    for problem in problems:
        by_sheet[problem.sheet].append(problem)
    with new_book() as (book, finished), CalamineWorkbook.from_filelike(io.BytesIO(content)) as read:
        for name in read.sheet_names:
            rows = read.get_sheet_by_name(name).to_python(skip_empty_area=False)
            _copy(book, name, rows, by_sheet.pop(name, []), words)
        rest = [words(one) for listed in by_sheet.values() for one in listed]
        if rest:
            sheet = book.sheet(_free_name(heading or "!", read.sheet_names))
            for row, sentence in enumerate(rest):
                book.put(sheet, row, 0, sentence, wrong=True)
    return finished()


def _copy(book: Book, name: str, rows: list[list[Any]], problems: Sequence[FileProblem], words: Words) -> None:
    sheet = book.sheet(name)
    notes: dict[tuple[int, int], list[str]] = defaultdict(list)
    for problem in problems:
        notes[max(0, problem.line - 1), _place(problem.column)].append(words(problem))
    sheet.set_column(0, max((len(row) for row in rows), default=1), _WIDE)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            book.put(sheet, row, column, _shown(cell), wrong=(row, column) in notes)
    for (row, column), sentences in notes.items():
        if row >= len(rows) or column >= len(rows[row]):
            book.put(sheet, row, column, "", wrong=True)
        sheet.write_comment(row, column, "\n".join(sentences), {**_NOTE_SIZE, "author": ""})


def _shown(cell: Any) -> Any:
    return cell if isinstance(cell, str | int | float) else str(cell)


def _place(column: str) -> int:
    """A column by its letters; what belongs to the whole row is noted at its first cell."""
    number = 0
    for sign in column:
        number = number * 26 + ord(sign) - ord("A") + 1
    return max(0, number - 1)


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    name = wanted[:28]
    while name.casefold() in {one.casefold() for one in taken}:
        name = f"{name[:27]}+"
    return name


UNPLACED = N_("What has no cell")
