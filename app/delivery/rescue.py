"""Files of unsent changes brought to the server: answers while the attempt runs, evidence after its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from psycopg import Cursor
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import closing, late, papers, receipts, saving
from app.delivery.closing import RUNNING, locked
from app.delivery.receipts import Change
from app.models.exam import Attempt, AttemptChange, AttemptState, Response
from app.models.rescue import LateChange, LateOutcome, RescueFile
from app.registration.locks import hold_session


@dataclass(frozen=True)
class Brought:
    """A file that was opened: whose changes they are is sworn to by the token inside it."""

    content: str
    attempt_id: int
    client: UUID
    made_at: datetime
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Received:
    file: RescueFile
    again: bool
    """It was here before, so nothing was changed."""


def receive(session: Session, actor: Actor, session_id: int, brought: Brought, now: datetime) -> Received:
    """Keeps the file, and of its changes what the server lacks. The same file a second time changes nothing."""
    hold_session(session, session_id)
    attempt = locked(session, brought.attempt_id)
    if attempt is None or attempt.session_id != session_id:
        message = N_("This file belongs to a candidate of another session. Bring it to the page of that session.")
        raise Refusal("rescue_other_session", message, status=409)
    digest = sha256(brought.content.encode()).hexdigest()
    before = session.scalar(select(RescueFile).where(RescueFile.sha256 == digest))
    if before is not None:
        return Received(before, again=True)
    if attempt.state == AttemptState.PREPARED:
        raise _unfit()
    closing.close_if_overdue(session, attempt, now)
    changes = _fitting(session, brought)
    made = RescueFile(
        session_id=session_id, attempt_id=attempt.id, client=brought.client, sha256=digest, content=brought.content,
        made_at=brought.made_at, uploaded_by=actor.user_id, uploaded_at=now, changes=len(changes), applied=0, kept=0,
    )  # fmt: skip
    session.add(made)
    session.flush()
    if attempt.state in RUNNING:
        made.applied = _apply(session, attempt, brought.client, changes)
    else:
        made.kept = late.keep(session, attempt.id, brought.client, changes, now, made.id)
    audit.record(session, "attempt:rescued", actor, "attempt", attempt.id, file=digest, changes=len(changes),
                 applied=made.applied, kept=made.kept)  # fmt: skip
    session.flush()
    return Received(made, again=False)


def files(session: Session, session_id: int) -> Sequence[RescueFile]:
    query = select(RescueFile).where(RescueFile.session_id == session_id).order_by(RescueFile.id.desc())
    return session.scalars(query.options(joinedload(RescueFile.attempt), joinedload(RescueFile.uploader))).all()


def late_attempts(session: Session, session_id: int) -> list[tuple[Attempt, list[LateChange]]]:
    """Everybody of the session from whom something came too late, with it."""
    query = select(LateChange).join(Attempt, Attempt.id == LateChange.attempt_id)
    rows = session.scalars(
        query.where(Attempt.session_id == session_id).order_by(LateChange.received_at, LateChange.seq)
    )
    found: dict[int, list[LateChange]] = {}
    for row in rows:
        found.setdefault(row.attempt_id, []).append(row)
    attempts = session.scalars(select(Attempt).where(Attempt.id.in_(found)))
    by_id = {one.id: one for one in attempts}
    return [(by_id[attempt_id], changes) for attempt_id, changes in found.items()]


def waiting_candidates(session: Session, session_id: int) -> int:
    """How many candidates have late answers about which nobody has decided."""
    query = select(func.count(LateChange.attempt_id.distinct())).join(Attempt, Attempt.id == LateChange.attempt_id)
    return session.scalar(query.where(Attempt.session_id == session_id, LateChange.outcome == LateOutcome.WAITING)) or 0


def _fitting(session: Session, brought: Brought) -> tuple[Change, ...]:
    cursor = cast("Cursor[Any]", session.connection().connection.cursor())
    form = papers.form_of(brought.attempt_id, lambda work: work(cursor))
    if form is None:
        raise NotFound()
    try:
        return saving.fitting(brought.changes, form)
    except Refusal as refusal:
        raise _unfit() from refusal


def _apply(session: Session, attempt: Attempt, client: UUID, changes: Sequence[Change]) -> int:
    """As if the network had brought them; what a newer change has answered since stays as it is."""
    fresh = _fresh(session, attempt, client, changes)
    if not fresh:
        return 0
    if attempt.client != client or fresh[0].seq <= attempt.last_seq:  # their numbers are taken, or another's to give
        fresh = [replace(one, seq=attempt.last_seq + place) for place, one in enumerate(fresh, 1)]
    at = session.scalars(select(func.clock_timestamp())).one()
    session.add_all(
        AttemptChange(attempt_id=attempt.id, seq=one.seq, client=client, position=one.position,
                      answer=list(one.answer), flagged=one.flagged, received_at=at, late=_past(attempt, at))
        for one in fresh
    )  # fmt: skip
    for one in fresh:
        _stand(session, attempt, one, at)
    line = receipts.line_of(fresh)
    attempt.receipt = receipts.chained(receipts.key_of(attempt.id), attempt.receipt, line)
    attempt.last_seq, attempt.last_saved_at = fresh[-1].seq, at
    return len(fresh)


def _past(attempt: Attempt, at: datetime) -> bool:
    """Within the grace, as a change that the network held up."""
    return attempt.deadline is not None and at > attempt.deadline


def _fresh(session: Session, attempt: Attempt, client: UUID, changes: Sequence[Change]) -> list[Change]:
    """What is not stored yet, where nobody has answered since the first of it was written."""
    stored = session.scalars(select(AttemptChange).where(AttemptChange.attempt_id == attempt.id))
    known = {(row.client, row.seq) for row in stored}
    standing = select(Response.position, Response.seq).where(Response.attempt_id == attempt.id)
    newest = {row.position: row.seq for row in session.execute(standing)}
    missing = [one for one in changes if (client, one.seq) not in known]
    return [one for one in missing if newest.get(one.position, 0) < missing[0].seq]


def _stand(session: Session, attempt: Attempt, one: Change, at: datetime) -> None:
    made = insert(Response).values(
        attempt_id=attempt.id, position=one.position, answer=list(one.answer), flagged=bool(one.flagged), seq=one.seq,
        saved_at=at, late=_past(attempt, at),
    )  # fmt: skip
    changed = {name: made.excluded[name] for name in ("answer", "seq", "saved_at", "late")}
    if one.flagged is not None:
        changed["flagged"] = made.excluded["flagged"]
    session.execute(made.on_conflict_do_update(index_elements=["attempt_id", "position"], set_=changed))


def _unfit() -> Refusal:
    message = N_("The changes in this file do not fit the candidate's paper, so nothing was taken from it.")
    return Refusal("rescue_unfit", message)
