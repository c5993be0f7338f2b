"""Closing attempts. Whoever touches one past its time closes it at its deadline; the sweeper touches them all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, and_, any_, literal, or_, select, text, tuple_, update
from sqlalchemy.orm import Session, lazyload
from sqlalchemy.orm.interfaces import ORMOption

from app.core import audit, metrics
from app.core.audit import SYSTEM, Actor
from app.core.errors import NotFound, Refusal
from app.delivery import marking, papers, receipts, refusals, timing
from app.models.exam import Attempt, AttemptState
from app.models.registration import ExamSession
from app.schemes.scheme import schemes

READ = text("SELECT id, receipt, deadline, last_saved_at FROM attempt WHERE id = ANY(:attempts) ORDER BY id")
WRITE = text("""
UPDATE attempt a SET state = e.state, submitted_at = e.at, closed_how = e.how, paused_at = NULL, receipt = e.receipt
  FROM jsonb_to_recordset(CAST(:ended AS jsonb)) AS e(id bigint, state text, how text, at timestamptz, receipt text)
 WHERE a.id = e.id
""")
BY_CANDIDATE = "submitted"
BY_DEADLINE = "deadline"
BY_SESSION = "session_closed"
BY_PROCTOR = "proctor"
ABSENT = "absent"
VOIDED = "voided"
RUNNING = (AttemptState.IN_PROGRESS, AttemptState.PAUSED)
CLOSED = (AttemptState.SUBMITTED, AttemptState.EXPIRED)
"""Handed in and not marked yet: it waits for examiners, or for the job that marks its whole session."""


@dataclass(frozen=True)
class Ending:
    """How an attempt ends, and when it counts as handed in."""

    attempt_id: int
    how: str
    at: datetime


def locked(session: Session, attempt_id: int, *along: ORMOption) -> Attempt | None:
    """The attempt as it is now, held until the transaction ends; `along` names what never changes and comes too."""
    query = select(Attempt).where(Attempt.id == attempt_id).options(lazyload("*"), *along)
    return session.scalar(query.with_for_update(of=Attempt).execution_options(populate_existing=True))


def overdue(session: Session, attempt: Attempt, now: datetime) -> bool:
    if attempt.state != AttemptState.IN_PROGRESS or attempt.deadline is None:
        return False
    return timing.is_over(attempt.deadline, grace_of(session, attempt), now)


def grace_of(session: Session, attempt: Attempt) -> timedelta:
    exam = session.get_one(ExamSession, attempt.session_id)
    return papers.level_of(exam.scheme, exam.level).theory.grace


def close(
    session: Session, attempt: Attempt, actor: Actor, how: str, *, at: datetime, now: datetime, reason: str = ""
) -> None:
    """Ends a locked attempt, and marks it unless examiners have to; `at` is when it counts as handed in."""
    session.flush()
    end(session, actor, [Ending(attempt.id, how, at)], reason=reason)
    mark(session, [attempt.id], now)
    session.refresh(attempt)


def end(session: Session, actor: Actor, endings: Sequence[Ending], reason: str = "") -> None:
    """Ends locked attempts and leaves the marking to be done."""
    known = {one.attempt_id: one for one in endings}
    rows = session.execute(READ, {"attempts": list(known)}).all()
    ended, lines = [], defaultdict[str, list[Any]](list)
    for row in rows:
        how, at = known[row.id].how, known[row.id].at
        if row.last_saved_at and row.deadline:  # a change that was under way is covered by the hand-in, not behind it
            at = max(at, min(row.last_saved_at, row.deadline))
        receipt = receipts.chained(receipts.key_of(row.id), row.receipt, receipts.closing_line(how, at))
        state = AttemptState.SUBMITTED if how == BY_CANDIDATE else AttemptState.EXPIRED
        ended.append({"id": row.id, "state": state, "how": how, "at": at.isoformat(), "receipt": receipt})
        data = {"how": how, "at": at.isoformat(), "receipt": receipt, **({"reason": reason} if reason else {})}
        lines["attempt:submitted" if how == BY_CANDIDATE else "attempt:expired"].append((row.id, data))
    session.execute(WRITE, {"ended": dumps(ended)})
    for tag, of_tag in lines.items():
        audit.record_many(session, tag, actor, "attempt", of_tag)
    for how, count in Counter(one["how"] for one in ended).items():
        metrics.CLOSED.labels(how=how).inc(count)


def void_absent(session: Session, actor: Actor, attempts: Sequence[int], now: datetime) -> None:
    """Voids locked attempts that nobody began."""
    values = {"state": AttemptState.VOIDED, "closed_how": ABSENT, "submitted_at": now}
    these = Attempt.id == any_(literal(list(attempts), ARRAY(BigInteger)))
    session.execute(update(Attempt).where(these).values(values).execution_options(synchronize_session=False))
    audit.record_many(session, "attempt:voided", actor, "attempt", [(one, {"reason": ABSENT}) for one in attempts])


def mark(session: Session, attempts: Sequence[int], now: datetime) -> int:
    """Marks those of these locked attempts that are closed and wait for no examiner; how many."""
    scores = marking.mark(session, attempts, now)
    lines = [(attempt_id, {"score": str(score)}) for attempt_id, score in scores.items()]
    audit.record_many(session, "attempt:marked", SYSTEM, "attempt", lines)
    return len(scores)


def mark_closed(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Marks a locked attempt that is closed; False while an answer of it waits for its examiners."""
    session.flush()
    if not mark(session, [attempt.id], now):
        return False
    session.refresh(attempt)
    return True


def close_if_overdue(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Closes a locked attempt at its deadline once nothing can be accepted for it any more."""
    if not overdue(session, attempt, now) or attempt.deadline is None:
        return False
    close(session, attempt, SYSTEM, BY_DEADLINE, at=attempt.deadline, now=now)
    return True


def changeable(session: Session, user_id: int, attempt_id: int, client: UUID, now: datetime) -> Attempt | Refusal:
    """The candidate's attempt, locked, or why this client may not change it.

    The refusal is returned, not raised: an attempt closed on the way must be committed beside it.
    """
    attempt = locked(session, attempt_id)
    if attempt is None or attempt.user_id != user_id:
        return NotFound()
    close_if_overdue(session, attempt, now)
    return refusals.against_change(attempt, client) or attempt


def sweep(session: Session, now: datetime, limit: int = 100, session_id: int | None = None) -> int:
    """Closes and marks up to `limit` attempts past their time, leaving alone those that someone else is closing."""
    places = [(one.code, level.code, level.theory.grace) for one in schemes().values() for level in one.levels]
    graces = {grace for _, _, grace in places}
    past = [
        and_(
            tuple_(ExamSession.scheme, ExamSession.level).in_([place[:2] for place in places if place[2] == grace]),
            Attempt.deadline < now - grace,
        )
        for grace in graces
    ]
    query = select(Attempt.id, Attempt.deadline).join(ExamSession, ExamSession.id == Attempt.session_id)
    query = query.where(
        Attempt.state == AttemptState.IN_PROGRESS, Attempt.deadline < now - min(graces, default=timedelta()), or_(*past)
    )
    if session_id is not None:
        query = query.where(Attempt.session_id == session_id)
    due = session.execute(query.order_by(Attempt.deadline).limit(limit).with_for_update(of=Attempt, skip_locked=True))
    endings = [Ending(attempt_id, BY_DEADLINE, deadline) for attempt_id, deadline in due if deadline]
    if endings:
        end(session, SYSTEM, endings)
        mark(session, [one.attempt_id for one in endings], now)
        session.expire_all()
    return len(endings)
