"""From a checked form to the rubric that sheets are made from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.practical.forms.body import BandBody, CriterionBody, FormBody
from app.practical.marking.rubric import Deduction, Group, Rubric
from app.schemes.scheme import Criterion, Descriptor, PracticalPart


def rubric_of(body: FormBody, part: PracticalPart) -> Rubric:
    """Only of a body without problems; a missing English text is the Chinese one."""
    return Rubric(
        areas=part.sheet.areas,
        criteria=tuple(_criterion(one, part.sheet.step) for one in body.criteria),
        step=part.sheet.step,
        pass_mark=part.pass_mark,
        gap=part.gap,
        deductions=tuple(
            Deduction(one.id, one.name.strip(), one.name_en.strip() or one.name.strip(), Decimal(one.each.strip()),
                      int(Decimal(one.most.strip())))
            for one in body.deductions
        ),
        groups=tuple(
            Group(one.id, one.name.strip(), int(Decimal(one.weight.strip())), one.name_en.strip() or one.name.strip())
            for one in body.groups
        ),
    )  # fmt: skip


def _criterion(one: CriterionBody, step: Decimal) -> Criterion:
    points = Decimal(one.points.strip())
    below = Decimal(one.critical_below.strip()) if one.critical and one.critical_below.strip() else step / 2
    return Criterion(
        one.id, one.area, one.name.strip(), one.name_en.strip() or one.name.strip(), points, one.critical,
        tuple(_descriptors(one.bands, points, step)), below,
    )  # fmt: skip


def _descriptors(bands: Sequence[BandBody], points: Decimal, step: Decimal) -> list[Descriptor]:
    found, high = [], points
    for band in bands:
        if not band.empty():
            low, text = Decimal(band.low.strip()), band.text.strip()
            found.append(Descriptor(band.grade, low, high, text, band.text_en.strip() or text))
            high = low - step
    return found
