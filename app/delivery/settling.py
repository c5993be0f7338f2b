"""What becomes of a batch that the saving statement did not store: a replay, or a refusal that says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from flask import current_app
from psycopg import Cursor
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.delivery import late, papers, refusals, saving
from app.delivery.closing import changeable
from app.delivery.receipts import Change
from app.delivery.saving import Batch, Saved
from app.models.exam import Attempt, AttemptChange


def settle(session: Session, user_id: int, batch: Batch, now: datetime) -> Saved | Refusal:
    """The refusal is returned, not raised: an attempt closed on the way must be committed beside it."""
    attempt = changeable(session, user_id, batch.attempt_id, batch.client, now)
    if isinstance(attempt, Refusal):
        if attempt.code == "attempt_closed":
            late.keep_batch(session, batch, now)
        return attempt
    if attempt.login_id != batch.login_id:
        return refusals.client_replaced()
    try:
        return _stored(session, attempt, batch, now)
    except Refusal as refused:
        return refused


def _stored(session: Session, attempt: Attempt, batch: Batch, now: datetime) -> Saved:
    cursor = cast("Cursor[Any]", session.connection().connection.cursor())
    form = papers.form_of(attempt.id, lambda work: work(cursor))
    if form is None or attempt.deadline is None:
        raise NotFound()
    changes = saving.fitting(batch.changes, form)
    fresh = tuple(change for change in changes if change.seq > attempt.last_seq)
    _require_replays(session, attempt, changes[: len(changes) - len(fresh)])
    if not fresh and changes:
        return Saved(attempt.last_seq, attempt.receipt, now, attempt.deadline, attempt.notices)
    ready = saving.ready(replace(batch, changes=fresh), form.grace, current_app.config["SECRET_KEY"])
    saved = saving.store(cursor, [ready]).get(attempt.id)
    if saved is None:  # time ran out, by the database's clock, between the two looks
        raise refusals.attempt_closed(attempt)
    session.expire(attempt)
    return saved


def _require_replays(session: Session, attempt: Attempt, changes: tuple[Change, ...]) -> None:
    """Every change not above the last one must be stored already, exactly as it was sent again."""
    query = select(AttemptChange).where(
        AttemptChange.attempt_id == attempt.id, AttemptChange.seq.in_([change.seq for change in changes])
    )
    rows = session.scalars(query) if changes else ()
    known = {row.seq: Change(row.seq, row.position, tuple(row.answer), row.flagged) for row in rows}
    if any(known.get(change.seq) != change for change in changes):
        message = N_(
            "A change is numbered at or below %(last_seq)s, the last one stored, and is not that change. "
            "Number it higher and send it again."
        )
        details = {"last_seq": attempt.last_seq}
        raise Refusal("seq_below_last", message, status=409, details=details, last_seq=attempt.last_seq)
