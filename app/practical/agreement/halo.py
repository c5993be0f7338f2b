"""Whether an examiner's criteria follow one impression: their points differ much less between criteria than others'."""

from __future__ import annotations

import numpy as np

from app.practical.agreement.doubles import Doubles, Floats

LEAST_SHEETS = 5
LEAST_CRITERIA = 3


def spreads(doubles: Doubles) -> dict[int, float]:
    """By examiner, the spread over the criteria as a share of the others' spread; 1 is like the others.

    Points are taken as shares of the most there is, less what the criterion usually brings, so that hard criteria count
    as much as easy ones.
    """
    if len(doubles) < 2 or len(doubles.criteria) < LEAST_CRITERIA:
        return {}
    most: Floats = np.array([float(one.points) for one in doubles.criteria])
    shares = doubles.points / most
    given = ~np.isnan(shares)
    filled = np.where(given, shares, 0.0)
    usual = filled.sum(axis=(0, 1)) / np.maximum(given.sum(axis=(0, 1)), 1)
    left = np.where(given, shares - usual, 0.0)
    count = np.maximum(given.sum(axis=2), 1)
    spread = (left**2).sum(axis=2) / count - (left.sum(axis=2) / count) ** 2
    return {key: value for key in doubles.examiners if (value := _against(doubles, spread, key)) is not None}


def _against(doubles: Doubles, spread: Floats, examiner: int) -> float | None:
    own = doubles.pairs == examiner
    if own.sum() < LEAST_SHEETS or (~own).sum() < LEAST_SHEETS:
        return None
    others = float(spread[~own].mean())
    return float(spread[own].mean()) / others if others > 1e-12 else None
