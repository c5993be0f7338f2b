"""What the signed sheets of one candidate come to: their mean, or the sheet of a third examiner.

Where other groups rate beside the examiners, each brings its percent of the score. Whether a critical criterion was
missed is for the examiners alone to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from app.practical.marking.rubric import EXAMINERS, RubricSheet


class Reason(StrEnum):
    UNSIGNED = "unsigned"
    MEAN = "mean"
    APART = "apart"
    TWO_SIDES = "two_sides"
    CRITICAL = "critical_apart"
    THIRD_STANDS = "third_stands"
    RATERS = "raters_missing"


@dataclass(frozen=True)
class Outcome:
    """The score once it stands; `needs_third` as long as a third examiner's sheet is called for and not signed."""

    score: Decimal | None
    needs_third: bool
    reason: Reason
    failed_critical: tuple[str, ...] = ()
    """Critical criteria that were missed: the part is failed, the score stands as it is."""
    passed: bool = False
    waits_for: tuple[str, ...] = ()
    """Groups of raters none of whom has signed yet."""


@dataclass(frozen=True)
class AreaMarks:
    """The points of one area that went into the score."""

    name: str
    name_en: str
    marks: Decimal
    of: Decimal


TAKEN_OFF = ("扣分", "Deductions")


def practical_outcome(
    first: RubricSheet | None,
    second: RubricSheet | None,
    third: RubricSheet | None,
    raters: Mapping[str, Sequence[RubricSheet]] | None = None,
) -> Outcome:
    """From the signed sheets; None for one that is not there or not signed. `raters` are those of other groups."""
    if first is None or second is None:
        return Outcome(None, False, Reason.UNSIGNED)
    disagreement = _disagreement(first, second)
    if disagreement is not None and third is None:
        return Outcome(None, True, disagreement)
    stands = [first, second] if disagreement is None else [third or first]
    reason = Reason.MEAN if disagreement is None else Reason.THIRD_STANDS
    missed = tuple(criterion.id for criterion in stands[0].missed_critical())
    waits_for = tuple(group.id for group in first.rubric.others() if not (raters or {}).get(group.id))
    if waits_for:
        return Outcome(None, False, Reason.RATERS, missed, waits_for=waits_for)
    score = exact(sum((share * Fraction(one.total()) for share, one in _shares(stands, raters)), start=Fraction()))
    return Outcome(score, False, reason, missed, passed=score >= first.rubric.pass_mark and not missed)


def areas_of(
    outcome: Outcome,
    two: Sequence[RubricSheet],
    third: RubricSheet | None,
    raters: Mapping[str, Sequence[RubricSheet]] | None = None,
) -> tuple[AreaMarks, ...]:
    """The score by area, as the sheets that count have it, and what was taken off. Empty while there is no score."""
    if outcome.score is None:
        return ()
    counted = [third] if outcome.reason == Reason.THIRD_STANDS and third is not None else list(two)
    shares = list(_shares(counted, raters))
    rubric = counted[0].rubric
    areas = tuple(
        AreaMarks(
            area.name,
            area.name_en,
            exact(sum((share * Fraction(one.of_area(area.name)) for share, one in shares), start=Fraction())),
            area.points,
        )
        for area in rubric.areas
    )
    taken = outcome.score - sum((area.marks for area in areas), start=Decimal(0))
    return (*areas, AreaMarks(*TAKEN_OFF, taken, Decimal(0))) if rubric.deductions else areas


def exact(value: Fraction) -> Decimal:
    """As a decimal; one that never ends is cut off, so that nothing is rounded up."""
    with localcontext(rounding=ROUND_DOWN):
        return Decimal(value.numerator) / Decimal(value.denominator)


def _shares(
    examiners: Sequence[RubricSheet], raters: Mapping[str, Sequence[RubricSheet]] | None
) -> Iterator[tuple[Fraction, RubricSheet]]:
    """Each sheet that counts with the part of the score that it makes."""
    rubric = examiners[0].rubric
    by_group = {EXAMINERS: examiners} | {group.id: (raters or {}).get(group.id, ()) for group in rubric.others()}
    for group, sheets in by_group.items():
        for sheet in sheets:
            yield Fraction(rubric.weight(group), 100 * len(sheets)), sheet


def _disagreement(first: RubricSheet, second: RubricSheet) -> Reason | None:
    one, other, rubric = first.total(), second.total(), first.rubric
    if (one >= rubric.pass_mark) != (other >= rubric.pass_mark):
        return Reason.TWO_SIDES
    if abs(one - other) > rubric.gap:
        return Reason.APART
    return Reason.CRITICAL if first.missed_critical() != second.missed_critical() else None
