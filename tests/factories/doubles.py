"""Candidates marked by two, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from app.practical.agreement.doubles import Double, Doubles, Interval, SignedSheet
from app.schemes.sheet import Criterion, Descriptor

Row = tuple[int, float, int, float]
"""First examiner and total, second examiner and total."""


def criterion(key: str = "A", points: int = 10, lows: Iterable[str] = ("0", "4", "6", "8")) -> Criterion:
    bands = tuple(Descriptor(low, Decimal(low), Decimal(points), low, low) for low in lows)
    return Criterion(key, "area", key, key, Decimal(points), False, bands)


def doubles(rows: Iterable[Row], hours: Iterable[float] | None = None) -> Doubles:
    """Of totals alone; one criterion holds each total."""
    listed = list(rows)
    times = list(hours) if hours is not None else [place / 2 for place in range(len(listed))]
    return Doubles(
        [
            Double(place, place, times[place - 1], SignedSheet(a, x, {"A": x}), SignedSheet(b, y, {"A": y}))
            for place, (a, x, b, y) in enumerate(listed, 1)
        ],
        (criterion(points=100, lows=("0", "60", "75", "90")),),
    )


def sheet(examiner: int, points: Mapping[str, float]) -> SignedSheet:
    return SignedSheet(examiner, sum(points.values()), points)


def bounds(found: Interval) -> tuple[float, float]:
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high
