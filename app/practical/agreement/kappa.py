"""Cohen's weighted kappa: agreement in bands beyond what chance alone would bring."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from app.practical.agreement.doubles import Floats, Ints


class Weights(StrEnum):
    LINEAR = "linear"
    QUADRATIC = "quadratic"


def table_of(bands: Ints, count: int) -> Floats:
    """How often the first gave this band and the second that one."""
    found: Floats = np.zeros((count, count))
    np.add.at(found, (bands[:, 0], bands[:, 1]), 1)
    return found


def weights_of(kind: Weights, count: int) -> Floats:
    """How much a disagreement counts: 0 for the same band, 1 for the two ends."""
    apart: Floats = np.abs(np.subtract.outer(np.arange(count), np.arange(count))) / max(count - 1, 1)
    return apart if kind == Weights.LINEAR else apart**2


def weighted_kappa(table: Floats, weights: Floats) -> float | None:
    """None where chance leaves nothing to disagree on: one band alone was ever given."""
    everything = table.sum()
    if not everything:
        return None
    seen = table / everything
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0))
    expected = float((weights * by_chance).sum())
    return None if expected < 1e-12 else 1 - float((weights * seen).sum()) / expected


def kappa(bands: Ints, count: int, kind: Weights) -> float | None:
    return weighted_kappa(table_of(bands, count), weights_of(kind, count)) if len(bands) else None
