"""The body's decisions in a scheme's YAML file: the values each one carries, and the whole document."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field, NonNegativeInt, PositiveInt

from app.schemes.document import (
    Code,
    ContentDoc,
    LevelDoc,
    Name,
    Part,
    Positive,
    PracticalDoc,
    TheoryDoc,
    Words,
)


class WeightlessRows(Part):
    drawn: Literal[False]


class AreaDoc(Part):
    name: Words
    points: PositiveInt


class PracticalAreas(Part):
    areas: dict[str, Annotated[list[AreaDoc], Field(min_length=1)]]


class Coverage(Part):
    spread: Literal["even"]
    coverage: dict[str, dict[str, list[Name]]]


class TypeDoc(Part):
    type: Literal["truefalse", "single", "multiple", "fill", "ordering", "matching", "open"]
    count: PositiveInt
    marks: PositiveInt


class Paper(Part):
    types: Annotated[list[TypeDoc], Field(min_length=1)]
    partial_credit: bool


class Drawing(Part):
    exposure_cap: Annotated[int, Field(ge=1, le=100)]
    difficulty_window: Positive
    time_window: Annotated[int, Field(ge=1, le=100)]


class OpenAnswers(Part):
    step: Positive
    gap: Annotated[int, Field(ge=0, le=100)]


class DeskPhotos(Part):
    kept_days: Annotated[int, Field(ge=1, le=3650)]


class ExactScores(Part):
    rounding: Literal["never_up"]
    compensation: Literal[False]


class Staffing(Part):
    counted: Literal["present"]


class Marking(Part):
    blind: Literal[True]
    score: Literal["mean"]
    step: Positive
    gap: Positive
    max_first: PositiveInt
    max_second: PositiveInt


class Timetable(Part):
    attend_minutes: Annotated[int, Field(ge=1, le=480)]
    rest_minutes: Annotated[int, Field(ge=0, le=480)]
    gap_minutes: Annotated[int, Field(ge=0, le=480)]


class Agreement(Part):
    begin: Annotated[int, Field(ge=2, le=1000)]
    severity: Positive
    drift: Positive
    totals: Annotated[int, Field(ge=1, le=100)]
    criterion: Annotated[int, Field(ge=1, le=100)]
    icc: Annotated[Positive, Field(le=1)]
    halo: Annotated[int, Field(ge=1, le=100)]


class Conflicts(Part):
    relations: Annotated[list[Code], Field(min_length=1)]


class Clock(Part):
    late_entry_minutes: NonNegativeInt
    hand_in_hold_minutes: NonNegativeInt
    grace_seconds: NonNegativeInt


class Resit(Part):
    part_valid_months: PositiveInt
    unseen_first: Literal[True]


class Prerequisite(Part):
    register_status: Literal["valid"]


class RenewalDoc(Part):
    months_before: Annotated[int, Field(ge=1, le=120)]
    months_after: Annotated[int, Field(ge=0, le=120)]
    training_hours: NonNegativeInt


class Validity(Part):
    certificate_valid_months: PositiveInt | None
    renewal: RenewalDoc | None = None
    objection_days: Annotated[int, Field(ge=1, le=365)] = 30


Values = TypeVar("Values", bound=Part)


class DecisionDoc(Part, Generic[Values]):
    decision: Words
    reason: Words
    values: Values


class DecisionsDoc(Part):
    weightless_rows: DecisionDoc[WeightlessRows]
    practical_areas: DecisionDoc[PracticalAreas]
    coverage: DecisionDoc[Coverage]
    paper: DecisionDoc[Paper]
    drawing: DecisionDoc[Drawing] | None = None
    open_answers: DecisionDoc[OpenAnswers] | None = None
    desk_photos: DecisionDoc[DeskPhotos] | None = None
    exact_scores: DecisionDoc[ExactScores]
    staffing: DecisionDoc[Staffing]
    marking: DecisionDoc[Marking]
    timetable: DecisionDoc[Timetable] | None = None
    agreement: DecisionDoc[Agreement] | None = None
    conflicts: DecisionDoc[Conflicts]
    clock: DecisionDoc[Clock]
    resit: DecisionDoc[Resit]
    prerequisite: DecisionDoc[Prerequisite]
    validity: DecisionDoc[Validity]


class SchemeDoc(Part):
    code: Code
    name: Words
    source: Name
    passes_when: Literal["theory >= pass_mark and practical >= pass_mark"]
    higher_level_covers_lower: bool
    demonstration: bool = False
    basic_knowledge: list[ContentDoc]
    levels: Annotated[list[LevelDoc], Field(min_length=1)]
    theory: TheoryDoc
    practical: PracticalDoc
    body_decisions: DecisionsDoc
