"""What a workbook is before it is read: no macros, no old or locked format, no more cells than there can be items."""

from __future__ import annotations

import re

from app.core.errors import N_
from question_bank.formats.archive import Archive
from question_bank.formats.values import Unreadable
from question_bank.formats.xml_reading import local, parse

MOST_ROWS = 50_000
MOST_COLUMNS = 400
MOST_SHEET_BYTES = 256 * 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,9})["']""")
_ROW = re.compile(rb"""<(?:[A-Za-z0-9]+:)?row\s[^>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,9})["'][^>]*>\s*<(?:\w+:)?f[\s/>]""")
_PIECE = 2**20
_OVERLAP = 2**12

Cell = tuple[str, int]
"""Letter of the column, number of the row."""


def open_workbook(content: bytes) -> Archive:
    """The workbook's own zip, or one sentence on why it is not read."""
    if content.startswith(_OLE):
        raise Unreadable(N_("This is an old .xls workbook or one locked by a password; save it as plain .xlsx."))
    archive = Archive(content)
    names = archive.names()
    if "xl/workbook.xml" not in archive:
        raise Unreadable(N_("This is no Excel workbook; save it as .xlsx."))
    macros = any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names)
    if macros or b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise Unreadable(
            N_("The workbook holds macros, which are not taken from anyone; save it as .xlsx without them.")
        )
    return archive


def check_sheets(archive: Archive) -> dict[str, frozenset[Cell]]:
    """Cells with formulas by the name of their sheet. Refuses sheets that are too large to be read whole."""
    names = _sheet_names(archive)
    found = {}
    for path in archive.names():
        if path.startswith("xl/worksheets/") and path.endswith(".xml"):
            found[names.get(path, "")] = _check(archive, path, names.get(path, path))
    return found


def _check(archive: Archive, path: str, name: str) -> frozenset[Cell]:
    formulas: set[Cell] = set()
    last = b""
    for piece in archive.pieces(path, _PIECE):
        text = last + piece
        for column, row in _CELL.findall(text):
            if int(row) > MOST_ROWS or _number(column) > MOST_COLUMNS:
                _too_large(name)
        if any(int(row) > MOST_ROWS for row in _ROW.findall(text)):
            _too_large(name)
        formulas |= {(column.decode(), int(row)) for column, row in _FORMULA.findall(text)}
        last = text[-_OVERLAP:]
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
    """Path of a sheet in the zip → its name."""
    rels = archive.fetch("xl/_rels/workbook.xml.rels")
    targets = {one.get("Id"): one.get("Target", "") for one in parse(rels)} if rels else {}
    found = {}
    for one in parse(archive.read("xl/workbook.xml")).iter():
        if local(one) == "sheet":
            mark = next((value for name, value in one.attrib.items() if name.endswith("}id")), "")
            target = targets.get(mark, "")
            found[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = one.get("name", "")
    return found
