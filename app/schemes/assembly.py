"""From a checked document to the values the engine asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from app.schemes import sheet, values
from app.schemes.checks import PREREQUISITE, RECOMMENDATION
from app.schemes.decisions import DecisionsDoc, SchemeDoc
from app.schemes.document import ContentDoc, CriterionDoc, LevelDoc, TableDoc
from app.schemes.sheet_checks import areas_of
from app.schemes.tasks import slots_of


def assemble(doc: SchemeDoc) -> values.Scheme:
    return values.Scheme(
        code=doc.code,
        name=doc.name.zh,
        name_en=doc.name.en,
        source=doc.source,
        passes_when=doc.passes_when,
        higher_level_covers_lower=doc.higher_level_covers_lower,
        demonstration=doc.demonstration,
        basic_knowledge=_contents(doc.basic_knowledge),
        levels=tuple(_level(doc, level) for level in doc.levels),
        body_decisions=_decisions(doc.body_decisions),
    )


def _level(doc: SchemeDoc, level: LevelDoc) -> values.Level:
    decided = doc.body_decisions
    eligibility = values.Eligibility(tuple(level.eligibility.any_of), tuple(level.eligibility.all_of))
    below = [other.code for other in doc.levels if PREREQUISITE.format(other.code) in eligibility.all_of]
    return values.Level(
        scheme=doc.code,
        code=level.code,
        name=level.name.zh,
        name_en=level.name.en,
        prerequisite=below[-1] if below else None,
        needs_recommendation=RECOMMENDATION in eligibility.all_of,
        eligibility=eligibility,
        training_hours=level.training.hours_at_least,
        training_modes=tuple(level.training.modes),
        teachers_at_least=level.training.teachers_at_least,
        work_contents=_contents(level.work_contents),
        theory=_theory(doc, level.code),
        practical=_practical(doc, level.code),
        part_valid_months=decided.resit.values.part_valid_months,
        certificate_valid_months=decided.validity.values.certificate_valid_months,
        renewal=_renewal(decided),
        objection_days=decided.validity.values.objection_days,
        demonstration=doc.demonstration,
    )


def _renewal(decided: DecisionsDoc) -> values.Renewal | None:
    found = decided.validity.values.renewal
    return values.Renewal(**found.model_dump()) if found else None


def _theory(doc: SchemeDoc, level: str) -> values.TheoryPart:
    paper, clock = doc.body_decisions.paper.values, doc.body_decisions.clock.values
    photos = doc.body_decisions.desk_photos
    types: dict[str, values.TypeForm] = {form.type: values.TypeForm(form.count, form.marks) for form in paper.types}
    return values.TheoryPart(
        mode=doc.theory.mode,
        minutes=doc.theory.minutes,
        full_marks=doc.theory.full_marks,
        pass_mark=doc.theory.pass_mark,
        proctor_ratio=doc.theory.proctor_ratio,
        rows=_rows(doc.theory.table, level, doc.body_decisions.coverage.values.coverage[level]),
        paper=values.PaperForm(types, paper.partial_credit),
        late_entry=timedelta(minutes=clock.late_entry_minutes),
        hand_in_hold=timedelta(minutes=clock.hand_in_hold_minutes),
        grace=timedelta(seconds=clock.grace_seconds),
        drawing=_drawing(doc.body_decisions),
        open_answers=_open_answers(doc.body_decisions),
        **({"desk_photos_kept": timedelta(days=photos.values.kept_days)} if photos else {}),
    )


def _open_answers(decided: DecisionsDoc) -> values.OpenRules:
    if decided.open_answers is None:
        return values.OpenRules()
    return values.OpenRules(**decided.open_answers.values.model_dump())


def _drawing(decided: DecisionsDoc) -> values.DrawRules:
    if decided.drawing is None:
        return values.DrawRules()
    return values.DrawRules(**decided.drawing.values.model_dump())


def _practical(doc: SchemeDoc, level: str) -> values.PracticalPart:
    part, marking = doc.practical, doc.body_decisions.marking.values
    return values.PracticalPart(
        mode=part.mode,
        minutes=part.minutes,
        full_marks=part.full_marks,
        pass_mark=part.pass_mark,
        examiner_ratio=part.examiner_ratio,
        examiners_at_least=part.examiners_at_least,
        site_must_have=tuple(part.site_must_have),
        rows=_rows(part.table, level, {}),
        sheet=_sheet(doc, level),
        gap=marking.gap,
        max_first=marking.max_first,
        max_second=marking.max_second,
        conflicts=tuple(doc.body_decisions.conflicts.values.relations),
        tasks=slots_of(doc, level),
        timetable=_timetable(doc.body_decisions),
        agreement=_agreement(doc.body_decisions),
    )


def _timetable(decided: DecisionsDoc) -> values.TimetableRules:
    if decided.timetable is None:
        return values.TimetableRules()
    return values.TimetableRules(**decided.timetable.values.model_dump())


def _agreement(decided: DecisionsDoc) -> values.AgreementRules:
    if decided.agreement is None:
        return values.AgreementRules()
    return values.AgreementRules(**decided.agreement.values.model_dump())


def _sheet(doc: SchemeDoc, level: str) -> sheet.Sheet:
    return sheet.Sheet(
        areas=tuple(sheet.Area(area.name.zh, area.name.en, Decimal(area.points)) for area in areas_of(doc, level)),
        criteria=tuple(_criterion(doc, criterion) for criterion in doc.practical.sheets[level]),
        step=doc.body_decisions.marking.values.step,
    )


def _criterion(doc: SchemeDoc, one: CriterionDoc) -> sheet.Criterion:
    """Where the file names no threshold, only a critical criterion without any points is missed."""
    descriptors = tuple(
        sheet.Descriptor(grade, found.points[0], found.points[1], found.zh, found.en)
        for grade, found in one.descriptors.items()
    )
    below = one.critical_below or doc.body_decisions.marking.values.step / 2
    return sheet.Criterion(
        one.id, one.area, one.name.zh, one.name.en, Decimal(one.points), one.critical, descriptors, below
    )  # fmt: skip


def _contents(docs: Iterable[ContentDoc]) -> tuple[values.Content, ...]:
    return tuple(values.Content(doc.name.zh, doc.name.en, tuple(doc.knowledge)) for doc in docs)


def _rows(table: TableDoc, level: str, coverage: dict[str, list[str]]) -> tuple[values.Row, ...]:
    return tuple(
        values.Row(
            row.no, row.name.zh, row.name.en, row.group.zh, row.group.en,
            row.weights[level], tuple(coverage.get(row.no, [])),
        )
        for row in table.rows
    )  # fmt: skip


def _decisions(doc: DecisionsDoc) -> tuple[values.BodyDecision, ...]:
    found = ((name, getattr(doc, name)) for name in DecisionsDoc.model_fields)
    return tuple(
        values.BodyDecision(
            name, one.decision.zh, one.decision.en, one.reason.zh, one.reason.en, one.values.model_dump()
        )
        for name, one in found
        if one is not None
    )  # fmt: skip
