"""Examiners against what experts agreed on for an anchor candidate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.practical.agreement.doubles import Interval
from app.practical.agreement.flags import Flag, FlagKind


@dataclass(frozen=True)
class Anchored:
    """One signed sheet of an anchor candidate."""

    seat: int
    """Its number."""
    examiner: int
    total: float
    expected: float
    by_criterion: Mapping[str, float]
    """Points above (or below) what the experts gave."""

    @property
    def deviation(self) -> float:
        return self.total - self.expected


def against_anchor(
    seat: int, examiner: int, total: float, points: Mapping[str, float], known: Mapping[str, float]
) -> Anchored:
    by_criterion = {key: points[key] - expected for key, expected in known.items() if key in points}
    return Anchored(seat, examiner, total, sum(known.values()), by_criterion)


def of_anchors(found: Iterable[Anchored], gap: float) -> Iterator[Flag]:
    """Where a total is further from the experts' than two examiners may be from one another."""
    for one in found:
        if abs(one.deviation) > gap:
            yield Flag(FlagKind.ANCHOR, Interval(one.deviation), gap, one.examiner, seat=one.seat)
