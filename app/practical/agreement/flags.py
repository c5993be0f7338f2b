"""What a head of a panel should look at. A flag is a reason to look, never a verdict, and changes no mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.practical.agreement.doubles import Interval
from app.practical.agreement.drift import Drift
from app.practical.agreement.icc import Icc
from app.practical.agreement.shares import CriterionShares, TotalShares
from app.schemes.values import AgreementRules


class FlagKind(StrEnum):
    STRICT = "strict"
    LENIENT = "lenient"
    DRIFT = "drift"
    TOTALS = "totals_apart"
    CRITERION = "criterion_apart"
    RELIABILITY = "reliability_low"
    HALO = "halo"
    ANCHOR = "anchor_missed"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True)
class Flag:
    kind: FlagKind
    found: Interval
    limit: float
    examiner: int | None = None
    criterion: str | None = None
    seat: int | None = None
    """Number of the seat."""


def of_severity(found: Mapping[int, Interval], rules: AgreementRules) -> Iterator[Flag]:
    """Where the whole interval lies beyond the limit."""
    limit = float(rules.severity)
    for examiner, interval in found.items():
        if interval.beyond(limit):
            kind = FlagKind.LENIENT if interval.value > 0 else FlagKind.STRICT
            yield Flag(kind, interval, limit, examiner)


def of_drift(found: Mapping[int, Drift], rules: AgreementRules) -> Iterator[Flag]:
    """Where the line is steeper than the limit and surely not level."""
    limit = float(rules.drift)
    for examiner, one in found.items():
        if abs(one.slope.value) > limit and one.slope.beyond(0):
            yield Flag(FlagKind.DRIFT, one.slope, limit, examiner)


def of_totals(totals: TotalShares, rules: AgreementRules) -> Iterator[Flag]:
    share, limit = totals.within.share, rules.totals / 100
    if share is not None and share.below(limit):
        yield Flag(FlagKind.TOTALS, share, limit)


def of_criteria(found: Mapping[str, CriterionShares], rules: AgreementRules) -> Iterator[Flag]:
    limit = rules.criterion / 100
    for key, one in found.items():
        share = one.within_band.share
        if share is not None and share.below(limit):
            yield Flag(FlagKind.CRITERION, share, limit, criterion=key)


def of_icc(found: Icc | None, rules: AgreementRules) -> Iterator[Flag]:
    limit = float(rules.icc)
    if found is not None and found.one_random.below(limit):
        yield Flag(FlagKind.RELIABILITY, found.one_random, limit)


def of_halo(found: Mapping[int, float], rules: AgreementRules) -> Iterator[Flag]:
    limit = rules.halo / 100
    for examiner, spread in found.items():
        if spread < limit:
            yield Flag(FlagKind.HALO, Interval(spread), limit, examiner)


def of_parts(parts: Iterable[tuple[int, ...]]) -> Iterator[Flag]:
    count = len(list(parts))
    if count > 1:
        yield Flag(FlagKind.DISCONNECTED, Interval(float(count)), 1.0)
