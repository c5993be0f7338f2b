"""The hot path: one statement decides which changes count and stores them, in one round trip and one commit.

It takes batches of several requests at once (group_commit.py), each of another attempt. It knows the candidate by the
log-in and the client that the attempt's row names, the time by the database's clock; no log-in or user is read, for
one that ends takes the client out of the row (migration 8c2a1d3e0f42). An attempt that somebody else holds just then
is left alone. What was not stored is explained elsewhere (settling.py), where there is time to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from app.core.errors import N_, Refusal
from app.delivery import papers, receipts
from app.delivery.receipts import Change
from app.models.exam import AttemptState
from question_bank.item_types import ITEM_TYPES

GIVEN = """
    SELECT * FROM json_to_recordset(%(given)s::json) AS g(
        attempt bigint, client uuid, login uuid, grace double precision, first bigint, last bigint, key text, line text
    )
"""
GUARD = """
       a.id = g.attempt AND a.state = 'in_progress' AND a.client = g.client AND a.login_id = g.login
   AND clock_timestamp() <= a.deadline + make_interval(secs => g.grace)
"""
STORE = f"""
WITH given AS MATERIALIZED ({GIVEN}
), free AS MATERIALIZED (
    SELECT a.id FROM given g, attempt a WHERE {GUARD} FOR NO KEY UPDATE OF a SKIP LOCKED
), stored AS (
    UPDATE attempt a
       SET last_seq = g.last, last_saved_at = clock_timestamp(), receipt = {receipts.in_sql("g.key", "g.line")}
      FROM free f, given g
     WHERE a.id = f.id AND {GUARD} AND a.last_seq < g.first
    RETURNING a.id, a.last_seq, a.receipt, a.last_saved_at AS at, a.deadline, a.notices,
              a.last_saved_at > a.deadline AS late, g.client, g.line
), changed AS MATERIALIZED (
    SELECT s.id, s.client, s.at, s.late, c.*
      FROM stored s, json_to_recordset(s.line::json) AS c(seq bigint, position bigint, answer text[], flagged boolean)
), history AS (
    INSERT INTO attempt_change (attempt_id, seq, client, position, answer, flagged, received_at, late)
    SELECT c.id, c.seq, c.client, c.position, c.answer, c.flagged, c.at, c.late FROM changed c
), standing AS (
    INSERT INTO response AS r (attempt_id, position, answer, flagged, seq, saved_at, late)
    SELECT DISTINCT ON (c.id, c.position) c.id, c.position, c.answer,
           coalesce((%(flags)s::jsonb ->> concat(c.id, ':', c.position))::boolean, false), c.seq, c.at, c.late
      FROM changed c ORDER BY c.id, c.position, c.seq DESC
    ON CONFLICT (attempt_id, position) DO UPDATE
       SET answer = excluded.answer, seq = excluded.seq, saved_at = excluded.saved_at, late = excluded.late,
           flagged = coalesce(
               (%(flags)s::jsonb ->> concat(excluded.attempt_id, ':', excluded.position))::boolean, r.flagged)
)
SELECT id, last_seq, receipt, at, deadline, notices FROM stored
"""  # noqa: S608 - made of constants
ALIVE = f"""
SELECT a.id, a.last_seq, a.receipt, clock_timestamp(), a.deadline, a.notices FROM ({GIVEN}) g, attempt a WHERE {GUARD}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request asks to be stored; an empty one is a sign of life."""

    attempt_id: int
    login_id: UUID
    client: UUID
    changes: tuple[Change, ...]

    @property
    def count(self) -> int:
        return len(self.changes)


@dataclass(frozen=True, slots=True)
class Saved:
    acked: int
    receipt: str
    server_time: datetime
    deadline: datetime
    notice: int
    state: str = AttemptState.IN_PROGRESS


class _Row(msgspec.Struct):
    """A batch as the statement reads it."""

    attempt: int
    client: UUID
    login: UUID
    grace: float
    first: int = 0
    last: int = 0
    key: str = ""
    line: str = "[]"


@dataclass(frozen=True, slots=True)
class Ready:
    """A batch as it goes to the database, alone or with others."""

    attempt_id: int
    count: int
    row: bytes
    flags: dict[str, bool]


def ready(batch: Batch, grace: timedelta, secret: str) -> Ready:
    """`batch` with its answers `fitting` already; `secret` is the one that receipts are keyed with."""
    row, flags = _Row(batch.attempt_id, batch.client, batch.login_id, grace.total_seconds()), {}
    if batch.changes:
        row.first, row.last = batch.changes[0].seq, batch.changes[-1].seq
        row.key = receipts.key_for(batch.attempt_id, secret).hex()
        row.line = receipts.line_of(batch.changes)
        flags = {f"{batch.attempt_id}:{c.position}": c.flagged for c in batch.changes if c.flagged is not None}
    return Ready(batch.attempt_id, batch.count, msgspec.json.encode(row), flags)


def store(cursor: Cursor[Any], batches: Sequence[Ready]) -> dict[int, Saved]:
    """What was stored, by attempt. Each attempt comes once among `batches`."""
    found: list[Any] = []
    flags: dict[str, bool] = {}
    for one in batches:
        flags.update(one.flags)
    if changes := [one.row for one in batches if one.count]:
        values = {"given": _listed(changes), "flags": msgspec.json.encode(flags).decode()}
        found += cursor.execute(STORE, values).fetchall()
    if beats := [one.row for one in batches if not one.count]:
        found += cursor.execute(ALIVE, {"given": _listed(beats)}).fetchall()
    return {row[0]: Saved(*row[1:]) for row in found}


def fitting(changes: Sequence[Change], form: papers.Form) -> tuple[Change, ...]:
    """The changes with their answers in the one stored form; refuses what this paper cannot be answered with."""
    for one, following in pairwise(changes):
        if following.seq <= one.seq:
            message = N_("Change %(seq)s follows change %(before)s. Number the changes upward and send them in order.")
            raise Refusal(
                "seq_not_increasing", message, details={"seq": following.seq}, seq=following.seq, before=one.seq
            )
    return tuple([Change(one.seq, one.position, _checked(one, form), one.flagged) for one in changes])


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


def _listed(rows: Sequence[bytes]) -> str:
    return (b"[" + b",".join(rows) + b"]").decode()
