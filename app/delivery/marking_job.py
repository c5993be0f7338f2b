"""Marking what is closed: soon after it was handed in, a few at the end of a session, thousands by a job in batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.jobs import Job
from app.delivery import closing
from app.models.exam import Attempt
from app.models.open_marking import OpenAnswer

KIND = "mark_session"
AT_ONCE = 1000
"""So many are marked while the one who closes waits: well under a second."""
BATCH = 500
HANDED_IN = text("""
SELECT a.id FROM attempt a
 WHERE a.state IN ('submitted', 'expired') AND a.id > :after
   AND NOT EXISTS (SELECT FROM open_answer o WHERE o.attempt_id = a.id)
 ORDER BY a.id LIMIT :limit FOR UPDATE OF a SKIP LOCKED
""")


def begin(session: Session, actor: Actor, session_id: int, now: datetime) -> Job | None:
    """Marks what is closed, or leaves it to a job."""
    left = unmarked(session, session_id)
    if left > AT_ONCE:
        return jobs.enqueue(session, actor, KIND, session_id, left)
    closing.mark(session, _batch(session, session_id, AT_ONCE), now)
    session.expire_all()
    return None


def job_of(session: Session, session_id: int) -> Job | None:
    """The latest marking of a session, under way or over."""
    return jobs.latest(session, KIND, session_id)


def unmarked(session: Session, session_id: int) -> int:
    """How many closed attempts nobody has looked at; those on the examiners' list are not among them."""
    return session.scalar(select(func.count()).select_from(Attempt).where(*_waiting(session_id))) or 0


def require_done(session: Session, session_id: int) -> None:
    """Before results are released."""
    left = unmarked(session, session_id)
    if left:
        message = N_("%(count)s papers of this session are still being marked. Wait until that is done, then release.")
        raise Refusal("marking_under_way", message, status=409, details={"left": left}, count=left)


@jobs.kind(KIND)
def step(session: Session, session_id: int, now: datetime) -> int:
    """One attempt that cannot be marked holds up no other: the batch is then done one by one."""
    batch = _batch(session, session_id, BATCH)
    broken = mark_batch(session, batch, now)
    if broken and len(broken) == len(batch):
        raise next(iter(broken.values()))
    return unmarked(session, session_id)


def along(session: Session, session_id: int, now: datetime) -> int:
    """A batch marked by whoever waits for it, so that nothing hangs on the worker; how many are left. Commit."""
    mark_batch(session, _batch(session, session_id, AT_ONCE), now)
    left, job = unmarked(session, session_id), job_of(session, session_id)
    if not left and job is not None and job.under_way:
        jobs.work(session, now, job)  # finds nothing to do, and so is done
    return left


def handed_in(session: Session, after: int, limit: int) -> Sequence[int]:
    """Closed attempts of any session that nobody has marked yet, locked; numbered above `after`."""
    return session.scalars(HANDED_IN, {"after": after, "limit": limit}).all()


def mark_batch(session: Session, batch: Sequence[int], now: datetime) -> dict[int, Exception]:
    """Marks these locked attempts, all at once or, where that fails, each by itself; what went wrong with whom."""
    try:
        with session.begin_nested():
            closing.mark(session, batch, now)
    except DBAPIError:
        raise
    except Exception:
        return _one_by_one(session, batch, now)
    return {}


def _one_by_one(session: Session, batch: Sequence[int], now: datetime) -> dict[int, Exception]:
    broken = dict[int, Exception]()
    for attempt_id in batch:
        try:
            with session.begin_nested():
                closing.mark(session, [attempt_id], now)
        except DBAPIError:
            raise
        except Exception as error:  # told by the job once nothing else is left
            broken[attempt_id] = error
    return broken


def _batch(session: Session, session_id: int, most: int) -> Sequence[int]:
    query = select(Attempt.id).where(*_waiting(session_id)).order_by(Attempt.id).limit(most)
    return session.scalars(query.with_for_update(of=Attempt, skip_locked=True)).all()


def _waiting(session_id: int) -> tuple[ColumnElement[bool], ...]:
    listed = select(OpenAnswer.id).where(OpenAnswer.attempt_id == Attempt.id).exists()
    return Attempt.session_id == session_id, Attempt.state.in_(closing.CLOSED), ~listed
