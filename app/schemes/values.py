"""What a published standard says, as frozen values. Every figure comes from the scheme's YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.core.errors import N_, Refusal
from app.schemes.sheet import Area, Criterion, Descriptor, Sheet
from app.schemes.tasks import TaskSlot

__all__ = [
    "AgreementRules",
    "Area",
    "BodyDecision",
    "Content",
    "Criterion",
    "Descriptor",
    "DrawRules",
    "Eligibility",
    "Level",
    "PaperForm",
    "PracticalPart",
    "Row",
    "Scheme",
    "Sheet",
    "TaskSlot",
    "TheoryPart",
    "TypeForm",
]


@dataclass(frozen=True)
class Content:
    """A work content of a level, or a section of the basic knowledge."""

    name: str
    name_en: str
    knowledge: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One line of a proportion table; a weight of 0 stands for the table's '-'."""

    no: str
    name: str
    name_en: str
    group: str
    group_en: str
    weight: int
    contents: tuple[str, ...]


@dataclass(frozen=True)
class TypeForm:
    """How many items of a type a paper holds, and the marks of each."""

    count: int
    marks: int


@dataclass(frozen=True)
class PaperForm:
    """`types` keeps the order in which the paper shows them."""

    types: Mapping[str, TypeForm]
    partial_credit: bool

    def items(self) -> int:
        return sum(form.count for form in self.types.values())


@dataclass(frozen=True)
class DrawRules:
    """How alike the papers of a session are: what a scheme may decide, and what holds where it is silent."""

    exposure_cap: int = 50
    """No item stands on more than so many percent of a session's papers."""
    difficulty_window: Decimal = Decimal("0.5")
    """Marks by which the expected scores of two papers may differ."""
    time_window: int = 3
    """Percent by which a paper's time estimate is to stay within the bank's."""


@dataclass(frozen=True)
class OpenRules:
    """How two examiners' sheets of an open answer become its marks; what holds where a scheme is silent."""

    step: Decimal = Decimal("0.5")
    gap: int = 25
    """Two sheets more than so many percent of the item's marks apart call for a third, which stands."""


@dataclass(frozen=True)
class TimetableRules:
    """Minutes a practical's timetable keeps; what holds where a scheme is silent."""

    attend_minutes: int = 120
    """So long an examiner attends at most without a rest."""
    rest_minutes: int = 10
    gap_minutes: int = 2
    """Between two tasks of a candidate, and between two candidates."""


@dataclass(frozen=True)
class AgreementRules:
    """From when on, and beyond which limits, a panel's agreement is flagged; what holds where a scheme is silent."""

    begin: int = 10
    """Candidates marked by two before any figure is shown."""
    severity: Decimal = Decimal(3)
    """Points by which an examiner may surely differ from the others."""
    drift: Decimal = Decimal(1)
    """Points by hour that an examiner may move against the others."""
    totals: int = 80
    """Percent of candidates whose two totals should need no third examiner."""
    criterion: int = 80
    """Percent of candidates whom both should put in the same band of a criterion or the next."""
    icc: Decimal = Decimal("0.6")
    halo: int = 40
    """Percent of the others' spread over the criteria below which an examiner's is a hint of one impression."""


@dataclass(frozen=True)
class TheoryPart:
    mode: str
    minutes: int
    full_marks: int
    pass_mark: Decimal
    proctor_ratio: int
    rows: tuple[Row, ...]
    paper: PaperForm
    late_entry: timedelta
    hand_in_hold: timedelta
    grace: timedelta
    drawing: DrawRules = field(default_factory=DrawRules)
    open_answers: OpenRules = field(default_factory=OpenRules)
    desk_photos_kept: timedelta = timedelta(days=30)
    """After the release; what holds where a scheme is silent."""

    def row(self, no: str) -> Row:
        for row in self.rows:
            if row.no == no:
                return row
        known = "、".join(row.no for row in self.rows)
        message = N_("There is no row “%(row)s” in the table. Use one of: %(known)s.")
        raise Refusal("unknown_row", message, row=no, known=known)


@dataclass(frozen=True)
class PracticalPart:
    mode: str
    minutes: int
    full_marks: int
    pass_mark: Decimal
    examiner_ratio: int
    examiners_at_least: int
    site_must_have: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: Sheet
    gap: Decimal
    max_first: int
    max_second: int
    conflicts: tuple[str, ...]
    tasks: tuple[TaskSlot, ...] = ()
    """In the order in which they are named; none where a scheme leaves the tasks to the examiners."""
    timetable: TimetableRules = field(default_factory=TimetableRules)
    agreement: AgreementRules = field(default_factory=AgreementRules)

    def task(self, slot: str) -> TaskSlot | None:
        return next((task for task in self.tasks if task.id == slot), None)


@dataclass(frozen=True)
class Eligibility:
    """Conditions for applying: one of `any_of`, and every one of `all_of`."""

    any_of: tuple[str, ...]
    all_of: tuple[str, ...]


@dataclass(frozen=True)
class Renewal:
    """When a certificate that ends may be given a new term, and what the holder has to show for it."""

    months_before: int
    """So long before its end at the earliest."""
    months_after: int
    """So long after its end at the latest; then both parts have to be passed again."""
    training_hours: int
    """Of training since the certificate was issued."""


@dataclass(frozen=True)
class Level:
    scheme: str
    code: str
    name: str
    name_en: str
    prerequisite: str | None
    needs_recommendation: bool
    eligibility: Eligibility
    training_hours: int
    training_modes: tuple[str, ...]
    teachers_at_least: int
    work_contents: tuple[Content, ...]
    theory: TheoryPart
    practical: PracticalPart
    part_valid_months: int
    certificate_valid_months: int | None
    renewal: Renewal | None = None
    """None where certificates do not end, or where only passing again leads to another."""
    objection_days: int = 30
    """So long the holder may object to a decision about the certificate."""
    demonstration: bool = False
    """Of a scheme that only shows something: nobody applies for it and nobody is certified by it."""


@dataclass(frozen=True)
class BodyDecision:
    """What the documents leave open and the certifying body decided, with its reason and its figures."""

    id: str
    decision: str
    decision_en: str
    reason: str
    reason_en: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Scheme:
    code: str
    name: str
    name_en: str
    source: str
    passes_when: str
    higher_level_covers_lower: bool
    basic_knowledge: tuple[Content, ...]
    levels: tuple[Level, ...]
    body_decisions: tuple[BodyDecision, ...]
    demonstration: bool = False

    def level(self, code: str) -> Level:
        """By code (`junior`) or by the name on certificates (初级)."""
        for level in self.levels:
            if code in (level.code, level.name):
                return level
        known = ", ".join(level.code for level in self.levels)
        raise Refusal(
            "unknown_level",
            N_("The scheme %(scheme)s has no level “%(level)s”. Use one of: %(known)s."),
            scheme=self.code,
            level=code,
            known=known,
        )
