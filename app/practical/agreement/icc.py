"""Intraclass correlations by Shrout and Fleiss (1979), with the intervals of McGraw and Wong (1996)."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from app.practical.agreement.doubles import Floats, Interval
from app.practical.agreement.quantiles import f_quantile

_TAIL = 0.975
_NONE = 1e-12
_LEAST = -0.99


@dataclass(frozen=True)
class Icc:
    """`one_…`: of one examiner's total; `mean_…`: of the mean of all of them.

    `random`: every candidate may have had other examiners, (1,1) and (1,k). `agreement`: the same examiners drawn from
    many, (2,1) and (2,k). `consistency`: just these, whatever their level, (3,1) and (3,k).
    """

    one_random: Interval
    mean_random: Interval
    one_agreement: Interval
    mean_agreement: Interval | None
    """None where the examiners agree so little that a mean of them means nothing."""
    one_consistency: Interval
    mean_consistency: Interval


def icc(scores: Floats) -> Icc | None:
    """From a row for each candidate and a column for each examiner; None where the candidates do not differ."""
    n, k = scores.shape
    if n < 2 or k < 2:
        return None
    mean = scores.mean()
    rows, columns = scores.mean(axis=1), scores.mean(axis=0)
    between = k * float(((rows - mean) ** 2).sum()) / (n - 1)
    within = float(((scores - rows[:, None]) ** 2).sum()) / (n * (k - 1))
    by_examiner = n * float(((columns - mean) ** 2).sum()) / (k - 1)
    rest = float(((scores - rows[:, None] - columns[None, :] + mean) ** 2).sum()) / ((n - 1) * (k - 1))
    if between < _NONE:
        return None
    free, left = n * (k - 1), (n - 1) * (k - 1)
    random, random_mean = _one_way(between, within, n - 1, free, k)
    consistency, consistency_mean = _one_way(between, rest, n - 1, left, k)
    agreement = _two_way(between, by_examiner, rest, n, k)
    return Icc(random, random_mean, agreement, _of_mean(agreement, k), consistency, consistency_mean)


def _one_way(between: float, error: float, above: int, below: int, k: int) -> tuple[Interval, Interval]:
    """Of one and of the mean, where all else is error."""
    value, of_mean = (between - error) / (between + (k - 1) * error), (between - error) / between
    if error < _NONE:
        return Interval(1.0, 1.0, 1.0), Interval(1.0, 1.0, 1.0)
    ratio = between / error
    low, high = ratio / f_quantile(_TAIL, above, below), ratio * f_quantile(_TAIL, below, above)
    one = Interval(value, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1))
    return one, Interval(of_mean, 1 - 1 / low, 1 - 1 / high)


def _two_way(between: float, by_examiner: float, rest: float, n: int, k: int) -> Interval:
    spread = k * (by_examiner - rest) / n
    value = (between - rest) / (between + (k - 1) * rest + spread)
    if rest < _NONE:
        return Interval(1.0, 1.0, 1.0) if by_examiner < _NONE else Interval(value)
    share = by_examiner / rest
    base = n * (1 + (k - 1) * value) - k * value
    freedom = (k - 1) * (n - 1) * (k * value * share + base) ** 2
    freedom /= (n - 1) * (k * value * share) ** 2 + base**2
    above, below = f_quantile(_TAIL, n - 1, freedom), f_quantile(_TAIL, freedom, n - 1)
    other = k * by_examiner + (k * n - k - n) * rest
    low = n * (between - above * rest) / (above * other + n * between)
    high = n * (below * between - rest) / (other + n * below * between)
    return Interval(value, low, high) if isfinite(low) and isfinite(high) else Interval(value)


def _of_mean(one: Interval, k: int) -> Interval | None:
    """By Spearman and Brown."""

    def grown(value: float) -> float:
        return value * k / (1 + value * (k - 1))

    if min(one.value, one.value if one.low is None else one.low) * (k - 1) < _LEAST:
        return None
    if one.low is None or one.high is None:
        return Interval(grown(one.value))
    return Interval(grown(one.value), grown(one.low), grown(one.high))
