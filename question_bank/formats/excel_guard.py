"""What a workbook is before it is read: no macros, no old or locked format, no more cells than there can be items."""

from __future__ import annotations

import posixpath
import re

from app.core.errors import N_
from question_bank.formats.archive import Archive
from question_bank.formats.values import Unreadable
from question_bank.formats.xml_reading import local, parse

MOST_ROWS = 50_000
MOST_COLUMNS = 400
MOST_CELLS = 5_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,9})["']""")
_ROW = re.compile(rb"""<(?:[A-Za-z0-9]+:)?row\s[^<>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,9})["'][^<>]*>\s*<(?:\w+:)?f[\s/>]""")
_TAG = re.compile(rb"""<(?:\w+:)?(row|c)(?=[\s/>])([^<>]*)>""")
_PLACED = re.compile(rb"""\sr\s*=""")
_PIECE = 2**20
_OVERLAP = 2**12

Cell = tuple[str, int]
"""Letter of the column, number of the row."""


_NO_WORKBOOK = N_(
    "This is no Excel workbook, whatever its name says. Open it in Excel or WPS, choose “Save as” .xlsx, and try again."
)


def open_workbook(content: bytes) -> Archive:
    """The workbook's own zip, or one sentence on why it is not read."""
    if content.startswith(_OLE):
        raise Unreadable(N_("This is an old .xls workbook or one locked by a password; save it as plain .xlsx."))
    if not content.startswith(b"PK"):
        raise Unreadable(_NO_WORKBOOK)
    archive = Archive(content)
    names = archive.names()
    if "xl/workbook.xml" not in archive:
        raise Unreadable(_NO_WORKBOOK)
    macros = any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names)
    if macros or b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise Unreadable(
            N_("The workbook holds macros, which are not taken from anyone; save it as .xlsx without them.")
        )
    return archive


def check_sheets(archive: Archive) -> dict[str, frozenset[Cell]]:
    """Cells with formulas by the name of their sheet. Refuses sheets that are too large to be read whole.

    A sheet may lie anywhere in the package and under any spelling of its path, so every file is looked at.
    """
    names = _sheet_names(archive)
    found: dict[str, frozenset[Cell]] = {}
    cells = 0
    for path in archive.names():
        name = names.get(path.lower(), path)
        size = _Size(name)
        formulas = _check(archive, path, size)
        cells += size.cells()
        if cells > MOST_CELLS:
            message = N_("Sheet %(sheet)s reaches too far; delete its empty rows and columns, or split it.")
            raise Unreadable(message, sheet=name)
        found[name] = found.get(name, frozenset()) | formulas
    return found


class _Size:
    """How far a sheet reaches, by what its cells say and by their number where they say nothing."""

    def __init__(self, name: str) -> None:
        self.name, self.rows, self.columns = name, 0, 0
        self._counted = self._bare = 0

    def reach(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.rows > MOST_ROWS or self.columns > MOST_COLUMNS:
            _too_large(self.name)

    def count(self, tag: bytes, told: bytes) -> None:
        if tag == b"row":
            self._counted, self._bare = self._counted + 1, 0
            self.reach(self._counted, 0)
        elif not _PLACED.search(told):
            self._bare += 1
            self.reach(0, self._bare)

    def cells(self) -> int:
        return self.rows * self.columns


def _check(archive: Archive, path: str, size: _Size) -> frozenset[Cell]:
    formulas: set[Cell] = set()
    last, begun = b"", 0
    for piece in archive.pieces(path, _PIECE):
        text = last + piece
        for column, row in _CELL.findall(text):
            size.reach(int(row), _number(column))
        for row in _ROW.findall(text):
            size.reach(int(row), 0)
        for tag in _TAG.finditer(text, begun):
            size.count(tag[1], tag[2])
            begun = tag.end()
        formulas |= {(column.decode(), int(row)) for column, row in _FORMULA.findall(text)}
        last = text[-_OVERLAP:]
        begun = max(0, begun - (len(text) - len(last)))
    return frozenset(formulas)


def _too_large(name: str) -> None:
    message = N_("Sheet %(sheet)s has more than %(rows)s rows or %(columns)s columns; split it.")
    raise Unreadable(message, sheet=name, rows=MOST_ROWS, columns=MOST_COLUMNS)


def _number(column: bytes) -> int:
    total = 0
    for sign in column.upper():
        total = total * 26 + sign - 64
    return total


def _sheet_names(archive: Archive) -> dict[str, str]:
    """Path of a sheet in the zip, in small letters → its name."""
    rels = archive.fetch("xl/_rels/workbook.xml.rels")
    targets = {one.get("Id"): one.get("Target", "") for one in parse(rels)} if rels else {}
    found = {}
    for one in parse(archive.read("xl/workbook.xml")).iter():
        if local(one) == "sheet":
            mark = next((value for name, value in one.attrib.items() if name.endswith("}id")), "")
            target = targets.get(mark, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found[posixpath.normpath(path).lower()] = one.get("name", "")
    return found
