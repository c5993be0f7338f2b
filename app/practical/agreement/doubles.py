"""Candidates whom two examiners marked independently, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.schemes.sheet import Criterion

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Interval:
    """An estimate and what it may well be instead, by 95 in 100; no bounds where nothing is left to judge them by."""

    value: float
    low: float | None = None
    high: float | None = None

    def beyond(self, limit: float) -> bool:
        """Whether the whole of it lies further from 0 than `limit`."""
        return self.low is not None and self.high is not None and (self.low > limit or self.high < -limit)

    def below(self, limit: float) -> bool:
        return self.high is not None and self.high < limit


@dataclass(frozen=True)
class SignedSheet:
    examiner: int
    total: float
    points: Mapping[str, float]


@dataclass(frozen=True)
class Double:
    """One candidate with the first two sheets, both signed."""

    seat: int
    number: int
    hour: float
    """Since the day began."""
    first: SignedSheet
    second: SignedSheet


@dataclass(frozen=True)
class Doubles:
    """A row for each candidate, the first examiner's figures before the second's."""

    rows: Sequence[Double]
    criteria: tuple[Criterion, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def examiners(self) -> tuple[int, ...]:
        return tuple(sorted({int(one) for one in self.pairs.ravel()}))

    @cached_property
    def pairs(self) -> Ints:
        """Whose sheets they are; two columns."""
        return np.array([(row.first.examiner, row.second.examiner) for row in self.rows], dtype=np.int64).reshape(-1, 2)

    @cached_property
    def totals(self) -> Floats:
        return np.array([(row.first.total, row.second.total) for row in self.rows], dtype=float).reshape(-1, 2)

    @cached_property
    def hours(self) -> Floats:
        return np.array([row.hour for row in self.rows], dtype=float)

    @cached_property
    def points(self) -> Floats:
        """By candidate, sheet and criterion; not a number where a sheet has no such criterion."""
        keys, none = [criterion.id for criterion in self.criteria], float("nan")
        found = [
            [[sheet.points.get(key, none) for key in keys] for sheet in (row.first, row.second)] for row in self.rows
        ]
        return np.array(found, dtype=float).reshape(len(self.rows), 2, len(keys))

    def both(self, place: int) -> Floats:
        """The points of one criterion where both sheets have it; two columns."""
        found: Floats = self.points[:, :, place]
        kept: Floats = found[~np.isnan(found).any(axis=1)]
        return kept

    def where(self, chosen: NDArray[Any]) -> Doubles:
        return Doubles([row for row, keep in zip(self.rows, chosen, strict=True) if keep], self.criteria)
