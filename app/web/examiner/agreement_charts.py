"""Where things stand in the plots of agreement: whole numbers for the templates to draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.practical.agreement.doubles import Doubles, Interval
from app.practical.agreement.summary import ExaminerFigures, Summary

SIDE, PAD = 320, 34
WIDE, HIGH = 250, 120
MOST_LINES = 6


@dataclass(frozen=True)
class Scale:
    """From points to places; what lies outside is drawn at the edge."""

    low: float
    high: float
    start: int
    end: int

    def at(self, value: float) -> int:
        share = (min(max(value, self.low), self.high) - self.low) / ((self.high - self.low) or 1)
        return round(self.start + share * (self.end - self.start))


@dataclass(frozen=True)
class Bars:
    """One line with its whiskers for each figure, all on one scale around 0."""

    scale: Scale
    limit: float

    def x(self, value: float | None) -> int:
        return self.scale.at(value or 0)


def bars(found: Iterable[Interval], limit: float) -> Bars:
    ends = [abs(end) for one in found for end in (one.value, one.low or 0, one.high or 0)]
    reach = min(max([limit * 1.5, *ends]), limit * 5)
    return Bars(Scale(-reach, reach, 6, 254), limit)


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    seat: int
    first: float
    second: float
    apart: bool


@dataclass(frozen=True)
class Scatter:
    dots: Sequence[Dot]
    ticks: Sequence[tuple[int, int, int]]
    """Points, and where they stand across and down."""
    band: str
    """The corners of the field in which two totals need no third for their distance."""
    pass_x: int
    pass_y: int


def scatter(doubles: Doubles, gap: float, pass_mark: float) -> Scatter:
    least = min([float(doubles.totals.min(initial=pass_mark)) - 5, pass_mark - 10])
    low = max(0.0, least // 10 * 10)
    across, down = Scale(low, 100, PAD, SIDE - 14), Scale(low, 100, SIDE - PAD, 8)
    dots = [
        Dot(across.at(first), down.at(second), row.number, first, second,
            abs(first - second) > gap or (first >= pass_mark) != (second >= pass_mark))
        for row in doubles.rows for first, second in [(row.first.total, row.second.total)]
    ]  # fmt: skip
    corners = [(low, low), (low, low + gap), (100 - gap, 100), (100, 100), (100, 100 - gap), (low + gap, low)]
    band = " ".join(f"{across.at(x)},{down.at(y)}" for x, y in corners)
    ticks = [(value, across.at(value), down.at(value)) for value in range(int(low), 101, 10)]
    return Scatter(dots, ticks, band, across.at(pass_mark), down.at(pass_mark))


@dataclass(frozen=True)
class Line:
    """One examiner over the day: each candidate's difference, and the line of the model."""

    examiner: int
    dots: Sequence[tuple[int, int]]
    ends: tuple[int, int, int, int]
    zero: int
    hours: float
    reach: float


def drift_lines(doubles: Doubles, summary: Summary) -> list[Line]:
    """Of those who move most; differences are freed of the other examiner's own severity."""
    moving = [one for one in summary.examiners if one.drift is not None]
    moving.sort(key=lambda one: -abs(one.drift.slope.value) if one.drift else 0.0)
    severity = {one.examiner: one.severity.value for one in summary.examiners}
    return [_line(doubles, one, severity) for one in moving[:MOST_LINES]]


def _line(doubles: Doubles, one: ExaminerFigures, severity: dict[int, float]) -> Line:
    seen = []
    for row in doubles.rows:
        for own, other in ((row.first, row.second), (row.second, row.first)):
            if own.examiner == one.examiner:
                seen.append((row.hour, own.total - other.total + severity[other.examiner]))
    last = max(float(doubles.hours.max(initial=0)), 0.1)
    reach = max(5.0, *(abs(value) for _hour, value in seen))
    across, down = Scale(0, last, 4, WIDE - 4), Scale(-reach, reach, HIGH - 6, 6)
    slope = one.drift.slope.value if one.drift else 0.0
    middle = sum(hour for hour, _ in seen) / len(seen)
    level = sum(value for _, value in seen) / len(seen)
    start, end = min(hour for hour, _ in seen), max(hour for hour, _ in seen)
    ends = (across.at(start), down.at(level + slope * (start - middle)),
            across.at(end), down.at(level + slope * (end - middle)))  # fmt: skip
    return Line(one.examiner, [(across.at(h), down.at(v)) for h, v in seen], ends, down.at(0), last, reach)
