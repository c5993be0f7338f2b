"""What must fit together in a scheme although each field alone is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.core.errors import N_
from app.schemes.decisions import SchemeDoc
from app.schemes.document import TableDoc
from app.schemes.reading import Path, Problem
from app.schemes.sheet_checks import sheets
from app.schemes.tasks import tasks

PREREQUISITE = "holds_{}_certificate"
RECOMMENDATION = "recommended_by_current_employer"


def problems(doc: SchemeDoc) -> list[Problem]:
    checks: tuple[Callable[[SchemeDoc], Iterator[Problem]], ...] = (
        _unique, _eligibility, _tables, _coverage, _paper, _marks_and_times, _terms, sheets, tasks,
    )  # fmt: skip
    return [problem for check in checks for problem in check(doc)]


def _unique(doc: SchemeDoc) -> Iterator[Problem]:
    named: list[tuple[Path, list[str]]] = [
        (("levels",), [level.code for level in doc.levels]),
        (("levels",), [level.name.zh for level in doc.levels]),
        (("theory", "table", "rows"), [row.no for row in doc.theory.table.rows]),
        (("practical", "table", "rows"), [row.no for row in doc.practical.table.rows]),
        (("basic_knowledge",), [content.name.zh for content in doc.basic_knowledge]),
        (("body_decisions", "paper", "values", "types"), [form.type for form in doc.body_decisions.paper.values.types]),
    ]
    for index, level in enumerate(doc.levels):
        named.append((("levels", index, "work_contents"), [content.name.zh for content in level.work_contents]))
    message = N_("%(file)s, line %(line)s, %(field)s: “%(name)s” stands twice; each may stand once.")
    for path, names in named:
        for index, name in enumerate(names):
            if name in names[:index]:
                yield Problem((*path, index), message, {"name": name})


def _eligibility(doc: SchemeDoc) -> Iterator[Problem]:
    """`any_of` lists what applicants declare; `all_of` what is looked up, so it must be something we can look up."""
    message = N_(
        "%(file)s, line %(line)s, %(field)s: “%(condition)s” cannot be looked up; under all_of stand certificates of "
        "lower levels (holds_LEVEL_certificate) and recommended_by_current_employer, and they stand nowhere else."
    )
    for index, level in enumerate(doc.levels):
        checked = {PREREQUISITE.format(lower.code) for lower in doc.levels[:index]} | {RECOMMENDATION}
        for place, condition in enumerate(level.eligibility.all_of):
            if condition not in checked:
                yield Problem(("levels", index, "eligibility", "all_of", place), message, {"condition": condition})
        for place, condition in enumerate(level.eligibility.any_of):
            if condition in checked or condition.startswith("holds_"):
                yield Problem(("levels", index, "eligibility", "any_of", place), message, {"condition": condition})


def _tables(doc: SchemeDoc) -> Iterator[Problem]:
    yield from _table(doc, ("theory", "table"), doc.theory.table)
    yield from _table(doc, ("practical", "table"), doc.practical.table)
    for code, total in doc.theory.table.totals.items():
        if total is None:
            message = N_("%(file)s, line %(line)s, %(field)s: the theory table needs a total for every level.")
            yield Problem(("theory", "table", "totals", code), message)


def _table(doc: SchemeDoc, path: Path, table: TableDoc) -> Iterator[Problem]:
    yield from level_keys(doc, (*path, "totals"), table.totals)
    for index, row in enumerate(table.rows):
        yield from level_keys(doc, (*path, "rows", index, "weights"), row.weights)
    message = N_(
        "%(file)s, line %(line)s, %(field)s: the percentages of the rows add up to %(sum)s, the total says %(total)s."
    )
    for code, total in table.totals.items():
        found = sum(row.weights.get(code, 0) for row in table.rows)
        if found != (total or 0) or total not in (None, 100):
            yield Problem((*path, "totals", code), message, {"sum": found, "total": total or 0})


def level_keys(doc: SchemeDoc, path: Path, keys: object) -> Iterator[Problem]:
    """The mapping at `path` names every level once and nothing else."""
    codes, found = [level.code for level in doc.levels], list(keys)  # type: ignore[call-overload]
    for key in found:
        if key not in codes:
            message = N_("%(file)s, line %(line)s, %(field)s: “%(level)s” is not a level of this scheme.")
            yield Problem((*path, key), message, {"level": key})
    for code in codes:
        if code not in found:
            yield Problem((*path, code), N_("%(file)s, line %(line)s, %(field)s: this field is missing; add it."))


def _coverage(doc: SchemeDoc) -> Iterator[Problem]:
    path: Path = ("body_decisions", "coverage", "values", "coverage")
    coverage = doc.body_decisions.coverage.values.coverage
    yield from level_keys(doc, path, coverage)
    rows = {row.no: row for row in doc.theory.table.rows}
    basic = {content.name.zh for content in doc.basic_knowledge}
    for level in doc.levels:
        covered, used = coverage.get(level.code, {}), set[str]()
        known = basic | {content.name.zh for content in level.work_contents}
        for no, names in covered.items():
            here = (*path, level.code, no)
            if no not in rows:
                yield Problem(
                    here, N_("%(file)s, line %(line)s, %(field)s: the theory table has no row “%(row)s”."), {"row": no}
                )
                continue
            for index, name in enumerate(names):
                if name not in known | {rows[no].name.zh}:
                    message = N_("%(file)s, line %(line)s, %(field)s: the level has no work content “%(name)s”.")
                    yield Problem((*here, index), message, {"name": name})
                elif name in used:
                    message = N_("%(file)s, line %(line)s, %(field)s: “%(name)s” stands twice; each may stand once.")
                    yield Problem((*here, index), message, {"name": name})
                used.add(name)
        for no, row in rows.items():
            if row.weights.get(level.code) and not covered.get(no):
                message = N_(
                    "%(file)s, line %(line)s, %(field)s: row “%(row)s” has a weight but covers no work content."
                )
                yield Problem((*path, level.code, no), message, {"row": no})


def _paper(doc: SchemeDoc) -> Iterator[Problem]:
    marks = sum(form.count * form.marks for form in doc.body_decisions.paper.values.types)
    if marks != doc.theory.full_marks:
        message = N_("%(file)s, line %(line)s, %(field)s: the items bring %(sum)s marks, full marks are %(total)s.")
        yield Problem(
            ("body_decisions", "paper", "values", "types"), message, {"sum": marks, "total": doc.theory.full_marks}
        )


def _marks_and_times(doc: SchemeDoc) -> Iterator[Problem]:
    for name, part in (("theory", doc.theory), ("practical", doc.practical)):
        if part.pass_mark > part.full_marks:
            message = N_("%(file)s, line %(line)s, %(field)s: the pass mark %(mark)s is above full marks %(total)s.")
            yield Problem((name, "pass_mark"), message, {"mark": part.pass_mark, "total": part.full_marks})
    clock = doc.body_decisions.clock.values
    for field in ("late_entry_minutes", "hand_in_hold_minutes"):
        if getattr(clock, field) > doc.theory.minutes:
            message = N_("%(file)s, line %(line)s, %(field)s: this is longer than the exam of %(minutes)s minutes.")
            yield Problem(("body_decisions", "clock", "values", field), message, {"minutes": doc.theory.minutes})
    marking = doc.body_decisions.marking.values
    for field in ("max_first", "max_second"):
        if getattr(marking, field) > doc.practical.examiner_ratio:
            message = N_("%(file)s, line %(line)s, %(field)s: this is above the examiner ratio of %(ratio)s.")
            yield Problem(
                ("body_decisions", "marking", "values", field), message, {"ratio": doc.practical.examiner_ratio}
            )


def _terms(doc: SchemeDoc) -> Iterator[Problem]:
    validity = doc.body_decisions.validity.values
    if validity.renewal is None:
        return
    path: Path = ("body_decisions", "validity", "values", "renewal")
    if validity.certificate_valid_months is None:
        yield Problem(path, N_("%(file)s, line %(line)s, %(field)s: certificates without an end are not renewed."))
    elif validity.renewal.months_before > validity.certificate_valid_months:
        message = N_("%(file)s, line %(line)s, %(field)s: this is longer than the term of %(months)s months.")
        yield Problem((*path, "months_before"), message, {"months": validity.certificate_valid_months})
