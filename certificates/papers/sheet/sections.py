"""The tables of a printed rubric sheet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.practical.marking.rubric import Rubric
from app.schemes.scheme import Area, Criterion, Descriptor
from certificates.papers.record.layout import Flow
from certificates.papers.sheet import wording

Awarded = Mapping[str, Decimal] | None


def area_table(flow: Flow, rubric: Rubric, area: Area, awarded: Awarded, notes: Mapping[str, str]) -> None:
    """A row for each criterion: what it asks, a box for each band, and the points."""
    criteria = [criterion for criterion in rubric.criteria if criterion.area == area.name]
    if not criteria:
        return
    widest = max(criteria, key=lambda criterion: len(criterion.descriptors)).descriptors
    flow.heading(
        wording.AREA.format(name=" ".join(dict.fromkeys((area.name, area.name_en))), points=plain(area.points))
    )
    head = (wording.CRITERION, *(band.grade for band in widest), wording.POINTS)
    rows = [_row(criterion, len(widest), rubric, awarded, notes.get(criterion.id, "")) for criterion in criteria]
    flow.table(rows, (3.4, *(3 for _ in widest), 1.7), head)


def _row(criterion: Criterion, bands: int, rubric: Rubric, awarded: Awarded, note: str) -> tuple[str, ...]:
    given = awarded.get(criterion.id) if awarded is not None else None
    cells = [_band(band, given) for band in criterion.descriptors]
    points = plain(given) if given is not None else ""
    return (_what(criterion, rubric, note), *cells, *("" for _ in range(bands - len(cells))), points)


def _what(criterion: Criterion, rubric: Rubric, note: str) -> str:
    told = [f"{'★ ' if criterion.critical else ''}{criterion.id} {criterion.name}\n{plain(criterion.points)} 分"]
    if criterion.critical and criterion.critical_below > rubric.step:
        told.append(wording.BELOW.format(below=plain(criterion.critical_below)))
    elif criterion.critical:
        told.append(wording.NONE_AT_ALL)
    if note:
        told.append(f"{wording.NOTE}：{note}")
    return "\n".join(told)


def _band(band: Descriptor, given: Decimal | None) -> str:
    ticked = given is not None and band.low <= given <= band.high
    span = plain(band.low) if band.low == band.high else f"{plain(band.low)}–{plain(band.high)}"
    return f"{wording.TICKED_BOX if ticked else wording.EMPTY_BOX} {span}\n{band.text}"


def deduction_table(flow: Flow, rubric: Rubric, awarded: Awarded) -> None:
    flow.heading(wording.DEDUCTIONS)
    rows = []
    for one in rubric.deductions:
        times = awarded.get(one.id, Decimal(0)) if awarded is not None else None
        off = plain(times * one.points_each) if times is not None else ""
        told = plain(times) if times is not None else ""
        name = " ".join(dict.fromkeys((one.name, one.name_en)))
        rows.append((f"{one.id} {name}", plain(one.points_each), str(one.most_times), told, off))
    flow.table(rows, (6, 2, 2, 2, 2), wording.DEDUCTION_HEAD)


def plain(figure: Decimal | int) -> str:
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
