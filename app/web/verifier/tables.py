"""The answers as a table, in the form in which the list came."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from flask import Response
from flask_babel import gettext as _

from app.schemes.scheme import scheme
from app.web.state_names import state_name
from app.web.verifier.wording import told
from certificates.register.batch_check import Answer
from question_bank.formats.excel_book import LOOKS_LIKE_FORMULA, new_book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = (26, 16, 30, 12, 30, 10, 14, 14, 20)


def as_file(answers: Sequence[Answer], *, workbook: bool, day: date) -> Response:
    """A workbook for a workbook, separated values for everything else."""
    name = f"certificate-check-{day.isoformat()}"
    rows = [_head(), *map(_row, answers)]
    if workbook:
        return _handed(_book(rows), XLSX, f"{name}.xlsx")
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return _handed(out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}.csv")


def safe(cell: str) -> str:
    """A text that a spreadsheet would take for a formula is marked as a text."""
    return f"'{cell}" if cell.startswith((*LOOKS_LIKE_FORMULA, "\r", "\n")) else cell


def _head() -> list[str]:
    return [
        _("Number"), _("Name"), _("Finding"), _("Status today"), _("Assessment"), _("Level"), _("Date of issue"),
        _("Valid until"), _("Note"),
    ]  # fmt: skip


def _row(answer: Answer) -> list[str]:
    one, asked = answer.certificate, answer.question
    if one is None:
        return [asked.serial, asked.name, told(answer), "", "", "", "", "", ""]
    standard = scheme(one.scheme)
    return [
        one.serial,
        asked.name or answer.holder or "",
        told(answer),
        state_name("lapsed" if answer.verdict == "expired" else answer.verdict),
        f"{standard.name} ({standard.code})",
        standard.level(one.level).name,
        one.issued_on.isoformat(),
        one.expires_on.isoformat() if one.expires_on else "",
        _("Demonstration: certifies nothing") if one.demonstration else "",
    ]


def _book(rows: Sequence[Sequence[str]]) -> bytes:
    with new_book() as (book, content):
        sheet = book.sheet(_("Findings")[:31])
        for column, (head, width) in enumerate(zip(rows[0], _WIDTHS, strict=True)):
            sheet.write_string(0, column, head, book.head)
            sheet.set_column(column, column, width)
        for row, cells in enumerate(rows[1:], 1):
            for column, cell in enumerate(cells):
                book.put(sheet, row, column, cell)
        sheet.freeze_panes(1, 0)
    return content()


def _handed(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=media_type, headers=headers)
