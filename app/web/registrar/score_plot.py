"""How the scores of a session lie: bars of five points each, as whole numbers for the template to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

WIDTH, WIDE, HIGH = 5, 30, 100
LEAST = 5
"""Of fewer candidates the table says as much at a glance."""


@dataclass(frozen=True)
class Bar:
    low: int
    count: int
    x: int
    height: int
    passes: bool


@dataclass(frozen=True)
class ScorePlot:
    bars: tuple[Bar, ...]
    pass_x: float
    wide: int
    count: int
    lowest: Decimal
    middle: Decimal
    highest: Decimal


def score_plot(scores: Sequence[Decimal], pass_mark: Decimal, full_marks: int) -> ScorePlot | None:
    """The last bar holds full marks too; a bar passes when all in it do."""
    if len(scores) < LEAST:
        return None
    number = -(-full_marks // WIDTH)
    counts = [0] * number
    for score in scores:
        counts[min(int(score // WIDTH), number - 1)] += 1
    most = max(counts)
    bars = tuple(
        Bar(place * WIDTH, count, place * WIDE, -(-count * HIGH // most), place * WIDTH >= pass_mark)
        for place, count in enumerate(counts)
    )
    pass_x = float(pass_mark) / WIDTH * WIDE
    return ScorePlot(bars, pass_x, number * WIDE, len(scores), min(scores), median(scores), max(scores))
