"""The rubric sheet: what is marked, the points given, and what they add up to. Nobody else adds points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from pydantic import TypeAdapter

from app.core.errors import N_, Refusal
from app.core.figures import exact_number
from app.schemes.scheme import Area, Criterion, PracticalPart


@dataclass(frozen=True)
class Rubric:
    """The criteria of a level and how their totals are judged, frozen when a sheet is made from them."""

    areas: tuple[Area, ...]
    criteria: tuple[Criterion, ...]
    step: Decimal
    pass_mark: Decimal
    gap: Decimal

    @classmethod
    def of(cls, part: PracticalPart) -> Rubric:
        return cls(part.sheet.areas, part.sheet.criteria, part.sheet.step, part.pass_mark, part.gap)

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> Rubric:
        return _SHAPE.validate_python(dict(stored))

    def to_keep(self) -> dict[str, Any]:
        stored: dict[str, Any] = _SHAPE.dump_python(self, mode="json")
        return stored

    def full_points(self) -> Decimal:
        return sum((criterion.points for criterion in self.criteria), start=Decimal(0))

    def criterion(self, key: str) -> Criterion:
        for criterion in self.criteria:
            if criterion.id == key:
                return criterion
        message = N_("The sheet has no criterion “%(criterion)s”. Use one of: %(known)s.")
        known = ", ".join(criterion.id for criterion in self.criteria)
        raise Refusal("criterion_unknown", message, details={"criterion": key}, criterion=key[:80], known=known)

    def points(self, key: str, given: object) -> Decimal:
        """What is given for a criterion, as exact points; a refusal names the criterion and what would do."""
        criterion = self.criterion(key)
        number = exact_number(given)
        if number is None:
            message = N_(
                "%(criterion)s: “%(given)s” is no number of points. Give 0 to %(most)s points in steps of %(step)s."
            )
            self._refuse("points_not_a_number", message, criterion, given)
        if number < 0:
            message = N_("%(criterion)s: %(given)s points are below 0. Give 0 to %(most)s points in steps of %(step)s.")
            self._refuse("points_negative", message, criterion, given)
        if number > criterion.points:
            message = N_(
                "%(criterion)s: %(given)s points are above the most there is, %(most)s."
                " Give 0 to %(most)s points in steps of %(step)s."
            )
            self._refuse("points_above", message, criterion, given)
        if number % self.step:
            message = N_(
                "%(criterion)s: %(given)s points are not a step of %(step)s."
                " Give 0 to %(most)s points in steps of %(step)s."
            )
            self._refuse("points_step", message, criterion, given)
        return number + 0

    def _refuse(self, code: str, message: str, criterion: Criterion, given: object) -> NoReturn:
        details = {"criterion": criterion.id, "most": str(criterion.points), "step": str(self.step)}
        raise Refusal(
            code,
            message,
            details=details,
            criterion=f"{criterion.id} {criterion.name}",
            given=str(given)[:20],
            most=criterion.points,
            step=self.step,
        )


@dataclass(frozen=True)
class RubricSheet:
    """One examiner's points by criterion, on a rubric."""

    rubric: Rubric
    awarded: Mapping[str, Decimal]

    def total(self) -> Decimal:
        return sum(self.awarded.values(), start=Decimal(0))

    def missing(self) -> list[Criterion]:
        return [criterion for criterion in self.rubric.criteria if criterion.id not in self.awarded]

    def missed_critical(self) -> list[Criterion]:
        return [c for c in self.rubric.criteria if c.critical and c.id in self.awarded and not self.awarded[c.id]]

    def of_area(self, area: str) -> Decimal:
        within = (self.awarded[c.id] for c in self.rubric.criteria if c.area == area and c.id in self.awarded)
        return sum(within, start=Decimal(0))


_SHAPE = TypeAdapter(Rubric)
