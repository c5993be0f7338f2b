from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.delivery import attempts, sessions
from app.delivery.starting import start
from app.models.audit import AuditLine
from app.models.certificate import PartResult
from app.models.exam import Attempt, AttemptState
from app.models.registration import ExamSession, Seat
from app.practical.marking import sheets
from app.practical.panels import panels
from app.results.history import candidate_results, failed_critical
from app.results.overview import session_overview
from app.results.release import release_session
from app.results.scores import Standing, scores_of
from app.results.verdict import part_score
from app.schemes.scheme import scheme
from tests.factories import practical, theory

BY = theory.REGISTRAR
LEVEL = scheme(theory.SCHEME).level(theory.LEVEL)


def sat_theory(session: Session, candidates: int = 2) -> tuple[ExamSession, list[theory.Sitting]]:
    """An open theory session; all but the last candidate have begun."""
    sittings = theory.open_sitting(session, candidates=candidates)
    for one in sittings[:-1]:
        start(session, one.sitter, one.attempt_id, now())
    exam = session.get_one(ExamSession, sittings[0].session_id)
    session.commit()
    return exam, sittings


def test_held_until_released(session: Session) -> None:
    exam, sittings = sat_theory(session)
    session.get_one(Attempt, sittings[0].attempt_id)
    sessions.close_session(session, BY, exam.id, now())
    session.commit()
    assert candidate_results(session, sittings[0].user_id) == []
    done = release_session(session, BY, exam.id, now())
    session.commit()
    assert (done.results, done.passed, done.without) == (1, 0, 1)
    (found,) = candidate_results(session, sittings[0].user_id)
    (part,) = found.parts
    assert (part.part, part.score, part.passed, part.valid_until) == ("theory", Decimal(0), False, None)
    assert sum(Decimal(row["of"]) for row in part.rows) == part.full_marks
    assert not found.verdict.complete
    assert candidate_results(session, sittings[1].user_id) == []
    assert session.get_one(Attempt, sittings[0].attempt_id).state == AttemptState.RELEASED


def test_releasing_twice_is_releasing_once(session: Session) -> None:
    exam, _ = sat_theory(session)
    sessions.close_session(session, BY, exam.id, now())
    first = release_session(session, BY, exam.id, now())
    assert release_session(session, BY, exam.id, now() + timedelta(days=1)) == first
    assert session.scalar(select(func.count()).select_from(PartResult)) == 1
    lines = select(func.count()).select_from(AuditLine).where(AuditLine.tag == "session:released")
    assert session.scalar(lines) == 1


def test_an_open_session_is_not_released(session: Session) -> None:
    exam, _ = sat_theory(session)
    with pytest.raises(Refusal) as refused:
        release_session(session, BY, exam.id, now())
    assert (refused.value.code, refused.value.status) == ("session_not_closed", 409)
    with pytest.raises(NotFound):
        release_session(session, BY, 4711, now())


def test_what_is_missing_is_named(session: Session) -> None:
    exam, sittings = sat_theory(session, candidates=3)
    attempts.void(session, BY, sittings[1].attempt_id, "wrong room", now())
    exam.state = "closed"  # as if the closing had been cut off before it marked anybody
    session.flush()
    with pytest.raises(Refusal) as refused:
        release_session(session, BY, exam.id, now())
    assert [(one["seat"], one["code"]) for one in refused.value.details["problems"]] == [(1, "running")]
    found = [one.standing for one in scores_of(session, exam)]
    assert found == [Standing.RUNNING, Standing.VOIDED, Standing.ABSENT]


def practical_with(session: Session, *totals: tuple[str | None, str | None]) -> ExamSession:
    """A closed practical whose sheets are signed with these totals; None leaves one unsigned."""
    exam, duties = practical.open_practical(session, candidates=len(totals))
    flat = [total for pair in totals for total in pair]
    for seat in session.scalars(select(Seat).where(Seat.session_id == exam.id)):
        seat.practical_started_at = seat.practical_ended_at = now()
    session.flush()
    for duty, total in zip(duties, flat, strict=True):
        if total is not None:
            practical.mark_and_sign(session, duty, total)
    return exam


@pytest.mark.parametrize(
    ("first", "second", "score", "passed"),
    [
        ("60", "60", "60", True),
        ("59.5", "59.5", "59.5", False),
        ("60", "60.5", "60.25", True),
        ("70", "80", "75", True),
    ],
)
def test_the_practical_is_the_mean(session: Session, first: str, second: str, score: str, passed: bool) -> None:
    exam = practical_with(session, (first, second))
    exam.state = "closed"
    session.flush()
    release_session(session, BY, exam.id, now())
    result = session.scalars(select(PartResult)).one()
    assert (result.score, result.passed) == (Decimal(score), passed)
    assert sum(Decimal(row["marks"]) for row in result.breakdown["rows"]) == Decimal(score)
    assert (result.valid_until is not None) == passed


def test_the_practical_waits_for_signatures_and_third_examiners(session: Session) -> None:
    exam = practical_with(session, ("70", "70"), ("70", None), ("59.5", "60"))
    exam.state = "closed"
    session.flush()
    with pytest.raises(Refusal) as refused:
        release_session(session, BY, exam.id, now())
    assert [one["code"] for one in refused.value.details["problems"]] == ["unsigned", "needs_third"]
    overview = session_overview(session, exam.id)
    assert (overview.waiting, len(overview.scores), overview.passed) == (2, 1, 1)


def test_who_never_came_has_no_result(session: Session) -> None:
    exam, _ = practical.open_practical(session, candidates=1)
    panels.close_practical(session, BY, exam.id, now())
    done = release_session(session, BY, exam.id, now())
    assert (done.results, done.without) == (0, 1)


def test_a_missed_critical_criterion_fails_the_part_whatever_its_score(session: Session) -> None:
    exam, duties = practical.open_practical(session)
    for duty in duties:
        practical.mark(session, duty, "100")
        sheets.save_marks(session, duty.actor, duty.sheet_id, duty.examiner_id, {"J04": 0}, notes={}, now=now())
        sheets.sign(session, duty.actor, duty.sheet_id, duty.examiner_id, now())
    exam.state = "closed"
    session.flush()
    [row] = session_overview(session, exam.id).rows
    assert (row.part.score, row.part.passed) == (Decimal(92), False)
    assert release_session(session, BY, exam.id, now()).passed == 0
    result = session.scalars(select(PartResult)).one()
    assert (result.score, result.passed, result.valid_until) == (Decimal(92), False, None)
    assert [one["id"] for one in result.breakdown["failed_critical"]] == ["J04"]
    assert not part_score(LEVEL, "practical", result.score, failed_critical(result)).passed
