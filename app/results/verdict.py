"""Pass or fail, said nowhere else. Exact decimals; each part for itself, nothing made up for by the other."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from app.schemes.scheme import Level

THEORY, PRACTICAL = "theory", "practical"
KEPT_PLACES = Decimal("0.001")


@dataclass(frozen=True)
class Missed:
    """A critical criterion of the practical that was missed; no score makes up for it."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True)
class PartScore:
    """A score beside the mark that it needs; no score yet is no pass, nor is a missed critical criterion."""

    part: str
    score: Decimal | None
    pass_mark: Decimal
    failed_critical: tuple[Missed, ...] = ()

    @property
    def passed(self) -> bool:
        return self.score is not None and self.score >= self.pass_mark and not self.failed_critical


@dataclass(frozen=True)
class Verdict:
    theory: PartScore
    practical: PartScore

    @property
    def parts(self) -> tuple[PartScore, PartScore]:
        return self.theory, self.practical

    @property
    def complete(self) -> bool:
        return all(part.score is not None for part in self.parts)

    @property
    def passed(self) -> bool:
        return all(part.passed for part in self.parts)


@dataclass(frozen=True)
class Sitting:
    """A released score of one part: when it was sat, and until when it counts beside a resit of the other."""

    part: str
    score: Decimal
    sat_at: datetime
    valid_until: datetime | None
    failed_critical: tuple[Missed, ...] = ()


def kept(score: Decimal) -> Decimal:
    """As many places as the store keeps, cut off and never rounded up."""
    return score.quantize(KEPT_PLACES, rounding=ROUND_DOWN)


def pass_mark(level: Level, part: str) -> Decimal:
    return level.theory.pass_mark if part == THEORY else level.practical.pass_mark


def part_score(level: Level, part: str, score: Decimal | None, failed_critical: tuple[Missed, ...] = ()) -> PartScore:
    return PartScore(part, score, pass_mark(level, part), failed_critical)


def verdict(
    level: Level, theory: Decimal | None, practical: Decimal | None, failed_critical: tuple[Missed, ...] = ()
) -> Verdict:
    return Verdict(part_score(level, THEORY, theory), part_score(level, PRACTICAL, practical, failed_critical))


def worth(level: Level, part: str, sitting: Sitting | None) -> PartScore:
    """What a part that was sat comes to; nothing where it was not."""
    if sitting is None:
        return part_score(level, part, None)
    return part_score(level, part, sitting.score, sitting.failed_critical)


def counts_until(released_at: datetime, months: int) -> datetime:
    """The same moment so many months later; a day that month does not have becomes its last."""
    years, month = divmod(released_at.month - 1 + months, 12)
    year = released_at.year + years
    day = min(released_at.day, calendar.monthrange(year, month + 1)[1])
    return released_at.replace(year=year, month=month + 1, day=day)


def counting(level: Level, sittings: Iterable[Sitting]) -> tuple[Sitting | None, Sitting | None]:
    """The theory and the practical that count: a pair that passes together if there is one, else the latest of each."""
    ordered = sorted(sittings, key=lambda one: one.sat_at, reverse=True)
    theories, practicals = ([one for one in ordered if one.part == part] for part in (THEORY, PRACTICAL))
    passing = (
        (theory, practical)
        for theory in theories
        for practical in practicals
        if _passed(level, theory) and _passed(level, practical) and stand_together(theory, practical)
    )
    best = next(passing, None)
    return best or (_passed_or_latest(level, theories), _passed_or_latest(level, practicals))


def stand_together(one: Sitting, other: Sitting) -> bool:
    """Whether there was a day on which both counted: the later was sat while the earlier was still valid."""
    earlier, later = sorted((one, other), key=lambda sitting: sitting.sat_at)
    return earlier.valid_until is None or later.sat_at <= earlier.valid_until


def _passed_or_latest(level: Level, sittings: list[Sitting]) -> Sitting | None:
    return next((one for one in sittings if _passed(level, one)), sittings[0] if sittings else None)


def _passed(level: Level, sitting: Sitting) -> bool:
    return worth(level, sitting.part, sitting).passed
