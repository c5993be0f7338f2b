"""Items from a workbook: any sheet whose headings name a stem, whatever the order of its columns."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from app.core.errors import N_
from question_bank import item_shape as shape
from question_bank.file_problems import FileProblem
from question_bank.formats.excel_cells import CellProblem, gathered, value, words
from question_bank.formats.excel_columns import ITEM_HEADINGS, STIMULUS_HEADINGS, letters_of, plain
from question_bank.formats.excel_guard import Cell, check_sheets, open_workbook
from question_bank.formats.values import Entries, Entry, Loss, Unreadable
from question_bank.media_files import Fetch, nothing, one_media, shown_media
from question_bank.progress import SILENT, Progress
from question_bank.stimuli import SOUNDS, Stimulus

HEADINGS_WITHIN = 10
EXAMPLE = "（示例）"
"""The codes of the template's example rows begin so, as no real code can; the rows are passed over."""
_STEPS = 500
Rows = list[list[Any]]


def read_excel(content: bytes, file: str, fetch: Fetch = nothing, progress: Progress = SILENT) -> Entries:
    archive = open_workbook(content)
    formulas = check_sheets(archive)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError):
        raise Unreadable(N_("The workbook cannot be read; open it, save it as .xlsx and try again.")) from None
    reader = _Workbook(file, fetch, formulas, progress)
    reader.read(sheets)
    if any(name.startswith("xl/media/") for name in archive.names()):
        message = N_("Pictures set into the workbook itself are not read; put them beside it and write ![…](name).")
        reader.found.losses.append(Loss("", "media", message, file=file))
    return reader.found


class _Workbook:
    def __init__(self, file: str, fetch: Fetch, formulas: Mapping[str, frozenset[Cell]], progress: Progress) -> None:
        self.file, self.fetch, self.formulas, self.progress = file, fetch, formulas, progress
        self.found = Entries()
        self.stimuli: dict[str, Stimulus] = {}

    def read(self, sheets: Mapping[str, Rows]) -> None:
        told = {name: (rows, *headings(rows)) for name, rows in sheets.items()}
        for name, (rows, row, fields, _) in told.items():
            if "stem" not in fields.values() and {"id", "title"} <= set(_stimulus_fields(rows, row).values()):
                self.read_stimuli(name, rows, row)
        items = [(name, *rest) for name, rest in told.items() if "stem" in rest[2].values()]
        if not items:
            raise Unreadable(N_("No sheet has the headings of a bank, such as 题干 (Stem) and 答案 (Key)."))
        self.progress.begin(N_("Reading rows"), sum(len(rows) for _, rows, *_ in items))
        for name, rows, row, fields, others in items:
            for column, heading in others.items():
                message = N_(
                    "Column %(column)s (%(heading)s) of sheet %(sheet)s is not read; its heading is not known."
                )
                params = {"column": letters_of(column), "heading": heading[:40], "sheet": name}
                self.found.losses.append(Loss("", heading[:40], message, params, self.file, row + 1))
            self.read_items(name, rows, row, fields)

    def read_items(self, sheet: str, rows: Rows, heading: int, fields: Mapping[int, str]) -> None:
        columns = {name: letters_of(column) for column, name in fields.items()}
        for place in range(heading + 1, len(rows)):
            if not place % _STEPS:
                self.progress.advance(_STEPS)
            cells = _filled(rows[place], fields)
            if not cells or _repeats_headings(cells) or str(cells.get("id", "")).startswith(EXAMPLE):
                continue
            entry = Entry(self.file, place + 1, sheet=sheet, columns=columns)
            self.fill(entry, cells)
            self.found.add(entry)
        self.progress.advance(len(rows) % _STEPS)

    def fill(self, entry: Entry, cells: Mapping[str, Any]) -> None:
        def report(name: str, message: str, /, **params: Any) -> None:
            column = entry.columns.get(name, "")
            code = words(cells["id"]) if isinstance(cells.get("id"), str | float | int) else ""
            entry.problems.append(FileProblem(entry.file, entry.line, message, params, code, name, entry.sheet, column))

        values: dict[str, Any] = {}
        locked = self.formulas.get(entry.sheet, frozenset())
        for name, cell in cells.items():
            if (entry.columns[name], entry.line) in locked:
                report(name, N_("This cell holds a formula; write its value instead."))
                continue
            try:
                values[name] = value(name, cell)
            except CellProblem as problem:
                report(name, problem.message, **problem.params)
        entry.given = gathered(values)
        code = entry.given.pop("stimulus", None)
        if code is not None:
            entry.stimulus = self.stimuli.get(str(code))
            if entry.stimulus is None:
                report("stimulus", N_("No stimulus of this id stands in the sheet of stimuli."))
        texts = {"stem": entry.given.get("stem")}
        texts |= {f"options.{one}": text for one, text in entry.given.get("options", {}).items()}
        entry.media = shown_media(texts, self.fetch, report)

    def read_stimuli(self, sheet: str, rows: Rows, heading: int) -> None:
        fields = _stimulus_fields(rows, heading)
        columns = {name: letters_of(column) for column, name in fields.items()}
        for place in range(heading + 1, len(rows)):
            cells = _filled(rows[place], fields)
            if not cells or _repeats_headings(cells) or str(cells.get("id", "")).startswith(EXAMPLE):
                continue
            self.one_stimulus(sheet, place + 1, columns, cells)

    def one_stimulus(self, sheet: str, line: int, columns: Mapping[str, str], cells: Mapping[str, Any]) -> None:
        given: dict[str, Any] = {}

        def report(name: str, message: str, /, **params: Any) -> None:
            code, column = str(given.get("id", "")), columns.get(name, "")
            self.found.problems.append(FileProblem(self.file, line, message, params, code, name, sheet, column))

        for name, cell in cells.items():
            if (columns[name], line) in self.formulas.get(sheet, frozenset()):
                report(name, N_("This cell holds a formula; write its value instead."))
                continue
            try:
                given[name] = value(name, cell)
            except CellProblem as problem:
                report(name, problem.message, **problem.params)
        media = shown_media({"text": given.get("text")}, self.fetch, report)
        if given.get("audio"):
            media |= one_media(given["audio"], "audio", SOUNDS, self.fetch, report)
        if str(given.get("id", "")) in self.stimuli:
            report("id", N_("Another stimulus of this file has the same id; give each its own."))
        self.stimuli[str(given.get("id", ""))] = shape.stimulus(given, media, report)


def headings(rows: Rows) -> tuple[int, dict[int, str], dict[int, str]]:
    """The row that names most fields, its columns by field, and its columns that are not known."""
    best: tuple[int, dict[int, str]] = (0, {})
    for place, row in enumerate(rows[:HEADINGS_WITHIN]):
        fields: dict[int, str] = {}
        for column, cell in enumerate(row):
            name = ITEM_HEADINGS.get(plain(cell), "") if isinstance(cell, str) else ""
            if name and name not in fields.values():
                fields[column] = name
        if len(fields) > len(best[1]):
            best = (place, fields)
    place, fields = best
    named = enumerate(rows[place]) if rows else ()
    others = {column: words(cell) for column, cell in named if column not in fields and isinstance(cell, str) and cell}
    return place, fields, others


def _stimulus_fields(rows: Rows, place: int) -> dict[int, str]:
    """The columns of a sheet of stimuli."""
    fields: dict[int, str] = {}
    for column, cell in enumerate(rows[place] if rows else ()):
        name = STIMULUS_HEADINGS.get(plain(cell), "") if isinstance(cell, str) else ""
        if name and name not in fields.values():
            fields[column] = name
    return fields


def _filled(row: list[Any], fields: Mapping[int, str]) -> dict[str, Any]:
    """Cells that hold something, by field."""
    cells = {name: row[column] for column, name in fields.items() if column < len(row)}
    return {name: cell for name, cell in cells.items() if not isinstance(cell, str) or cell.strip()}


def _repeats_headings(cells: Mapping[str, Any]) -> bool:
    """The English names under the Chinese ones."""
    known = [name for name, cell in cells.items() if ITEM_HEADINGS.get(plain(cell)) == name]
    return len(known) > len(cells) // 2
