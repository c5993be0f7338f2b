"""Jobs: one for a subject, batch by batch, held by one worker at a time, taken up again after a crash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.audit import SYSTEM
from app.core.clock import now
from app.core.db import db
from app.core.jobs import Job, JobFailedError, JobState

KIND = "count_down"


class Count:
    """What there is to do, as a table would tell."""

    def __init__(self) -> None:
        self.left, self.breaks = 3, False

    def step(self, session: Session, subject_id: int, now: datetime) -> int:
        if self.breaks:
            raise ValueError("broken")
        self.left -= 1
        return self.left


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Iterator[Count]:
    made = Count()
    monkeypatch.setitem(jobs.KINDS, KIND, made.step)
    return made


def enqueued(session: Session) -> Job:
    made = jobs.enqueue(session, SYSTEM, KIND, 7, 3)
    session.commit()
    return made


def standing(session: Session) -> Job:
    found = jobs.latest(session, KIND, 7)
    assert found is not None
    return found


def test_a_subject_has_one_job_under_way(session: Session, count: Count) -> None:
    first = enqueued(session)
    assert enqueued(session).id == first.id
    while jobs.work(session, now()):
        session.commit()
    assert standing(session).state == JobState.DONE
    assert enqueued(session).id != first.id


def test_batch_by_batch(session: Session, count: Count) -> None:
    enqueued(session)
    seen = []
    while jobs.work(session, now()):
        session.commit()
        seen.append((standing(session).state, standing(session).done))
    assert seen == [("running", 1), ("running", 2), ("done", 3)]
    assert jobs.waiting(session) == 0


def test_what_a_killed_worker_did_not_commit_is_done_again(session: Session, count: Count) -> None:
    enqueued(session)
    jobs.work(session, now())
    session.rollback()
    assert (standing(session).state, standing(session).done) == ("waiting", 0)
    assert jobs.work(session, now())


def test_two_workers_never_hold_the_same_job(session: Session, count: Count) -> None:
    enqueued(session)
    assert jobs.work(session, now())
    with db.engine.connect() as link, Session(link) as other:
        assert not jobs.work(other, now())


def test_one_that_keeps_failing_is_given_up_and_can_be_taken_up(session: Session, count: Count) -> None:
    job, count.breaks = enqueued(session), True
    for _ in range(jobs.MOST_FAILURES):
        session.execute(sa.text("UPDATE job SET not_before = clock_timestamp()"))
        with pytest.raises(JobFailedError):
            jobs.work(session, now())
        session.rollback()
        jobs.failed(session, job.id, "ValueError: broken")
        session.commit()
    assert (standing(session).state, standing(session).error) == ("failed", "ValueError: broken")
    assert not jobs.work(session, now())
    count.breaks = False
    jobs.again(session, SYSTEM, standing(session))
    while jobs.work(session, now()):
        session.commit()
    assert standing(session).state == JobState.DONE


def test_a_failed_batch_waits_a_while(session: Session, count: Count) -> None:
    job = enqueued(session)
    jobs.failed(session, job.id, "ValueError: broken")
    session.commit()
    assert not jobs.work(session, now())
    assert jobs.waiting(session) == 1
