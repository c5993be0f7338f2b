"""Marking a closed session: a few attempts at once, thousands by a job in batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
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
AT_ONCE = 200
"""So many are marked while the one who closes waits: well under a second."""
BATCH = 500


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
    try:
        with session.begin_nested():
            closing.mark(session, batch, now)
    except DBAPIError:
        raise
    except Exception:
        broken = _one_by_one(session, batch, now)
        if len(broken) == len(batch):
            raise
    return unmarked(session, session_id)


def _one_by_one(session: Session, batch: Sequence[int], now: datetime) -> list[int]:
    broken = []
    for attempt_id in batch:
        try:
            with session.begin_nested():
                closing.mark(session, [attempt_id], now)
        except DBAPIError:
            raise
        except Exception:  # told by the job once nothing else is left
            broken.append(attempt_id)
    return broken


def _batch(session: Session, session_id: int, most: int) -> Sequence[int]:
    query = select(Attempt.id).where(*_waiting(session_id)).order_by(Attempt.id).limit(most)
    return session.scalars(query.with_for_update(of=Attempt, skip_locked=True)).all()


def _waiting(session_id: int) -> tuple[ColumnElement[bool], ...]:
    listed = select(OpenAnswer.id).where(OpenAnswer.attempt_id == Attempt.id).exists()
    return Attempt.session_id == session_id, Attempt.state.in_(closing.CLOSED), ~listed
