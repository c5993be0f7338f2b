"""The figures of agreement as tables, for a workbook or a comma-separated file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.practical.agreeing import Agreement
from app.practical.agreement.doubles import Interval
from app.practical.agreement.shares import Share
from app.practical.agreement.summary import Summary
from app.web.examiner.agreement_words import told
from question_bank.formats.excel_book import LOOKS_LIKE_FORMULA, new_book

Cell = str | float | int | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def tables(found: Agreement, named: Callable[[object], str]) -> list[Table]:
    candidates = Table(
        _("Candidates"),
        [
            _("Session"),
            _("Seat"),
            _("First examiner"),
            _("Second examiner"),
            _("First total"),
            _("Second total"),
            _("Difference"),
        ],
        [
            (
                found.session_of[row.seat],
                row.number,
                found.names.get(row.first.examiner, ""),
                found.names.get(row.second.examiner, ""),
                row.first.total,
                row.second.total,
                row.first.total - row.second.total,
            )
            for row in found.doubles.rows
        ],
    )
    if found.summary is None:
        return [candidates]
    return [*_of_summary(found.summary, found, named), candidates]


def _of_summary(one: Summary, found: Agreement, named: Callable[[object], str]) -> list[Table]:
    bounds = [_("Value"), _("from"), _("to")]
    return [
        Table(_("Overview"), [_("Figure"), *bounds], _overview(one)),
        Table(
            _("Examiners"),
            [
                _("Examiner"),
                _("Sheets"),
                _("Severity"),
                _("from"),
                _("to"),
                _("Drift by hour"),
                _("from"),
                _("to"),
                _("Spread over the criteria"),
            ],
            [
                (
                    found.names.get(who.examiner, ""),
                    who.sheets,
                    *_interval(who.severity),
                    *_interval(who.drift.slope if who.drift else None),
                    _round(who.spread),
                )
                for who in one.examiners
            ],
        ),
        Table(
            _("Criteria"),
            [
                _("Criterion"),
                _("Name"),
                _("Exact"),
                _("Within one step"),
                _("Same band"),
                _("Same or next band"),
                _("Kappa, linear"),
                _("Kappa, quadratic"),
                _("Mean difference"),
            ],
            [
                (
                    each.criterion.id,
                    named(each.criterion),
                    *(
                        _share(share)
                        for share in (
                            each.shares.exact,
                            each.shares.within_step,
                            each.shares.same_band,
                            each.shares.within_band,
                        )
                    ),
                    _round(each.linear),
                    _round(each.quadratic),
                    _round(each.mean_apart),
                )
                for each in one.criteria
            ],
        ),
        Table(
            _("Severity by criterion"),
            [_("Examiner"), _("Criterion"), *bounds],
            [
                (found.names.get(who.examiner, ""), key, *_interval(value))
                for who in one.examiners
                for key, value in who.by_criterion.items()
            ],
        ),
        Table(
            _("Anchors"),
            [_("Seat"), _("Examiner"), _("Total"), _("Experts"), _("Difference")],
            [
                (each.seat, found.names.get(each.examiner, ""), each.total, each.expected, each.deviation)
                for each in one.anchors
            ],
        ),
        Table(
            _("Hints"),
            [_("What was found"), _("What it does not prove"), _("What to do")],
            [(each.found, each.not_proved, each.to_do) for flag in one.flags for each in [told(flag, found.names)]],
        ),
    ]


def _overview(one: Summary) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [
        (_("Candidates marked by two"), one.candidates, None, None),
        (_("Totals that need no third examiner"), *_interval(one.totals.within.share)),
        (_("Totals exactly alike"), *_interval(one.totals.exact.share)),
        (_("Mean difference of two totals"), _round(one.totals.mean_apart), None, None),
    ]
    if one.icc is not None:
        rows += [
            ("ICC(1,1)", *_interval(one.icc.one_random)),
            ("ICC(1,2)", *_interval(one.icc.mean_random)),
            ("ICC(2,1)", *_interval(one.icc.one_agreement)),
            ("ICC(2,2)", *_interval(one.icc.mean_agreement)),
            ("ICC(3,1)", *_interval(one.icc.one_consistency)),
        ]
    return rows


def as_file(kind: str, made: Sequence[Table], name: str) -> Response:
    if kind == "csv":
        return _handed(_csv(made).encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}.csv")
    if kind == "xlsx":
        return _handed(_book(made), XLSX, f"{name}.xlsx")
    raise NotFound()


def _csv(made: Sequence[Table]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    for table in made:
        writer.writerow([safe(table.name)])
        writer.writerow([safe(cell) for cell in table.head])
        writer.writerows([safe(cell) for cell in row] for row in table.rows)
        writer.writerow([])
    return out.getvalue()


def safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula is marked as a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith((*LOOKS_LIKE_FORMULA, "\r", "\n")) else cell


def _book(made: Sequence[Table]) -> bytes:
    with new_book() as (book, content):
        for table in made:
            sheet = book.sheet(table.name[:31])
            for column, head in enumerate(table.head):
                sheet.write_string(0, column, head, book.head)
                sheet.set_column(column, column, 16)
            for row, cells in enumerate(table.rows, 1):
                for column, cell in enumerate(cells):
                    book.put(sheet, row, column, "" if cell is None else cell)
            sheet.freeze_panes(1, 0)
    return content()


def _handed(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _interval(one: Interval | None) -> tuple[Cell, Cell, Cell]:
    return (None, None, None) if one is None else (_round(one.value), _round(one.low), _round(one.high))


def _share(one: Share) -> Cell:
    return _round(one.share.value) if one.share else None


def _round(value: float | None) -> Cell:
    return None if value is None else round(value, 3)
