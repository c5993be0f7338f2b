"""Whether the answers of a report follow from its tables, and the best roster keeps to its own limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from app.core.errors import N_
from app.schemes.reading import Path, Problem
from question_bank.tasks.formulas import FormulaWrong, computed
from question_bank.tasks.parts import minute_of
from question_bank.tasks.planning import Question, Report, Roster, Shift, Table
from question_bank.tasks.rostering import breaches

_TWICE = N_("“%(name)s” stands twice; each may stand once.")
_UNKNOWN = N_("There is no “%(name)s” here; check its spelling.")


def report(one: Report) -> Iterator[Problem]:
    for number, table in enumerate(one.tables):
        for place, row in enumerate(table.rows):
            if len(row) != len(table.columns):
                message = N_("This row has %(cells)s cells; the table has %(columns)s columns.")
                params = {"cells": len(row), "columns": len(table.columns)}
                yield Problem(("report", "tables", number, "rows", place), message, params)
    yield from _ids([question.id for question in one.questions], ("report", "questions"))
    if all(question.type == "long" for question in one.questions):
        yield Problem(("report", "questions"), N_("At least one question must have an answer that can be compared."))
    for place, question in enumerate(one.questions):
        yield from _question(question, one.tables, ("report", "questions", place))


def _question(one: Question, tables: Sequence[Table], path: Path) -> Iterator[Problem]:
    if (one.type in ("choice", "multiple")) != (one.options is not None):
        yield Problem(path, N_("Questions of type choice and multiple have options, and no others have any."))
        return
    if one.type == "long":
        if one.answer is not None or one.formula is not None:
            yield Problem(path, N_("A long answer is the examiner's to judge: write “guide” instead of an answer."))
        return
    if one.answer is None:
        yield Problem(path, N_("This question needs an answer."))
        return
    if one.type != "multiple" and len(one.answer) > 1:
        yield Problem((*path, "answer"), N_("This question has one answer only."))
    yield from _ids(one.answer, (*path, "answer"), "")
    if one.options is not None:
        yield from _ids(one.options, (*path, "options"), "")
        for answer in one.answer:
            if answer not in one.options:
                yield Problem((*path, "answer"), N_("The answer must be one of the options."))
    if one.type == "number":
        yield from _number(one, tables, path)
    elif one.formula is not None:
        yield Problem((*path, "formula"), N_("Only a number can follow from a formula."))


def _number(one: Question, tables: Sequence[Table], path: Path) -> Iterator[Problem]:
    try:
        told = one.figure or Decimal(0)
        finite = told.is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        yield Problem((*path, "answer"), N_("The answer to a number is a number."))
    elif one.formula is not None:
        try:
            value = computed(one.formula, tables)
        except FormulaWrong as wrong:
            yield Problem((*path, "formula"), wrong.message, wrong.params)
            return
        if abs(value - told) > one.tolerance:
            message = N_("The formula gives %(value)s; the answer says %(told)s, with a tolerance of %(tolerance)s.")
            params = {"value": f"{value:.6g}", "told": told, "tolerance": one.tolerance}
            yield Problem((*path, "answer"), message, params)


def roster(one: Roster) -> Iterator[Problem]:
    path: Path = ("roster",)
    starts = [minute_of(interval.start) for interval in one.intervals]
    for place, (before, after) in enumerate(pairwise(starts), 1):
        if after - before != one.interval_minutes or after <= before:
            message = N_("Intervals follow one another and are equally long; this one is not.")
            yield Problem((*path, "intervals", place, "from"), message)
    for name in ("staff", "shifts"):
        yield from _ids([each.id for each in getattr(one, name)], (*path, name))
    for place, shift in enumerate(one.shifts):
        yield from _shift(shift, (*path, "shifts", place))
    unknown = list(_names(one))
    yield from unknown
    if not unknown:
        for breach in breaches(one, one.best):
            yield Problem((*path, "best"), breach.message, breach.params)


def _shift(shift: Shift, path: Path) -> Iterator[Problem]:
    start, end = minute_of(shift.start), minute_of(shift.end)
    if start >= end:
        yield Problem((*path, "to"), N_("A shift ends later than it begins, on the same day."))
    if shift.rest and not start < minute_of(shift.rest[0]) < minute_of(shift.rest[1]) < end:
        yield Problem((*path, "break"), N_("The break must lie within the shift."))


def _names(one: Roster) -> Iterator[Problem]:
    staff, shifts = {each.id for each in one.staff}, {each.id for each in one.shifts}
    limits = one.limits
    uses: list[tuple[Path, str, set[str]]] = [
        *((("staff", place, "may"), name, shifts) for place, each in enumerate(one.staff) for name in each.may),
        *((("limits", "per_shift", place), each.shift, shifts) for place, each in enumerate(limits.per_shift)),
        *((("limits", "together", place), name, staff) for place, pair in enumerate(limits.together) for name in pair),
        *((("limits", "apart", place), name, staff) for place, pair in enumerate(limits.apart) for name in pair),
        *((("limits", "must_work", place), name, staff) for place, name in enumerate(limits.must_work)),
        *((("best", person), person, staff) for person in one.best),
        *((("best", person), shift, shifts) for person, shift in one.best.items()),
    ]
    for path, name, known in uses:
        if name not in known:
            yield Problem(("roster", *path), _UNKNOWN, {"name": name})


def _ids(names: Sequence[str], path: Path, field: str = "id") -> Iterator[Problem]:
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Problem((*path, place, field) if field else (*path, place), _TWICE, {"name": name})
