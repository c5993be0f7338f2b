"""Results are held until the registrar releases the session; then they are written once and stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.delivery import marking_job
from app.models.certificate import PartResult
from app.models.exam import Attempt, AttemptState
from app.models.registration import ExamSession, Part, SessionState
from app.practical.anchors import anchors_of
from app.practical.marking import register as score_register
from app.registration.locks import locked
from app.results.scores import WAITING, SeatScore, Standing, scores_of
from app.results.verdict import counts_until, kept, part_score
from app.schemes.scheme import Level
from app.schemes.scheme import scheme as scheme_of


@dataclass(frozen=True)
class Release:
    """What a release did: how many scores became results, how many of them pass, who had none."""

    session_id: int
    released_at: datetime
    results: int
    passed: int
    without: int


def release_session(session: Session, actor: Actor, session_id: int, now: datetime) -> Release:
    """Write every score as a result and let the candidates see it. A second time changes nothing."""
    exam = locked(session, ExamSession, session_id)
    if exam.state == SessionState.RELEASED:
        return _released(session, exam)
    if exam.state != SessionState.CLOSED:
        raise Refusal(
            "session_not_closed",
            N_("The session is not closed yet. Close it, then release its results."),
            status=409,
            details={"state": exam.state},
        )
    marking_job.require_done(session, exam.id)
    scores = scores_of(session, exam)
    _refuse_incomplete(scores)
    if exam.part == Part.PRACTICAL:
        score_register.refuse_unsigned(session, exam)
    level = scheme_of(exam.scheme).level(exam.level)
    anchors = anchors_of(session, [exam.id])  # played by somebody who is no candidate
    real = [one for one in scores if one.standing == Standing.SCORED and one.seat.id not in anchors]
    session.add_all(_result(exam, level, one, now) for one in real)
    session.execute(
        update(Attempt)
        .where(Attempt.session_id == exam.id, Attempt.state == AttemptState.MARKED)
        .values(state=AttemptState.RELEASED)
    )
    exam.state, exam.released_at = SessionState.RELEASED, now
    session.flush()
    done = _released(session, exam)
    audit.record(session, "session:released", actor, "session", exam.id, results=done.results, passed=done.passed)
    return done


def _refuse_incomplete(scores: list[SeatScore]) -> None:
    waiting = [one for one in scores if one.standing.waits]
    if not waiting:
        return
    problems = [
        {
            "seat": one.seat.number,
            "candidate": one.seat.application.candidate.name,
            "code": str(one.standing),
            "reason": WAITING[one.standing],
            "params": {"groups": "、".join(one.waits_for)},
        }
        for one in waiting
    ]
    raise Refusal(
        "results_incomplete",
        N_("%(count)s candidates have no score yet; the first is seat %(seat)s, %(name)s. Complete the marking first."),
        status=409,
        details={"problems": problems},
        count=len(waiting),
        seat=waiting[0].seat.number,
        name=waiting[0].seat.application.candidate.name,
    )


def _result(exam: ExamSession, level: Level, one: SeatScore, now: datetime) -> PartResult:
    assert one.score is not None  # noqa: S101 (a scored seat has one)
    score = kept(one.score)
    passed = part_score(level, exam.part, score, one.failed_critical).passed
    return PartResult(
        application_id=one.seat.application_id,
        session_id=exam.id,
        part=exam.part,
        score=score,
        passed=passed,
        breakdown=one.breakdown,
        released_at=now,
        valid_until=counts_until(now, level.part_valid_months) if passed else None,
    )


def _released(session: Session, exam: ExamSession) -> Release:
    results = session.scalars(select(PartResult).where(PartResult.session_id == exam.id)).all()
    assert exam.released_at is not None  # noqa: S101 (the state says so)
    return Release(
        exam.id, exam.released_at, len(results), sum(one.passed for one in results), len(exam.seats) - len(results)
    )
