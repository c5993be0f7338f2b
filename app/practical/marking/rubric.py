"""The rubric sheet: what is marked, the points given, and what they add up to. Nobody else adds points."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn

from pydantic import TypeAdapter

from app.core.errors import N_, Refusal
from app.core.figures import exact_number
from app.schemes.scheme import Area, Criterion, PracticalPart

EXAMINERS = "examiner"
"""The group that examines: two sheets, blind to one another, and a third where they disagree."""
SELF = "self"
"""The group in which the candidates rate themselves."""


@dataclass(frozen=True)
class Deduction:
    """Points taken off each time something happens, such as coming late. A mark under its id counts the times."""

    id: str
    name: str
    name_en: str
    points_each: Decimal
    most_times: int

    def most(self) -> Decimal:
        return self.points_each * self.most_times


@dataclass(frozen=True)
class Group:
    """Who rates, and the percent of the score that the mean of their sheets makes."""

    id: str
    name: str
    weight: int
    name_en: str = ""


@dataclass(frozen=True)
class Rubric:
    """The criteria of a level and how their totals are judged, frozen when a sheet is made from them."""

    areas: tuple[Area, ...]
    criteria: tuple[Criterion, ...]
    step: Decimal
    pass_mark: Decimal
    gap: Decimal
    deductions: tuple[Deduction, ...] = ()
    groups: tuple[Group, ...] = ()
    """None where the examiners alone make the score."""

    @classmethod
    def of(cls, part: PracticalPart) -> Rubric:
        return cls(part.sheet.areas, part.sheet.criteria, part.sheet.step, part.pass_mark, part.gap)

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> Rubric:
        return _read(json.dumps(dict(stored)))

    def to_keep(self) -> dict[str, Any]:
        stored: dict[str, Any] = _SHAPE.dump_python(self, mode="json")
        return stored

    def full_points(self) -> Decimal:
        return sum((criterion.points for criterion in self.criteria), start=Decimal(0))

    def others(self) -> tuple[Group, ...]:
        """The groups beside the one that examines."""
        return tuple(group for group in self.groups if group.id != EXAMINERS)

    def weight(self, group: str) -> int:
        if not self.groups:
            return 100 if group == EXAMINERS else 0
        return sum(one.weight for one in self.groups if one.id == group)

    def deduction(self, key: str) -> Deduction | None:
        return next((deduction for deduction in self.deductions if deduction.id == key), None)

    def criterion(self, key: str) -> Criterion:
        for criterion in self.criteria:
            if criterion.id == key:
                return criterion
        message = N_("The sheet has no criterion “%(criterion)s”. Use one of: %(known)s.")
        known = ", ".join(criterion.id for criterion in self.criteria)
        raise Refusal("criterion_unknown", message, details={"criterion": key}, criterion=key[:80], known=known)

    def points(self, key: str, given: object) -> Decimal:
        """What is given for a criterion, as exact points; a refusal names the criterion and what would do.

        For a deduction it is how many times, a whole number.
        """
        if (deduction := self.deduction(key)) is not None:
            return self._times(deduction, given)
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

    def knows(self, key: str) -> str:
        """The id of a criterion or deduction of this sheet; anything else is refused."""
        return key if self.deduction(key) is not None else self.criterion(key).id

    def _times(self, deduction: Deduction, given: object) -> Decimal:
        number = exact_number(given)
        if number is None or number < 0 or number > deduction.most_times or number % 1:
            message = N_(
                "%(deduction)s: “%(given)s” is not a number of times. Enter a whole number from 0 to %(most)s;"
                " each time takes off %(each)s points."
            )
            raise Refusal(
                "times_invalid",
                message,
                details={"criterion": deduction.id, "most": str(deduction.most_times), "step": "1"},
                deduction=f"{deduction.id} {deduction.name}",
                given=str(given)[:20],
                most=deduction.most_times,
                each=deduction.points_each,
            )
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
    """One person's points by criterion, and times by deduction, on a rubric."""

    rubric: Rubric
    awarded: Mapping[str, Decimal]

    def total(self) -> Decimal:
        """What the criteria bring less what is taken off; never below 0."""
        return max(self.points() - self.deducted(), Decimal(0))

    def points(self) -> Decimal:
        """Before anything is taken off."""
        return sum((self.awarded[c.id] for c in self.marked()), start=Decimal(0))

    def deducted(self) -> Decimal:
        taken = (one.points_each * self.awarded.get(one.id, Decimal(0)) for one in self.rubric.deductions)
        return sum(taken, start=Decimal(0))

    def marked(self) -> list[Criterion]:
        return [criterion for criterion in self.rubric.criteria if criterion.id in self.awarded]

    def missing(self) -> list[Criterion]:
        """Criteria without points; a deduction that nobody entered was not earned."""
        return [criterion for criterion in self.rubric.criteria if criterion.id not in self.awarded]

    def missed_critical(self) -> list[Criterion]:
        return [criterion for criterion in self.marked() if criterion.missed_with(self.awarded[criterion.id])]

    def of_area(self, area: str) -> Decimal:
        return sum((self.awarded[c.id] for c in self.marked() if c.area == area), start=Decimal(0))


_SHAPE = TypeAdapter(Rubric)


@lru_cache(maxsize=64)
def _read(stored: str) -> Rubric:
    """The sheets of a session keep the same rubric, each a copy of it: of those thousands one is read."""
    return _SHAPE.validate_json(stored)
