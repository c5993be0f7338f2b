"""How often two examiners give the same, or nearly the same."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.practical.agreement.doubles import Floats, Interval, Ints
from app.schemes.sheet import Criterion

_Z = 1.959963984540054
_DUST = 1e-9
"""Points are exact decimals; as binary numbers they may miss a limit by so much."""


@dataclass(frozen=True)
class Share:
    """So many of so many, with Wilson's interval; none of none is not computable."""

    hits: int
    of: int

    @property
    def share(self) -> Interval | None:
        if not self.of:
            return None
        p, n, z2 = self.hits / self.of, self.of, _Z * _Z
        centre, half = p + z2 / (2 * n), _Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return Interval(p, max(0.0, (centre - half) / (1 + z2 / n)), min(1.0, (centre + half) / (1 + z2 / n)))


@dataclass(frozen=True)
class CriterionShares:
    exact: Share
    within_step: Share
    same_band: Share
    within_band: Share
    """In the same band or the next."""


@dataclass(frozen=True)
class TotalShares:
    exact: Share
    within: Share
    """Not further apart than the scheme's gap, and on one side of the pass mark: no third examiner is called for."""
    mean_apart: float


def of_criterion(points: Floats, criterion: Criterion, step: float) -> CriterionShares:
    apart = np.abs(points[:, 0] - points[:, 1])
    bands = bands_of(points, criterion)
    bands_apart = np.abs(bands[:, 0] - bands[:, 1])
    return CriterionShares(
        _share(apart < _DUST), _share(apart < step + _DUST), _share(bands_apart == 0), _share(bands_apart <= 1)
    )


def of_totals(totals: Floats, gap: float, pass_mark: float) -> TotalShares:
    apart = np.abs(totals[:, 0] - totals[:, 1])
    passed = totals > pass_mark - _DUST
    within = (apart < gap + _DUST) & (passed[:, 0] == passed[:, 1])
    return TotalShares(_share(apart < _DUST), _share(within), float(apart.mean()) if len(apart) else 0.0)


def bands_of(points: Floats, criterion: Criterion) -> Ints:
    """The place of the highest descriptor whose points are reached, 0 for the lowest."""
    lows = np.array(sorted({float(one.low) for one in criterion.descriptors}))
    found: Ints = np.maximum(np.searchsorted(lows, points + _DUST, side="right") - 1, 0)
    return found


def band_count(criterion: Criterion) -> int:
    return len({one.low for one in criterion.descriptors})


def _share(hits: NDArray[Any]) -> Share:
    return Share(int(hits.sum()), len(hits))
