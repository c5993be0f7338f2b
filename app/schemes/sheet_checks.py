"""What must fit together in the rubric sheets: areas, criteria, bands of points."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.core.errors import N_
from app.schemes.decisions import AreaDoc, SchemeDoc
from app.schemes.document import CriterionDoc
from app.schemes.reading import Path, Problem


def areas_of(doc: SchemeDoc, level: str) -> list[AreaDoc]:
    """The practical table's rows as areas; where the table gives a level no weights, the body's decision."""
    full = doc.practical.full_marks
    weighted = [row for row in doc.practical.table.rows if row.weights.get(level)]
    if weighted:
        return [AreaDoc(name=row.name, points=row.weights[level] * full // 100) for row in weighted]
    return list(doc.body_decisions.practical_areas.values.areas.get(level, []))


def sheets(doc: SchemeDoc) -> Iterator[Problem]:
    codes = [level.code for level in doc.levels]
    for code in doc.practical.sheets:
        if code not in codes:
            message = N_("%(file)s, line %(line)s, %(field)s: “%(level)s” is not a level of this scheme.")
            yield Problem(("practical", "sheets", code), message, {"level": code})
    seen: set[str] = set()
    for code in codes:
        if code not in doc.practical.sheets:
            message = N_("%(file)s, line %(line)s, %(field)s: this field is missing; add it.")
            yield Problem(("practical", "sheets", code), message)
            continue
        yield from _points(doc, code)
        for index, criterion in enumerate(doc.practical.sheets[code]):
            path: Path = ("practical", "sheets", code, index)
            if criterion.id in seen:
                message = N_("%(file)s, line %(line)s, %(field)s: “%(name)s” stands twice; each may stand once.")
                yield Problem((*path, "id"), message, {"name": criterion.id})
            seen.add(criterion.id)
            yield from _threshold(criterion, path)
            yield from _bands(criterion, path, doc.body_decisions.marking.values.step)
    yield from _decided_areas(doc, codes)


def _decided_areas(doc: SchemeDoc, codes: list[str]) -> Iterator[Problem]:
    for code in doc.body_decisions.practical_areas.values.areas:
        path: Path = ("body_decisions", "practical_areas", "values", "areas", code)
        if code not in codes:
            message = N_("%(file)s, line %(line)s, %(field)s: “%(level)s” is not a level of this scheme.")
            yield Problem(path, message, {"level": code})
        elif any(row.weights.get(code) for row in doc.practical.table.rows):
            message = N_(
                "%(file)s, line %(line)s, %(field)s: the practical table already gives this level its weights."
            )
            yield Problem(path, message)


def _points(doc: SchemeDoc, code: str) -> Iterator[Problem]:
    path: Path = ("practical", "sheets", code)
    areas = {area.name.zh: area.points for area in areas_of(doc, code)}
    total = sum(areas.values())
    if total != doc.practical.full_marks:
        message = N_("%(file)s, line %(line)s, %(field)s: the areas bring %(sum)s points, full marks are %(total)s.")
        yield Problem(path, message, {"sum": total, "total": doc.practical.full_marks})
    found = dict.fromkeys(areas, 0)
    for index, criterion in enumerate(doc.practical.sheets[code]):
        if criterion.area not in areas:
            message = N_("%(file)s, line %(line)s, %(field)s: the sheet has no area “%(area)s”.")
            yield Problem((*path, index, "area"), message, {"area": criterion.area})
        else:
            found[criterion.area] += criterion.points
    for area, points in areas.items():
        if found[area] != points:
            message = N_(
                "%(file)s, line %(line)s, %(field)s: the criteria of “%(area)s” bring %(sum)s points, "
                "the area has %(total)s."
            )
            yield Problem(path, message, {"area": area, "sum": found[area], "total": points})


def _threshold(criterion: CriterionDoc, path: Path) -> Iterator[Problem]:
    below = criterion.critical_below
    if below is not None and not (criterion.critical and below <= criterion.points):
        message = N_(
            "%(file)s, line %(line)s, %(field)s: only a critical criterion has a threshold, and at most its own points,"
            " %(points)s."
        )
        yield Problem((*path, "critical_below"), message, {"points": criterion.points})


def _bands(criterion: CriterionDoc, path: Path, step: Decimal) -> Iterator[Problem]:
    """From the best grade down, the bands meet without a gap and reach from full points to 0."""
    message = N_(
        "%(file)s, line %(line)s, %(field)s: the band must end at %(expected)s points, without gap or overlap; "
        "it ends at %(found)s."
    )
    expected, last = Decimal(criterion.points), None
    for grade, descriptor in criterion.descriptors.items():
        here = (*path, "descriptors", grade, "points")
        low, high = descriptor.points
        if high != expected:
            yield Problem(here, message, {"expected": expected, "found": high})
        if low > high or low % step or high % step:
            wrong = N_("%(file)s, line %(line)s, %(field)s: a band goes from low to high in steps of %(step)s.")
            yield Problem(here, wrong, {"step": step})
        expected, last = low - step, low
    if last != 0:
        wrong = N_("%(file)s, line %(line)s, %(field)s: the lowest band must begin at 0 points.")
        yield Problem((*path, "descriptors", grade, "points"), wrong)
