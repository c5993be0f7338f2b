"""What the pages of the sheets show: levels with their versions, the builder, one version, the printed sheet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Response, render_template
from sqlalchemy.orm import Session

from app.core.heavy import apart
from app.models import practical as tables
from app.models.sheet_forms import FormState, SheetForm
from app.practical.forms import forms
from app.practical.forms.body import CriterionBody, FormBody
from app.practical.forms.checks import area_sum, hints_of, problems_of
from app.practical.forms.rubric import rubric_of
from app.practical.marking.rubric import Rubric
from app.schemes.scheme import Area, Level, schemes
from app.schemes.scheme import scheme as scheme_of
from app.web.errors import spoken
from app.web.examiner.cards import cards_by_area
from certificates.papers.sheet import pdf as sheet_pdf
from certificates.papers.sheet import wording as sheet_wording
from certificates.papers.sheet.pdf import SheetFace


@dataclass(frozen=True)
class LevelSheets:
    level: Level
    versions: list[SheetForm]

    @property
    def in_force(self) -> SheetForm | None:
        return next((one for one in self.versions if one.state == FormState.IN_FORCE), None)


@dataclass(frozen=True)
class AreaFields:
    """One area of the builder: its criteria with their places in the form, and what they add up to."""

    place: int
    area: Area
    criteria: list[tuple[int, CriterionBody]]
    sum: Decimal | None

    @property
    def agrees(self) -> bool:
        return self.sum == self.area.points


def levels(session: Session) -> list[LevelSheets]:
    return [
        LevelSheets(level, forms.versions(session, level.scheme, level.code))
        for scheme in schemes().values()
        if not scheme.demonstration
        for level in scheme.levels
    ]


def builder(one: SheetForm, body: FormBody, *, refused: str = "", reason: str = "", look_at: str = "") -> str:
    part = forms.part_of(one)
    problems = problems_of(body, part)
    wrong: dict[str, list[str]] = {}
    for problem in problems:
        wrong.setdefault(problem.where, []).append(spoken(problem.message, problem.params))
    return render_template(
        "registrar/sheet_form_edit.html",
        wrong_under=lambda where: [key for key in wrong if key.startswith(f"{where}.")],
        form=one, body=body, level=scheme_of(one.scheme).level(one.level), part=part,
        areas=_areas(body, part.sheet.areas), strays=_strays(body, part.sheet.areas),
        wrong=wrong, problems=len(problems), refused=refused, reason=reason or one.reason, look_at=look_at,
        hints=[spoken(hint.message, hint.params) for hint in hints_of(body, part)],
        weights=sum(int(group.weight) for group in body.groups if group.weight.isascii() and group.weight.isdigit()),
    )  # fmt: skip


def _areas(body: FormBody, areas: tuple[Area, ...]) -> list[AreaFields]:
    return [
        AreaFields(
            place, area, [(index, one) for index, one in enumerate(body.criteria) if one.area == area.name],
            area_sum(body, area.name),
        )
        for place, area in enumerate(areas)
    ]  # fmt: skip


def _strays(body: FormBody, areas: tuple[Area, ...]) -> list[tuple[int, CriterionBody]]:
    """Criteria of areas that this level does not have, such as come from another level's sheet."""
    known = {area.name for area in areas}
    return [(index, one) for index, one in enumerate(body.criteria) if one.area not in known]


def version(session: Session, one: SheetForm) -> str:
    fits = not forms.problems(one)
    return render_template(
        "registrar/sheet_form.html",
        form=one, level=scheme_of(one.scheme).level(one.level), fits=fits, rubric=rubric(one) if fits else None,
        changes=[spoken(change.message, change.params) for change in forms.changes_of(session, one)],
    )  # fmt: skip


def rubric(one: SheetForm) -> Rubric:
    return rubric_of(forms.body(one), forms.part_of(one))


def cards(one: SheetForm) -> Any:
    """As on an examiner's page, with nothing marked."""
    return cards_by_area(tables.RubricSheet(rubric=rubric(one).to_keep(), marks=[]))


def blank(scheme: str, level: str, made: Rubric, form: SheetForm | None) -> SheetFace:
    found = scheme_of(scheme)
    return SheetFace(
        found.name, f"{found.level(level).name} {found.level(level).name_en}", version_name(form), made,
        demonstration=found.demonstration,
    )  # fmt: skip


def version_name(form: SheetForm | None) -> str:
    return sheet_wording.FORM_VERSION.format(number=form.number) if form else sheet_wording.OWN_VERSION


def filled(sheet: tables.RubricSheet, form: SheetForm | None, awarded: dict[str, Decimal]) -> SheetFace:
    """Somebody's signed sheet with its points and notes."""
    sitting, seat = sheet.seat.session, sheet.seat
    empty = blank(sitting.scheme, sitting.level, Rubric.kept(sheet.rubric), form)
    place = sheet_wording.ORDERS.get(sheet.order) or _group_name(empty.rubric, sheet.rater_group)
    return SheetFace(
        empty.scheme, empty.level, empty.version, empty.rubric, session=str(sitting.id), seat=str(seat.number),
        candidate=seat.application.candidate.name, place=place, rater=sheet.examiner.name, awarded=awarded,
        notes={mark.criterion: mark.note for mark in sheet.marks if mark.note}, signed_at=sheet.signed_at,
        demonstration=sitting.demonstration,
    )  # fmt: skip


def _group_name(rubric: Rubric, group: str) -> str:
    return next((f"{one.name} {one.name_en}" for one in rubric.groups if one.id == group), group)


def pdf(face: SheetFace, name: str) -> Response:
    content = apart(sheet_pdf.draw, [face])
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)
