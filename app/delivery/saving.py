"""The hot path: one statement decides whether a change counts and stores it, in one round trip and one commit.

It knows the candidate by the log-in's row, the client by its number, the time by the database's clock. What it did
not store is explained elsewhere (settling.py), where there is time to look.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from psycopg import Cursor

from app.core.errors import N_, Refusal
from app.delivery import papers, receipts
from app.delivery.direct import Line
from app.delivery.receipts import Change
from app.models.exam import AttemptState
from question_bank.item_types import ITEM_TYPES

GUARD = """
       a.id = %(attempt)s AND a.state = 'in_progress' AND a.client = %(client)s
   AND clock_timestamp() <= a.deadline + %(grace)s
   AND l.id = %(login)s AND l.user_id = a.user_id AND l.ended_at IS NULL AND l.expires_at > clock_timestamp()
   AND EXISTS (SELECT FROM user_account u WHERE u.id = l.user_id AND u.active)
"""
STORE = f"""
WITH stored AS (
    UPDATE attempt a
       SET last_seq = %(last)s, last_saved_at = clock_timestamp(), receipt = {receipts.IN_SQL}
      FROM login l
     WHERE {GUARD} AND a.last_seq < %(first)s
    RETURNING a.id, a.deadline, a.receipt, a.last_seq, a.last_saved_at AS at, a.last_saved_at > a.deadline AS late
), history AS (
    INSERT INTO attempt_change (attempt_id, seq, client, position, answer, flagged, received_at, late)
    SELECT s.id, c.seq, %(client)s, c.position, c.answer, c.flagged, s.at, s.late FROM stored s,
           json_to_recordset(%(line)s::json) AS c(seq bigint, position bigint, answer text[], flagged boolean)
), standing AS (
    INSERT INTO response AS r (attempt_id, position, answer, flagged, seq, saved_at, late)
    SELECT s.id, c.position, c.answer, coalesce(c.flagged, false), c.seq, s.at, s.late FROM stored s,
           json_to_recordset(%(standing)s::json) AS c(seq bigint, position bigint, answer text[], flagged boolean)
    ON CONFLICT (attempt_id, position) DO UPDATE
       SET answer = excluded.answer, seq = excluded.seq, saved_at = excluded.saved_at, late = excluded.late,
           flagged = coalesce((%(flags)s::jsonb ->> excluded.position::text)::boolean, r.flagged)
)
SELECT last_seq, receipt, at, deadline FROM stored
"""  # noqa: S608 - made of constants
ALIVE = f"SELECT a.last_seq, a.receipt, clock_timestamp(), a.deadline FROM attempt a, login l WHERE {GUARD}"  # noqa: S608


@dataclass(frozen=True)
class Batch:
    """What one request asks to be stored; an empty one is a sign of life."""

    attempt_id: int
    login_id: UUID
    client: UUID
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Saved:
    acked: int
    receipt: str
    server_time: datetime
    deadline: datetime
    state: str = AttemptState.IN_PROGRESS


def save(line: Line, batch: Batch) -> Saved | None:
    """Stores the batch and says so only after it is durable; None when nothing was stored."""
    form = papers.form_of(batch.attempt_id, line.run)
    if form is None:
        return None
    try:
        checked = replace(batch, changes=fitting(batch.changes, form))
    except Refusal:
        return None  # whether the asker may even know the paper is settled first
    return line.run(lambda cursor: store(cursor, checked, form.grace))


def store(cursor: Cursor[Any], batch: Batch, grace: timedelta) -> Saved | None:
    values: dict[str, Any] = {
        "attempt": batch.attempt_id, "client": batch.client, "login": batch.login_id, "grace": grace,
    }  # fmt: skip
    if batch.changes:
        standing = standing_of(batch.changes)
        values |= {
            "first": batch.changes[0].seq,
            "last": batch.changes[-1].seq,
            "key": receipts.key_of(batch.attempt_id),
            "line": receipts.line_of(batch.changes),
            "standing": receipts.line_of(standing),
            "flags": json.dumps({one.position: one.flagged for one in standing if one.flagged is not None}),
        }
    row = cursor.execute(STORE if batch.changes else ALIVE, values).fetchone()
    return Saved(*row) if row else None


def fitting(changes: Sequence[Change], form: papers.Form) -> tuple[Change, ...]:
    """The changes with their answers in the one stored form; refuses what this paper cannot be answered with."""
    for one, following in pairwise(changes):
        if following.seq <= one.seq:
            message = N_("Change %(seq)s follows change %(before)s. Number the changes upward and send them in order.")
            raise Refusal(
                "seq_not_increasing", message, details={"seq": following.seq}, seq=following.seq, before=one.seq
            )
    return tuple(replace(one, answer=_checked(one, form)) for one in changes)


def _checked(change: Change, form: papers.Form) -> tuple[str, ...]:
    item = form.item(change.position)
    if item is None:
        message = N_("Your paper has no position %(position)s. It has positions 1 to %(count)s.")
        details = {"position": change.position}
        raise Refusal("position_unknown", message, details=details, position=change.position, count=len(form.items))
    try:
        return ITEM_TYPES[item.type].check_response(change.answer, item.option_ids)
    except Refusal as refusal:
        refusal.details |= {"position": change.position, "seq": change.seq}
        if refusal.code == "unknown_option":
            refusal.code = "option_unknown"
        raise


def standing_of(changes: Sequence[Change]) -> list[Change]:
    """Of several changes at one position the last answer stands, and the last flag that was given."""
    standing: dict[int, Change] = {}
    for change in changes:
        before = standing.get(change.position)
        keep = change.flagged is None and before is not None
        standing[change.position] = replace(change, flagged=before.flagged) if keep and before else change
    return list(standing.values())
