"""The shape of a scheme's YAML file. What belongs together across fields is checked in checks.py."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt


def _decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


Name = Annotated[str, Field(min_length=1, max_length=400)]
Points = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0)]
Positive = Annotated[Decimal, BeforeValidator(_decimal), Field(gt=0)]
Percent = Annotated[int, Field(ge=0, le=100)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Words(Part):
    zh: Name
    en: Name


class ContentDoc(Part):
    name: Words
    knowledge: list[Name] = []


class EligibilityDoc(Part):
    any_of: list[Code] = []
    all_of: list[Code] = []


class TrainingDoc(Part):
    hours_at_least: PositiveInt
    modes: Annotated[list[Literal["online", "on_site"]], Field(min_length=1)]
    teachers_at_least: PositiveInt


class LevelDoc(Part):
    code: Code
    name: Words
    eligibility: EligibilityDoc
    training: TrainingDoc
    work_contents: Annotated[list[ContentDoc], Field(min_length=1)]


class RowDoc(Part):
    no: Name
    name: Words
    group: Words
    weights: dict[str, Percent]


class TableDoc(Part):
    """`totals` as the table prints them; null where it prints none."""

    rows: Annotated[list[RowDoc], Field(min_length=1)]
    totals: dict[str, Percent | None]


class TheoryDoc(Part):
    mode: Literal["online"]
    minutes: PositiveInt
    full_marks: PositiveInt
    pass_mark: Positive
    proctor_ratio: PositiveInt
    table: TableDoc


class DescriptorDoc(Part):
    points: Annotated[list[Points], Field(min_length=2, max_length=2)]
    zh: Name
    en: Name


class CriterionDoc(Part):
    id: Code
    area: Name
    name: Words
    points: PositiveInt
    critical: bool
    critical_below: Positive | None = None
    descriptors: Annotated[dict[str, DescriptorDoc], Field(min_length=2)]


class TaskDoc(Part):
    id: Code
    kind: Literal[
        "call", "complaint", "sale", "chat", "ticket", "typing", "faults", "coaching", "briefing", "report", "roster"
    ]
    minutes: PositiveInt
    attended: bool
    criteria: Annotated[list[Code], Field(min_length=1)]
    proposes: Code | None = None


class PracticalDoc(Part):
    mode: Literal["on_site"]
    minutes: PositiveInt
    full_marks: PositiveInt
    pass_mark: Positive
    examiner_ratio: PositiveInt
    examiners_at_least: PositiveInt
    site_must_have: list[Code]
    table: TableDoc
    sheets: dict[str, Annotated[list[CriterionDoc], Field(min_length=1)]]
    tasks: dict[str, Annotated[list[TaskDoc], Field(min_length=1)]] = {}
