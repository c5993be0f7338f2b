"""Long work with progress: a row says what is to be done, any worker does it batch by batch.

Each batch is one transaction that holds the job's row, so that a worker killed in the middle leaves nothing behind but
what it had finished, another goes on from there, and two at once take turns. A kind names the function that does one
batch; it must find out by itself what is left, since that is all that survives a crash.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor

MOST_FAILURES = 5
_COLUMNS = "id, kind, subject_id, total, done, state, error, failures, created_at, started_at, changed_at, ended_at"
_ENQUEUE = text(
    "INSERT INTO job (kind, subject_id, total, started_by) VALUES (:kind, :subject, :total, :by)"
    " ON CONFLICT (kind, subject_id) WHERE state IN ('waiting', 'running') DO NOTHING"
)
_TAKE = text(
    f"SELECT {_COLUMNS} FROM job WHERE state IN ('waiting', 'running') AND not_before <= clock_timestamp()"  # noqa: S608
    " AND (CAST(:kind AS text) IS NULL OR (kind = :kind AND subject_id = :subject)) AND kind = ANY(:known)"
    " ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
)
_ADVANCE = text(
    "UPDATE job SET done = greatest(total - :left, 0), changed_at = clock_timestamp(), failures = 0, error = '',"
    " started_at = coalesce(started_at, clock_timestamp()), state = CASE WHEN :left = 0 THEN 'done' ELSE 'running' END,"
    " ended_at = CASE WHEN :left = 0 THEN clock_timestamp() END,"
    " not_before = clock_timestamp() + make_interval(secs => :pause) WHERE id = :id"
)
_FAIL = text(
    "UPDATE job SET failures = failures + 1, error = :error, changed_at = clock_timestamp(),"
    " state = CASE WHEN failures + 1 >= :most THEN 'failed' ELSE state END,"
    " ended_at = CASE WHEN failures + 1 >= :most THEN clock_timestamp() END,"
    " not_before = clock_timestamp() + make_interval(secs => 2 ^ least(failures, 5)) WHERE id = :id"
)
_AGAIN = text(
    "UPDATE job SET state = 'waiting', failures = 0, not_before = clock_timestamp(), changed_at = clock_timestamp(),"
    " ended_at = NULL WHERE id = :id AND state = 'failed' RETURNING id"
)
_LATEST = text(
    f"SELECT {_COLUMNS} FROM job WHERE kind = :kind AND subject_id = :subject ORDER BY id DESC LIMIT 1"  # noqa: S608
)
_WAITING = text("SELECT count(*) FROM job WHERE state IN ('waiting', 'running')")


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """One piece of work as it stands."""

    id: int
    kind: str
    subject_id: int
    total: int
    done: int
    state: str
    error: str
    failures: int
    created_at: datetime
    started_at: datetime | None
    changed_at: datetime
    ended_at: datetime | None

    @property
    def under_way(self) -> bool:
        return self.state in (JobState.WAITING, JobState.RUNNING)

    @property
    def pace(self) -> float:
        """How much is done in a second; 0 as long as nobody can tell."""
        seconds = (self.changed_at - self.started_at).total_seconds() if self.started_at else 0
        return self.done / seconds if seconds > 0 else 0

    @property
    def seconds_left(self) -> int | None:
        return round((self.total - self.done) / self.pace) if self.pace else None


Step = Callable[[Session, int, datetime], int]
"""Does one batch for the subject and answers how much is left."""
KINDS: dict[str, Step] = {}


class JobFailedError(Exception):
    """A batch that broke; its transaction is to be rolled back."""

    def __init__(self, job_id: int, cause: Exception) -> None:
        super().__init__(str(cause))
        self.job_id, self.cause = job_id, cause


def kind(name: str) -> Callable[[Step], Step]:
    """Makes a function the step of a kind of job."""

    def register(step: Step) -> Step:
        KINDS[name] = step
        return step

    return register


def enqueue(session: Session, actor: Actor, kind: str, subject_id: int, total: int) -> Job:
    """The job, now waiting; one that is under way for the same subject is that job."""
    told = {"kind": kind, "subject": subject_id, "total": total, "by": actor.user_id}
    session.execute(_ENQUEUE, told)
    found = latest(session, kind, subject_id)
    if found is None:
        raise LookupError(kind)
    return found


def latest(session: Session, kind: str, subject_id: int) -> Job | None:
    row = session.execute(_LATEST, {"kind": kind, "subject": subject_id}).first()
    return Job(*row) if row else None


def waiting(session: Session) -> int:
    """How many wait or are under way."""
    return session.scalar(_WAITING) or 0


def work(session: Session, now: datetime, only: Job | None = None) -> bool:
    """One batch of the oldest job that nobody holds; False when there is none. The caller commits."""
    wanted = {"kind": only.kind if only else None, "subject": only.subject_id if only else None}
    row = session.execute(_TAKE, {**wanted, "known": list(KINDS)}).first()
    if row is None:
        return False
    job = Job(*row)
    try:
        left = KINDS[job.kind](session, job.subject_id, now)
    except Exception as cause:
        raise JobFailedError(job.id, cause) from cause
    stuck = left >= job.total - job.done and job.started_at is not None
    session.execute(_ADVANCE, {"id": job.id, "left": left, "pause": 1 if stuck and left else 0})
    return True


def failed(session: Session, job_id: int, error: str) -> None:
    """Tried again after a while, and given up when it keeps failing."""
    session.execute(_FAIL, {"id": job_id, "error": error[:500], "most": MOST_FAILURES})


def again(session: Session, actor: Actor, job: Job) -> None:
    """Takes up a job that was given up; any other is left alone."""
    if session.execute(_AGAIN, {"id": job.id}).first() is None:
        return
    audit.record(session, "job:taken_up", actor, "job", job.id, kind=job.kind, about=job.subject_id)
