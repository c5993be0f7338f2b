"""Quantiles of the t and F distributions, for intervals, from the incomplete beta function."""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, sqrt

_TINY, _CLOSE = 1e-300, 1e-15


@lru_cache(maxsize=4096)
def t_quantile(share: float, freedom: float) -> float:
    """Below which `share` of a t distribution lies; `share` from a half up."""
    return sqrt(f_quantile(2 * share - 1, 1, freedom)) if share > 0.5 else 0.0


@lru_cache(maxsize=4096)
def f_quantile(share: float, upper: float, lower: float) -> float:
    """Below which `share` of an F distribution with so many degrees of freedom lies."""
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if high - low < _CLOSE:
            break
        if beta_share(upper / 2, lower / 2, middle) < share:
            low = middle
        else:
            high = middle
    middle = (low + high) / 2
    return lower * middle / (upper * (1 - middle)) if middle < 1 else inf


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction, by Lentz's method."""
    d = 1 / _held(1 - (a + b) * x / (a + 1))
    c, found = 1.0, d
    for m in range(1, 1000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / _held(1 + step * d)
            c = _held(1 + step / c)
            found *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return found


def _held(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
