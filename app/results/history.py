"""What a person's released parts come to: for the certificate, for the registrar, and for the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models.certificate import Certificate, PartResult
from app.models.registration import Application, Candidate
from app.registration.facts import BODY_ZONE
from app.results.verdict import PRACTICAL, THEORY, Missed, Sitting, Verdict, counting, pass_mark, worth
from app.schemes.scheme import Level
from app.schemes.scheme import scheme as scheme_of


@dataclass(frozen=True)
class PartView:
    """One released part as its candidate may see it: marks by row or area, never an item."""

    part: str
    sat_at: datetime
    released_at: datetime
    score: Decimal
    pass_mark: Decimal
    full_marks: int
    passed: bool
    valid_until: datetime | None
    rows: tuple[dict[str, Any], ...]
    failed_critical: tuple[Missed, ...] = ()
    """Key criteria that were missed: why a part may be failed though its score is enough."""


@dataclass(frozen=True)
class LevelResults:
    """All parts a person sat for one level, the verdict on those that count, and the certificates there are."""

    scheme: str
    level: Level
    parts: tuple[PartView, ...]
    verdict: Verdict
    certificates: tuple[Certificate, ...]


def results_of(session: Session, candidate_id: int, scheme: str, level: str) -> Sequence[PartResult]:
    """A person's released parts of a level, over all applications for it: a passed part outlives its application."""
    return session.scalars(
        select(PartResult)
        .join(Application, Application.id == PartResult.application_id)
        .where(Application.candidate_id == candidate_id, Application.scheme == scheme, Application.level == level)
        .options(joinedload(PartResult.session))
        .order_by(PartResult.released_at)
    ).all()


def sitting(result: PartResult) -> Sitting:
    until = result.valid_until.astimezone(BODY_ZONE) if result.valid_until else None
    return Sitting(result.part, result.score, result.session.opens_at, until, failed_critical(result))


def failed_critical(result: PartResult) -> tuple[Missed, ...]:
    return tuple(Missed(**one) for one in result.breakdown.get("failed_critical", ()))


def verdict_on(level: Level, results: Sequence[PartResult]) -> Verdict:
    theory, practical = counting(level, map(sitting, results))
    return Verdict(worth(level, THEORY, theory), worth(level, PRACTICAL, practical))


def candidate_results(session: Session, user_id: int) -> list[LevelResults]:
    """The released results of the person behind an account, a level each, the latest first."""
    candidate = session.scalar(select(Candidate).where(Candidate.user_id == user_id))
    if candidate is None:
        return []
    pairs = session.execute(
        select(Application.scheme, Application.level).where(Application.candidate_id == candidate.id).distinct()
    )
    found = [_of_level(session, candidate, scheme, level) for scheme, level in pairs]
    with_parts = [one for one in found if one.parts or one.certificates]
    return sorted(with_parts, key=_latest, reverse=True)


def _of_level(session: Session, candidate: Candidate, scheme: str, code: str) -> LevelResults:
    level = scheme_of(scheme).level(code)
    results = results_of(session, candidate.id, scheme, code)
    certificates = session.scalars(
        select(Certificate)
        .where(
            Certificate.person == candidate.identity_hash,
            Certificate.scheme == scheme,
            Certificate.level == code,
        )
        .order_by(Certificate.issued_at.desc())
    )
    parts = tuple(_view(level, one) for one in reversed(results))
    return LevelResults(scheme, level, parts, verdict_on(level, results), tuple(certificates))


def _view(level: Level, result: PartResult) -> PartView:
    part = level.theory if result.part == "theory" else level.practical
    return PartView(
        result.part,
        result.session.opens_at,
        result.released_at,
        result.score,
        pass_mark(level, result.part),
        part.full_marks,
        result.passed,
        result.valid_until,
        tuple(result.breakdown.get("rows", ())),
        failed_critical(result),
    )


def _latest(results: LevelResults) -> datetime:
    moments = [part.released_at for part in results.parts] + [one.issued_at for one in results.certificates]
    return max(moments)
