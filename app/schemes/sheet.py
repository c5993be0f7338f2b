"""The rubric sheet of a level's practical, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Descriptor:
    """What a performance looks like that earns from `low` to `high` points."""

    grade: str
    low: Decimal
    high: Decimal
    text: str
    text_en: str


@dataclass(frozen=True)
class Criterion:
    id: str
    area: str
    name: str
    name_en: str
    points: Decimal
    critical: bool
    descriptors: tuple[Descriptor, ...]
    critical_below: Decimal = Decimal("0.01")
    """A critical criterion is missed with fewer points than this; by default only with none at all."""

    def missed_with(self, points: Decimal) -> bool:
        return self.critical and points < self.critical_below


@dataclass(frozen=True)
class Area:
    name: str
    name_en: str
    points: Decimal


@dataclass(frozen=True)
class Sheet:
    """The rubric sheet of a level; points are given in steps of `step`."""

    areas: tuple[Area, ...]
    criteria: tuple[Criterion, ...]
    step: Decimal

    def full_points(self) -> Decimal:
        return sum((criterion.points for criterion in self.criteria), start=Decimal(0))

    def of_area(self, area: str) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.area == area)
