"""Whether an examiner's marks move over the day against those of the others.

Both examiners of a candidate see the same minutes, so that a change that all of them share (and any change in the
candidates) cannot be seen; only what one does unlike the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.practical.agreement.doubles import Doubles, Floats, Interval
from app.practical.agreement.severity import against_others, design_of, fit, incidence, parts_of, severities

LEAST_SHEETS = 5
"""With fewer candidates there is no line to speak of."""
_ESTIMABLE = 1e-6


@dataclass(frozen=True)
class Drift:
    slope: Interval
    """Points by hour against the others."""
    early: Interval | None
    late: Interval | None
    """Severity in the first and in the second half of the candidates."""


def drifts(doubles: Doubles) -> dict[int, Drift]:
    if len(doubles) < 2 or float(np.ptp(doubles.hours)) <= 0:
        return {}
    slopes: dict[int, Interval] = {}
    for part in parts_of(doubles.pairs):
        slopes |= _slopes(part, doubles.where(np.isin(doubles.pairs[:, 0], part)))
    early, late = halves(doubles)
    return {key: Drift(slope, early.get(key), late.get(key)) for key, slope in slopes.items()}


def halves(doubles: Doubles) -> tuple[dict[int, Interval], dict[int, Interval]]:
    """Severities among the first and the second half of the candidates by time."""
    order = np.argsort(doubles.hours, kind="stable")
    first = np.zeros(len(doubles), dtype=bool)
    first[order[: len(order) // 2]] = True
    early, late = doubles.where(first), doubles.where(~first)
    return tuple(severities(one.pairs, one.totals).by_examiner for one in (early, late))  # type: ignore[return-value]


def _slopes(part: tuple[int, ...], doubles: Doubles) -> dict[int, Interval]:
    who = incidence(part, doubles.pairs)
    hours = doubles.hours - doubles.hours.mean()
    design = design_of(np.hstack([who, who * hours[:, None]]))
    fitted = fit(design, doubles.totals[:, 0] - doubles.totals[:, 1])
    estimable: Floats = design.inverse @ (design.matrix.T @ design.matrix)
    found: dict[int, Interval] = {}
    for place, examiner in enumerate(part):
        if np.count_nonzero(who[:, place]) < LEAST_SHEETS:
            continue
        contrast: Floats = np.concatenate([np.zeros(len(part)), against_others(place, len(part))])
        if float(np.abs(estimable @ contrast - contrast).max()) < _ESTIMABLE:
            found[examiner] = fitted.interval(contrast)
    return found
