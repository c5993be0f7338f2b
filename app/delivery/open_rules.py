"""What examiners' points for an open answer come to. Exact decimals, never rounded up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from app.core.errors import N_, Refusal
from app.core.figures import exact_number

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """A criterion of the sheet, by its number."""

    number: str
    text: str
    most: Decimal


def lines_of(criteria: Sequence[Mapping[str, str]]) -> tuple[Line, ...]:
    return tuple(Line(str(place), one["text"], Decimal(one["points"])) for place, one in enumerate(criteria, 1))


def points_given(lines: Sequence[Line], number: str, given: object, step: Decimal) -> Decimal:
    """In steps from 0 to what the criterion carries."""
    line = next((one for one in lines if one.number == number), None)
    if line is None:
        raise Refusal("unknown_criterion", N_("The sheet has no criterion “%(criterion)s”."), criterion=number[:20])
    points = exact_number(given)
    if points is None or not 0 <= points <= line.most or points % step:
        message = N_("Criterion %(criterion)s takes 0 to %(most)s points in steps of %(step)s.")
        raise Refusal("points_out_of_range", message, criterion=number, most=f"{line.most:f}", step=f"{step:f}")
    return points + 0  # no minus before a nought


def marks_for(points: Mapping[str, Decimal], lines: Sequence[Line], marks: Decimal) -> Decimal:
    """The share of the sheet's points, of the item's marks."""
    most = sum((line.most for line in lines), Decimal(0))
    return (sum(points.values(), Decimal(0)) * marks / most).quantize(HUNDREDTH, ROUND_DOWN)


@dataclass(frozen=True)
class Settled:
    """`marks` once they stand; `needs_third` while a third sheet is awaited."""

    marks: Decimal | None
    needs_third: bool = False


def settle(first: Decimal | None, second: Decimal | None, third: Decimal | None, marks: Decimal, gap: int) -> Settled:
    """The mean of two sheets; where they are more than `gap` percent of the marks apart, the third."""
    if first is None or second is None:
        return Settled(None)
    if abs(first - second) * 100 <= marks * gap:
        return Settled(((first + second) / 2).quantize(HUNDREDTH, ROUND_DOWN))
    return Settled(third, needs_third=third is None)
