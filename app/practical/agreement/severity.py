"""How much more or fewer points an examiner gives than the others would give the same candidates.

The model is additive: points = candidate + examiner + chance, by least squares. Each candidate is marked by two, so
only differences of two examiners are seen; where no chain of shared candidates joins two examiners, nothing can be said
of one against the other, and each such part of the panel stands for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from app.practical.agreement.doubles import Floats, Interval, Ints
from app.practical.agreement.quantiles import t_quantile

_DUST = 1e-9


@dataclass(frozen=True)
class Severities:
    by_examiner: dict[int, Interval]
    """Points against the mean of the others of the same part: below 0 is stricter, above 0 more lenient."""
    parts: tuple[tuple[int, ...], ...]
    """Examiners joined by candidates they share; more than one part cannot be compared with another."""


@dataclass(frozen=True)
class Prepared:
    """Who marked with whom, made ready once for as many figures as there are."""

    parts: tuple[tuple[int, ...], ...]
    rows: tuple[NDArray[np.bool_], ...]
    designs: tuple[Design, ...]


def prepared(pairs: Ints) -> Prepared:
    parts = parts_of(pairs)
    rows = tuple(np.isin(pairs[:, 0], part) for part in parts)
    designs = tuple(design_of(incidence(part, pairs[inside])) for part, inside in zip(parts, rows, strict=True))
    return Prepared(parts, rows, designs)


def severities(pairs: Ints, values: Floats, ready: Prepared | None = None) -> Severities:
    """From two examiners and two figures for each candidate."""
    ready = ready or prepared(pairs)
    found: dict[int, Interval] = {}
    for part, inside, design in zip(ready.parts, ready.rows, ready.designs, strict=True):
        fitted = fit(design, values[inside, 0] - values[inside, 1])
        for place, examiner in enumerate(part):
            found[examiner] = fitted.interval(against_others(place, len(part)))
    return Severities(found, ready.parts)


def parts_of(pairs: Ints) -> tuple[tuple[int, ...], ...]:
    root = {int(one): int(one) for one in pairs.ravel()}

    def top(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for one, other in pairs:
        root[top(int(one))] = top(int(other))
    parts: dict[int, list[int]] = {}
    for one in sorted(root):
        parts.setdefault(top(one), []).append(one)
    return tuple(tuple(part) for part in sorted(parts.values()))


def incidence(part: Sequence[int], pairs: Ints) -> Floats:
    """A row for each candidate: 1 for the first examiner, -1 for the second."""
    places = {examiner: place for place, examiner in enumerate(part)}
    found: Floats = np.zeros((len(pairs), len(part)))
    rows = np.arange(len(pairs))
    found[rows, [places[int(one)] for one in pairs[:, 0]]] = 1
    found[rows, [places[int(one)] for one in pairs[:, 1]]] = -1
    return found


@dataclass(frozen=True)
class Fit:
    """Least squares for differences: what is estimated, how surely, and what stays unexplained."""

    estimates: Floats
    inverse: Floats
    variance: float | None
    """Of one difference; None where no freedom is left."""
    freedom: int

    def interval(self, contrast: Floats) -> Interval:
        value = float(contrast @ self.estimates)
        if self.variance is None:
            return Interval(value)
        error = sqrt(max(float(contrast @ self.inverse @ contrast), 0.0) * self.variance)
        half = t_quantile(0.975, self.freedom) * error
        return Interval(value, value - half, value + half)


@dataclass(frozen=True)
class Design:
    """What differences are explained by, with the inverse of its normal equations."""

    matrix: Floats
    inverse: Floats
    rank: int


def design_of(matrix: Floats) -> Design:
    """The inverse leaves out what the design says nothing of."""
    values, vectors = np.linalg.eigh(matrix.T @ matrix)
    seen = values > 1e-10 * max(float(values.max(initial=0)), 1e-300)
    kept = vectors[:, seen]
    inverse: Floats = np.asarray((kept / values[seen]) @ kept.T, dtype=np.float64)
    return Design(matrix, inverse, int(seen.sum()))


def fit(design: Design, differences: Floats) -> Fit:
    estimates: Floats = design.inverse @ (design.matrix.T @ differences)
    freedom = len(differences) - design.rank
    unexplained = float(((differences - design.matrix @ estimates) ** 2).sum())
    unexplained = 0.0 if unexplained < _DUST else unexplained
    return Fit(estimates, design.inverse, unexplained / freedom if freedom > 0 else None, freedom)


def against_others(place: int, count: int) -> Floats:
    """One against the mean of all others, so that moving one examiner by c moves this by c."""
    found: Floats = np.full(count, -1 / (count - 1))
    found[place] = 1
    return found
