"""What the signed sheets of one candidate come to: their mean, or the sheet of a third examiner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.practical.rubric import RubricSheet


class Reason(StrEnum):
    UNSIGNED = "unsigned"
    MEAN = "mean"
    APART = "apart"
    TWO_SIDES = "two_sides"
    THIRD_STANDS = "third_stands"


@dataclass(frozen=True)
class Outcome:
    """The score once it stands; `needs_third` as long as a third examiner's sheet is called for and not signed."""

    score: Decimal | None
    needs_third: bool
    reason: Reason


@dataclass(frozen=True)
class AreaMarks:
    """The points of one area that went into the score."""

    name: str
    name_en: str
    marks: Decimal
    of: Decimal


def practical_outcome(
    first: Decimal | None, second: Decimal | None, third: Decimal | None, *, pass_mark: Decimal, gap: Decimal
) -> Outcome:
    """From the totals of the signed sheets; None for a sheet that is not there or not signed."""
    if first is None or second is None:
        return Outcome(None, False, Reason.UNSIGNED)
    disagreement = _disagreement(first, second, pass_mark, gap)
    if disagreement is None:
        return Outcome((first + second) / 2, False, Reason.MEAN)
    if third is None:
        return Outcome(None, True, disagreement)
    return Outcome(third, False, Reason.THIRD_STANDS)


def areas_of(outcome: Outcome, two: Sequence[RubricSheet], third: RubricSheet | None) -> tuple[AreaMarks, ...]:
    """The score by area: the mean of the two sheets, or what the third gives. Empty while there is no score."""
    if outcome.score is None:
        return ()
    counted = [third] if outcome.reason == Reason.THIRD_STANDS and third is not None else list(two)
    return tuple(
        AreaMarks(
            area.name,
            area.name_en,
            sum((sheet.of_area(area.name) for sheet in counted), start=Decimal(0)) / len(counted),
            area.points,
        )
        for area in counted[0].rubric.areas
    )


def _disagreement(first: Decimal, second: Decimal, pass_mark: Decimal, gap: Decimal) -> Reason | None:
    if (first >= pass_mark) != (second >= pass_mark):
        return Reason.TWO_SIDES
    return Reason.APART if abs(first - second) > gap else None
