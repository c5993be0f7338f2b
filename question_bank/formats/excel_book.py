"""Workbooks as we write them: every text as text, so that nothing in a cell is ever reckoned with."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

Sheet = Worksheet
LOOKS_LIKE_FORMULA = ("=", "+", "-", "@", "\t")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Book:
    """One workbook and the few looks of its cells."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        wrapped = {"text_wrap": True, "valign": "top", "num_format": "@"}
        self.text = workbook.add_format(wrapped)
        self.quoted = workbook.add_format({**wrapped, "quote_prefix": True})
        self.wrong = workbook.add_format({**wrapped, "bg_color": "#FFD9D9", "border": 1, "border_color": "#B42318"})
        self.wrong_quoted = workbook.add_format({**wrapped, "bg_color": "#FFD9D9", "quote_prefix": True})
        self.figure = workbook.add_format({"valign": "top"})
        self.head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E7EEF7"})

    def sheet(self, name: str) -> Worksheet:
        return self.workbook.add_worksheet(name)

    def put(self, sheet: Worksheet, row: int, column: int, cell: Any, *, wrong: bool = False) -> None:
        """Figures as figures; all else as text, marked so where it could be taken for a formula."""
        if isinstance(cell, bool):
            cell = "TRUE" if cell else "FALSE"
        if isinstance(cell, int | float | Decimal) and _exact(cell):
            sheet.write_number(row, column, float(cell), self.wrong if wrong else self.figure)
        elif str(cell) or wrong:
            sheet.write_string(row, column, str(cell), self._look(str(cell), wrong))

    def _look(self, text: str, wrong: bool) -> Format:
        risky = text.startswith(LOOKS_LIKE_FORMULA)
        if wrong:
            return self.wrong_quoted if risky else self.wrong
        return self.quoted if risky else self.text


def _exact(cell: float | Decimal) -> bool:
    """Whether the figure survives as the binary number that a sheet keeps."""
    return Decimal(repr(float(cell))) == Decimal(str(cell))


@contextmanager
def new_book() -> Iterator[tuple[Book, Callable[[], bytes]]]:
    """The second value gives the bytes once the block is left."""
    kept = io.BytesIO()
    workbook = xlsxwriter.Workbook(kept, _OPTIONS)
    yield Book(workbook), kept.getvalue
    workbook.close()
