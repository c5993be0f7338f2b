"""What a registrar types into a sheet, kept exactly as typed: a draft may hold what does not fit yet."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.practical.marking.rubric import EXAMINERS, SELF, Deduction, Group, Rubric
from app.schemes.scheme import Criterion

Key = Annotated[str, StringConstraints(max_length=80)]
Line = Annotated[str, StringConstraints(max_length=2000)]
Figure = Annotated[str, StringConstraints(max_length=40)]
"""Wider than what a sheet takes: too long a text is kept and named, not cut off."""
GRADES = ("优", "良", "中", "差")
MOST_CRITERIA, MOST_DEDUCTIONS, MOST_GROUPS, MOST_BANDS = 60, 20, 6, 8


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BandBody(_Part):
    """A band reaches from its lowest points up to where the one above it begins."""

    grade: Key = ""
    low: Figure = ""
    text: Line = ""
    text_en: Line = ""

    def empty(self) -> bool:
        return not (self.low or self.text or self.text_en)


class CriterionBody(_Part):
    id: Key
    area: Line = ""
    name: Line = ""
    name_en: Line = ""
    points: Figure = ""
    critical: bool = False
    critical_below: Figure = ""
    """Empty: only without any points."""
    bands: tuple[BandBody, ...] = Field(default=(), max_length=MOST_BANDS)


class DeductionBody(_Part):
    id: Key
    name: Line = ""
    name_en: Line = ""
    each: Figure = ""
    most: Figure = ""


class GroupBody(_Part):
    id: Key
    name: Line = ""
    name_en: Line = ""
    weight: Figure = ""


class FormBody(_Part):
    criteria: tuple[CriterionBody, ...] = Field(default=(), max_length=MOST_CRITERIA)
    deductions: tuple[DeductionBody, ...] = Field(default=(), max_length=MOST_DEDUCTIONS)
    groups: tuple[GroupBody, ...] = Field(default=(), max_length=MOST_GROUPS)


ATTENDANCE = (
    DeductionBody(id="D01", name="迟到或早退", name_en="Late or left early", each="1", most="5"),
    DeductionBody(id="D02", name="无故缺席", name_en="Absent without reason", each="5", most="4"),
)
"""As attendance lists take points off."""
RATERS = (
    GroupBody(id=SELF, name="自评", name_en="Self", weight="20"),
    GroupBody(id="group", name="小组评", name_en="Group", weight="30"),
    GroupBody(id=EXAMINERS, name="教师评", name_en="Teachers", weight="50"),
)
"""The weights that occur in practice: self 20, group 30, teachers 50. The teachers are the panel's examiners."""


def body_of(rubric: Rubric) -> FormBody:
    """A rubric as if it had been typed."""
    return FormBody(
        criteria=tuple(_criterion(rubric, one) for one in rubric.criteria),
        deductions=tuple(map(_deduction, rubric.deductions)),
        groups=tuple(map(_group, rubric.groups)),
    )


def _criterion(rubric: Rubric, one: Criterion) -> CriterionBody:
    threshold = plain(one.critical_below) if one.critical and one.critical_below > rubric.step / 2 else ""
    return CriterionBody(
        id=one.id, area=one.area, name=one.name, name_en=one.name_en, points=plain(one.points), critical=one.critical,
        critical_below=threshold,
        bands=tuple(
            BandBody(grade=band.grade, low=plain(band.low), text=band.text, text_en=band.text_en)
            for band in one.descriptors
        ),
    )  # fmt: skip


def _deduction(one: Deduction) -> DeductionBody:
    return DeductionBody(
        id=one.id, name=one.name, name_en=one.name_en, each=plain(one.points_each), most=str(one.most_times)
    )


def _group(one: Group) -> GroupBody:
    return GroupBody(id=one.id, name=one.name, name_en=one.name_en, weight=str(one.weight))


def plain(figure: object) -> str:
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
