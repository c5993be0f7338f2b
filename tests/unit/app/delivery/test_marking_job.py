"""Closing a large session is at once; its marking follows by a job that may be killed, shared and repeated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.cli import worker
from app.core import audit, jobs
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refusal
from app.delivery import closing, marking, marking_job, receipts, sessions
from app.delivery.marking import marks_of
from app.delivery.papers import items_of
from app.models.account import Role
from app.models.audit import AuditLine
from app.models.exam import Attempt, AttemptState
from app.results.release import release_session
from app.web import access
from tests.factories import people, theory
from tests.factories.theory import KEYS, REGISTRAR
from tests.web.api.test_attempts import Seat, one


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking_job, "AT_ONCE", 1)
    monkeypatch.setattr(marking_job, "BATCH", 2)


@pytest.fixture
def seats(store: Flask, small_batches: None) -> list[Seat]:
    """Five who have begun; the first so many items of each are answered right."""
    with store.app_context():
        sittings = theory.open_sitting(db.session(), candidates=6)
    made = [Seat(store, sitting) for sitting in sittings]
    for number, seat in enumerate(made[:5], 1):
        seat.start()
        seat.change(*[one(place, place, *KEYS["truefalse"]) for place in range(1, number + 1)])
    return made


def close(session: Session, seats: Sequence[Seat]) -> int:
    session_id = session.get_one(Attempt, seats[0].sitting.attempt_id).session_id
    sessions.close_session(session, REGISTRAR, session_id, now())
    session.commit()
    return session_id


def states(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(sa.select(Attempt.state).order_by(Attempt.id)))


def test_closing_is_at_once_and_marking_follows(seats: list[Seat]) -> None:
    with seats[0].app.app_context():
        session = db.session()
        session_id = close(session, seats)
        assert states(session) == ["expired"] * 5 + ["voided"]
        assert seats[0].change(one(9, 9, "T")).json["error"]["code"] == "attempt_closed"
        with pytest.raises(Refusal) as refused:
            release_session(session, REGISTRAR, session_id, now())
        assert (refused.value.code, refused.value.details) == ("marking_under_way", {"left": 5})
        session.rollback()
        assert worker.work_on_jobs() == 3
        assert states(session) == ["marked"] * 5 + ["voided"]
        rows = session.scalars(
            sa.select(Attempt).where(Attempt.state == AttemptState.MARKED).order_by(Attempt.id)
        ).all()
        assert [row.score for row in rows] == [Decimal(number) for number in range(1, 6)]
        for row in rows:
            assert receipts.recomputed(session, row) == row.receipt
            given = dict.fromkeys(range(1, int(row.score or 0) + 1), KEYS["truefalse"])
            assert sum(marks for _, marks in marks_of(items_of(session, row.paper), given, partial=False)) == row.score
        job = marking_job.job_of(session, session_id)
        assert job is not None
        assert (job.state, job.done, job.total) == ("done", 5, 5)
        release_session(session, REGISTRAR, session_id, now())
        audit.seal(session)
        assert audit.verify(session).intact


@pytest.mark.parametrize("way", ["program", "page"])
def test_without_a_worker_whoever_releases_marks_along(seats: list[Seat], way: str) -> None:
    app = seats[0].app
    with app.test_request_context():
        session = db.session()
        session_id = close(session, seats)
        registrar = people.login(session, people.user(session, Role.REGISTRAR))
        headers = {"Authorization": f"Bearer {access.bearer_token(registrar)}"}
        session.commit()
    begin, end, done = ("/api/v1", "/release", 200) if way == "program" else ("/registrar", "/results/release", 303)
    path = f"{begin}/sessions/{session_id}{end}"
    assert [app.test_client().post(path, headers=headers).status_code for _ in range(5)] == [409] * 4 + [done]
    with app.app_context():
        assert states(db.session()) == ["released"] * 5 + ["voided"]
        job = marking_job.job_of(db.session(), session_id)
        assert job is not None
        assert job.state == "done"
        assert worker.work_on_jobs() == 0


def test_a_killed_worker_leaves_what_it_had_finished(seats: list[Seat]) -> None:
    with seats[0].app.app_context():
        session = db.session()
        session_id = close(session, seats)
        assert worker.work_on_job()
        assert jobs.work(session, now())  # marked, and killed before the commit
        session.rollback()
        assert marking_job.unmarked(session, session_id) == 3
        worker.work_on_jobs()
        lines = session.scalar(sa.select(sa.func.count()).where(AuditLine.tag == "attempt:marked"))
        assert (marking_job.unmarked(session, session_id), lines) == (0, 5)


def test_one_that_cannot_be_marked_holds_up_no_other(seats: list[Seat], monkeypatch: pytest.MonkeyPatch) -> None:
    broken, mark = seats[0].sitting.attempt_id, marking.mark

    def fails_for_one(session: Session, attempts: Sequence[int], now: datetime) -> dict[int, Decimal]:
        if broken in attempts:
            raise ValueError("an item is missing")
        return mark(session, attempts, now)

    monkeypatch.setattr(marking, "mark", fails_for_one)
    with seats[0].app.app_context():
        session = db.session()
        session_id = close(session, seats)
        for _ in range(4 + jobs.MOST_FAILURES):
            session.execute(sa.text("UPDATE job SET not_before = clock_timestamp()"))
            session.commit()
            worker.work_on_job()
        job = marking_job.job_of(session, session_id)
        assert states(session) == ["expired", *["marked"] * 4, "voided"]
        assert job is not None
        assert (job.state, job.done, job.error) == ("failed", 4, "ValueError: an item is missing")


def test_one_and_many_are_marked_alike(seats: list[Seat]) -> None:
    """The same answers bring the same whether the candidate, the sweeper or the job closes."""
    first, second = seats[:2]
    with first.app.app_context():
        session = db.session()
        second_row = session.get_one(Attempt, second.sitting.attempt_id)
        first_row = session.get_one(Attempt, first.sitting.attempt_id)
        second_row.paper_id = first_row.paper_id
        session.commit()
        assert first.submit().status_code == 200
        close(session, seats)
        worker.work_on_jobs()
        session.expire_all()
        assert first_row.closed_how != second_row.closed_how
        assert (first_row.score, second_row.score) == (1, 2)
        assert {row["no"]: row["of"] for row in first_row.marks_by_row["rows"]} == {
            row["no"]: row["of"] for row in second_row.marks_by_row["rows"]
        }
        assert closing.mark(session, [first_row.id, second_row.id], now()) == 0, "what is marked is left alone"
