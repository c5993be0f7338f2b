"""A session's scores beside what each candidate has in the other part: what the registrar looks at before releasing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models.certificate import PartResult
from app.models.registration import Application, ExamSession
from app.registration.planning import exam_session
from app.results.history import verdict_on
from app.results.scores import SeatScore, scores_of
from app.results.verdict import PartScore, Verdict, part_score
from app.schemes.scheme import Level
from app.schemes.scheme import scheme as scheme_of


@dataclass(frozen=True)
class Row:
    """One seat: what this session gave, and the verdict on everything released so far."""

    seat_score: SeatScore
    part: PartScore
    verdict: Verdict


@dataclass(frozen=True)
class Overview:
    exam: ExamSession
    level: Level
    parts: tuple[PartScore, ...]
    """What this session gave to everybody in it."""
    rows: tuple[Row, ...]
    """The seats that are looked at."""
    waiting: int

    @property
    def scores(self) -> list[Decimal]:
        return [part.score for part in self.parts if part.score is not None]

    @property
    def passed(self) -> int:
        return sum(part.passed for part in self.parts)


def session_overview(session: Session, session_id: int, shown: slice = slice(None)) -> Overview:
    exam = exam_session(session, session_id)
    level = scheme_of(exam.scheme).level(exam.level)
    scores = scores_of(session, exam)
    parts = tuple(part_score(level, exam.part, one.score, one.failed_critical) for one in scores)
    results = _by_candidate(session, exam, [one.seat.application.candidate_id for one in scores[shown]])
    rows = tuple(
        Row(one, part, verdict_on(level, results[one.seat.application.candidate_id]))
        for one, part in zip(scores[shown], parts[shown], strict=True)
    )
    return Overview(exam, level, parts, rows, sum(one.standing.waits for one in scores))


def _by_candidate(session: Session, exam: ExamSession, candidates: Sequence[int]) -> defaultdict[int, list[PartResult]]:
    query = (
        select(PartResult)
        .join(Application, Application.id == PartResult.application_id)
        .where(
            Application.candidate_id.in_(candidates),
            Application.scheme == exam.scheme,
            Application.level == exam.level,
        )
        .options(joinedload(PartResult.session), joinedload(PartResult.application))
        .order_by(PartResult.released_at)
    )
    found: defaultdict[int, list[PartResult]] = defaultdict(list)
    for result in session.scalars(query):
        found[result.application.candidate_id].append(result)
    return found
