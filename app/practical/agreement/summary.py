"""All figures of agreement over the candidates whom two examiners marked, and what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.practical.agreement import flags
from app.practical.agreement.anchored import Anchored, of_anchors
from app.practical.agreement.doubles import Doubles, Interval
from app.practical.agreement.drift import Drift, drifts
from app.practical.agreement.flags import Flag
from app.practical.agreement.halo import spreads
from app.practical.agreement.icc import Icc, icc
from app.practical.agreement.kappa import Weights, kappa
from app.practical.agreement.severity import Prepared, prepared, severities
from app.practical.agreement.shares import CriterionShares, TotalShares, band_count, bands_of, of_criterion, of_totals
from app.schemes.sheet import Criterion
from app.schemes.values import AgreementRules


@dataclass(frozen=True)
class Judging:
    """How the scheme judges two sheets."""

    step: float
    gap: float
    pass_mark: float
    rules: AgreementRules


@dataclass(frozen=True)
class CriterionFigures:
    criterion: Criterion
    shares: CriterionShares
    linear: float | None
    quadratic: float | None
    """Weighted kappa on the bands of the sheet's descriptors; None where only one band was ever given."""
    mean_apart: float


@dataclass(frozen=True)
class ExaminerFigures:
    examiner: int
    sheets: int
    severity: Interval
    drift: Drift | None
    spread: float | None
    """Over the criteria, as a share of the others'."""
    by_criterion: dict[str, Interval]


@dataclass(frozen=True)
class Summary:
    candidates: int
    totals: TotalShares
    icc: Icc | None
    criteria: tuple[CriterionFigures, ...]
    examiners: tuple[ExaminerFigures, ...]
    parts: tuple[tuple[int, ...], ...]
    anchors: tuple[Anchored, ...]
    flags: tuple[Flag, ...]


def summary(doubles: Doubles, judging: Judging, anchors: Sequence[Anchored] = ()) -> Summary | None:
    """None before the candidate from whom on the scheme lets figures begin."""
    if len(doubles) < max(judging.rules.begin, 2):
        return None
    totals = of_totals(doubles.totals, judging.gap, judging.pass_mark)
    criteria = tuple(_criterion(doubles, place, judging) for place in range(len(doubles.criteria)))
    ready = prepared(doubles.pairs)
    whole = severities(doubles.pairs, doubles.totals, ready)
    drifting, spread, reliability = drifts(doubles), spreads(doubles), icc(doubles.totals)
    by_criterion = _by_criterion(doubles, ready)
    examiners = tuple(
        ExaminerFigures(
            key, int((doubles.pairs == key).sum()), whole.by_examiner[key], drifting.get(key), spread.get(key),
            {criterion: found[key] for criterion, found in by_criterion.items() if key in found},
        )
        for key in sorted(doubles.examiners, key=lambda one: whole.by_examiner[one].value)
    )  # fmt: skip
    rules = judging.rules
    return Summary(
        len(doubles), totals, reliability, criteria, examiners, whole.parts, tuple(anchors),
        (
            *flags.of_severity(whole.by_examiner, rules),
            *flags.of_drift(drifting, rules),
            *flags.of_totals(totals, rules),
            *flags.of_icc(reliability, rules),
            *flags.of_criteria({one.criterion.id: one.shares for one in criteria}, rules),
            *of_anchors(anchors, judging.gap),
            *flags.of_halo(spread, rules),
            *flags.of_parts(whole.parts),
        ),
    )  # fmt: skip


def _criterion(doubles: Doubles, place: int, judging: Judging) -> CriterionFigures:
    criterion, points = doubles.criteria[place], doubles.both(place)
    bands, count = bands_of(points, criterion), band_count(criterion)
    return CriterionFigures(
        criterion,
        of_criterion(points, criterion, judging.step),
        kappa(bands, count, Weights.LINEAR),
        kappa(bands, count, Weights.QUADRATIC),
        float(np.abs(points[:, 0] - points[:, 1]).mean()) if len(points) else 0.0,
    )


def _by_criterion(doubles: Doubles, ready: Prepared) -> dict[str, dict[int, Interval]]:
    found: dict[str, dict[int, Interval]] = {}
    for place, criterion in enumerate(doubles.criteria):
        given = ~np.isnan(doubles.points[:, :, place]).any(axis=1)
        if given.any():
            values = doubles.points[given][:, :, place]
            found[criterion.id] = severities(doubles.pairs[given], values, ready if given.all() else None).by_examiner
    return found
