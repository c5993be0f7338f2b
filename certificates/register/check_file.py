"""A list of certificates to check, as employers keep it: a workbook or a file of separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from python_calamine import CalamineError, CalamineWorkbook

from app.core.errors import N_, Refusal
from certificates.register.batch_check import MOST, Question
from certificates.register.privacy import LONGEST_NAME
from question_bank.formats.excel_guard import open_workbook
from question_bank.formats.values import Unreadable

NUMBER_HEADS = frozenset({"证书编号", "编号", "证书号", "serial", "number", "certificatenumber", "no", "no."})
NAME_HEADS = frozenset({"姓名", "名字", "持证人", "name", "holder", "fullname"})
_LONGEST = 200
_BETWEEN = (",", "\t", ";", "，")
"""What stands between two cells; whichever there is most of."""
_SAMPLE = 4000
Row = Sequence[str]


def questions_of(content: bytes) -> list[Question]:
    """One for each line with a number; by the headings if there are any, else the number first and then the name."""
    rows = [row for row in _rows(content) if any(row)]
    number, name, first = _columns(rows)
    found = [
        Question(_cell(row, number), _cell(row, name)[:LONGEST_NAME]) for row in rows[first:] if _cell(row, number)
    ]
    if len(found) > MOST:
        raise Refusal(
            "too_many_to_check",
            N_("At most %(most)s certificates can be checked at once; you sent %(count)s. Send them in parts."),
            most=MOST, count=len(found),
        )  # fmt: skip
    return found


def is_workbook(content: bytes) -> bool:
    return content.startswith(b"PK")


def _rows(content: bytes) -> Iterable[Row]:
    return _of_workbook(content) if is_workbook(content) else _of_text(content)


def _of_workbook(content: bytes) -> list[Row]:
    try:
        open_workbook(content)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            first = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MOST + 20)
    except (Unreadable, CalamineError, OSError, ValueError, IndexError) as problem:
        raise Refusal(
            "check_file_unreadable",
            N_("The workbook cannot be read. Save it as .xlsx or as CSV without a password, and send it again."),
        ) from problem
    return [[str(cell).strip()[:_LONGEST] for cell in row] for row in first]


def _of_text(content: bytes) -> list[Row]:
    text = _decoded(content)
    between = max(_BETWEEN, key=text[:_SAMPLE].count)
    try:
        rows = csv.reader(io.StringIO(text), delimiter=between)
        return [[cell.strip()[:_LONGEST] for cell in row] for row in rows]
    except csv.Error as problem:
        raise _no_table() from problem


def _decoded(content: bytes) -> str:
    """As spreadsheets in China write it: UTF-8, or GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _no_table()


def _no_table() -> Refusal:
    return Refusal(
        "check_file_unreadable",
        N_("This is neither a workbook (.xlsx) nor a table of separated values (.csv). Save the list as one of these."),
    )


def _columns(rows: Sequence[Row]) -> tuple[int, int, int]:
    """(column of the number, column of the name, first line of the list)."""
    for at, row in enumerate(rows[:10]):
        heads = ["".join(cell.lower().split()) for cell in row]
        number = next((place for place, head in enumerate(heads) if head in NUMBER_HEADS), None)
        if number is not None:
            name = next((place for place, head in enumerate(heads) if head in NAME_HEADS), -1)
            return number, name, at + 1
    return 0, 1, 0


def _cell(row: Row, column: int) -> str:
    return row[column] if 0 <= column < len(row) else ""
