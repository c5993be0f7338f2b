"""Changes that come after the end: kept as evidence, counted only where a registrar accepts them with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from psycopg import Cursor
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import closing, papers, saving
from app.delivery.closing import CLOSED, locked
from app.delivery.receipts import Change
from app.delivery.saving import Batch
from app.models.exam import Attempt, AttemptChange, AttemptState, Paper, Response
from app.models.open_marking import OpenAnswer
from app.models.rescue import LateChange, LateOutcome
from app.registration.locks import hold_session
from question_bank.item_types import ITEM_TYPES

MOST = 2000
"""Of one attempt: more than anybody edits, so that nobody fills the store with what counts for nothing."""
DECIDABLE = (*CLOSED, AttemptState.MARKED)


def keep(
    session: Session,
    attempt_id: int,
    client: UUID,
    changes: Sequence[Change],
    now: datetime,
    rescue_id: int | None = None,
) -> int:
    """The number that is new; those stored in time, or kept already, are left out."""
    known = set(session.scalars(select(AttemptChange.seq).where(
        AttemptChange.attempt_id == attempt_id, AttemptChange.client == client)))  # fmt: skip
    have = session.scalar(select(func.count()).where(LateChange.attempt_id == attempt_id)) or 0
    rows = [
        {"attempt_id": attempt_id, "client": client, "seq": one.seq, "position": one.position,
         "answer": list(one.answer), "flagged": one.flagged, "received_at": now, "rescue_id": rescue_id}
        for one in changes if one.seq not in known
    ][: max(0, MOST - have)]  # fmt: skip
    if not rows:
        return 0
    kept = session.execute(insert(LateChange).on_conflict_do_nothing().returning(LateChange.seq), rows)
    return len(kept.all())


def keep_batch(session: Session, batch: Batch, now: datetime) -> None:
    """What the network brought to an attempt that had ended, where it fits the paper at all."""
    cursor = cast("Cursor[Any]", session.connection().connection.cursor())
    form = papers.form_of(batch.attempt_id, lambda work: work(cursor))
    try:
        changes = saving.fitting(batch.changes, form) if form else ()
    except Refusal:
        return
    if changes:
        keep(session, batch.attempt_id, batch.client, changes, now)


def waiting(session: Session, attempt_id: int) -> Sequence[LateChange]:
    query = select(LateChange).where(LateChange.attempt_id == attempt_id, LateChange.outcome == LateOutcome.WAITING)
    return session.scalars(query.order_by(LateChange.received_at, LateChange.seq)).all()


def count(session: Session, attempt_id: int) -> int:
    """How many changes of an attempt came too late, whatever was decided about them."""
    return session.scalar(select(func.count()).where(LateChange.attempt_id == attempt_id)) or 0


def decide(session: Session, actor: Actor, attempt_id: int, *, accept: bool, reason: str, now: datetime) -> int:
    """All that waits of one attempt, together; accepted ones become its answers, marked late, and it is marked anew."""
    of_session = session.scalar(select(Attempt.session_id).where(Attempt.id == attempt_id))
    hold_session(session, of_session or 0)  # a release would write the score from before
    attempt = locked(session, attempt_id)
    if attempt is None:
        raise NotFound()
    if attempt.state not in DECIDABLE:
        message = N_("Late answers are decided between the end of an exam and the release of its result, not now.")
        raise Refusal("late_not_decidable", message, status=409, details={"state": attempt.state})
    found = waiting(session, attempt_id)
    if not found:
        message = N_("No late answer of this candidate waits for a decision. Look at the list once more.")
        raise Refusal("late_nothing_waiting", message, status=409)
    before = attempt.score
    if accept:
        _refuse_with_examiners(session, attempt, found)
        _become_answers(session, attempt, found, now)
        _mark_anew(session, attempt, now)
    for one in found:
        one.outcome = LateOutcome.ACCEPTED if accept else LateOutcome.REFUSED
        one.decided_by, one.decided_at, one.reason = actor.user_id, now, reason
    tag = "attempt:late:accepted" if accept else "attempt:late:refused"
    positions = sorted({one.position for one in found})
    audit.record(session, tag, actor, "attempt", attempt.id, reason=reason, changes=len(found), positions=positions,
                 score_before=_figure(before), score=_figure(attempt.score))  # fmt: skip
    session.flush()
    return len(found)


def _become_answers(session: Session, attempt: Attempt, found: Sequence[LateChange], now: datetime) -> None:
    """The last one at each position, unless a newer one stands there. Receipts go on saying what came in time."""
    standing = select(Response.position, Response.seq).where(Response.attempt_id == attempt.id)
    newest = {row.position: row.seq for row in session.execute(standing)}
    first: dict[UUID, int] = {}
    for one in found:
        first[one.client] = min(one.seq, first.get(one.client, one.seq))
    last = {one.position: one for one in found if newest.get(one.position, 0) < first[one.client]}
    rows: list[dict[str, Any]] = [
        {"attempt_id": attempt.id, "position": one.position, "answer": one.answer, "flagged": bool(one.flagged),
         "seq": attempt.last_seq + place, "saved_at": now, "late": True}
        for place, one in enumerate(last.values(), 1)
    ]  # fmt: skip
    made = insert(Response)
    changed = {name: made.excluded[name] for name in ("answer", "flagged", "seq", "saved_at", "late")}
    if rows:
        session.execute(made.on_conflict_do_update(index_elements=["attempt_id", "position"], set_=changed), rows)


def _mark_anew(session: Session, attempt: Attempt, now: datetime) -> None:
    by_candidate = attempt.closed_how == closing.BY_CANDIDATE
    attempt.state = AttemptState.SUBMITTED if by_candidate else AttemptState.EXPIRED
    session.flush()
    closing.mark(session, [attempt.id], now)
    session.refresh(attempt)


def _refuse_with_examiners(session: Session, attempt: Attempt, found: Iterable[LateChange]) -> None:
    """An open answer that examiners may have read already is not exchanged under their hands."""
    items = papers.items_of(session, session.get_one(Paper, attempt.paper_id))
    of_people = {one.position for one in items if ITEM_TYPES[one.item.type].marked_by_people}
    listed = session.scalar(select(OpenAnswer.id).where(OpenAnswer.attempt_id == attempt.id).limit(1))
    if listed is not None and (held := sorted({one.position for one in found} & of_people)):
        message = N_(
            "Item %(positions)s is marked by examiners, and the answers of this exam are on their list already. "
            "Refuse the late answers, or void the attempt and let it be sat again."
        )
        details = {"positions": held}
        raise Refusal("late_with_examiners", message, status=409, details=details, positions=[str(one) for one in held])


def _figure(score: object) -> str | None:
    return None if score is None else str(score)
