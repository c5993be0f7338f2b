"""Handing in as nearly everybody does: one guarded statement closes the attempts of several requests, and logs it.

State, client, whether the log-in still stands, the time for which nobody hands in, and the deadline with its grace are
decided in it, by the database's clock; it stamps the time and the last link of each chain of receipts. Whatever it does
not close (paused, closed already, too early, held by somebody just then) is left to `attempts.submit`, which says why.
Nothing is marked here: the worker does that within seconds, and whoever closes the session does it with the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from app.core import metrics
from app.delivery import receipts
from app.delivery.closing import BY_CANDIDATE
from app.delivery.quick_start import SITTING
from app.models.exam import AttemptState

AT = "greatest(least(m.now, a.deadline), least(a.last_saved_at, a.deadline))"
"""A change that was under way is covered by the hand-in, not behind it."""


def _iso(moment: str) -> str:
    """As Python writes a moment in UTC: the fraction only where there is one."""
    utc = f"{moment} AT TIME ZONE 'UTC'"
    fraction = f"CASE WHEN date_trunc('second', {moment}) = {moment} THEN '' ELSE to_char({utc}, '.US') END"
    return f"""(to_char({utc}, 'YYYY-MM-DD"T"HH24:MI:SS') || {fraction} || '+00:00')"""


LINE = f"""('{{"closed":"{BY_CANDIDATE}","at":"' || {_iso(AT)} || '"}}')"""
CLOSE = f"""
WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(given)s::json)
        AS g(attempt bigint, client uuid, login uuid, grace double precision, key text, via text)
), moment AS MATERIALIZED (
    SELECT clock_timestamp() AS now
), free AS MATERIALIZED (
    SELECT a.id FROM given g, moment m, attempt a, exam_session e
     WHERE a.id = g.attempt AND e.id = a.session_id AND a.state = 'in_progress'
       AND a.client = g.client AND a.login_id = g.login
       AND m.now <= a.deadline + make_interval(secs => g.grace)
       AND m.now >= least(a.started_at + e.hold_minutes * interval '1 minute', a.deadline)
       AND EXISTS (
           SELECT FROM login l JOIN user_account u ON u.id = l.user_id
            WHERE l.id = g.login AND l.user_id = a.user_id AND l.ended_at IS NULL AND l.expires_at > m.now
              AND (l.attempt_id IS NULL OR l.attempt_id = a.id) AND u.active
              AND EXISTS (SELECT FROM role_grant o WHERE o.user_id = u.id AND o.role = ANY(%(roles)s)))
       FOR NO KEY UPDATE OF a SKIP LOCKED
), closed AS (
    UPDATE attempt a
       SET state = '{AttemptState.SUBMITTED}', closed_how = '{BY_CANDIDATE}', submitted_at = {AT}, paused_at = NULL,
           receipt = {receipts.in_sql("g.key", LINE)}
      FROM free f, given g, moment m
     WHERE a.id = f.id AND a.id = g.attempt
    RETURNING a.id, a.user_id, a.receipt, a.submitted_at, m.now, g.via
), line AS (
    INSERT INTO audit_line (at, tag, actor_id, actor_name, via, subject, subject_id, data)
    SELECT clock_timestamp(), 'attempt:submitted', c.user_id, u.name, c.via, 'attempt', c.id::text,
           jsonb_build_object('how', '{BY_CANDIDATE}', 'at', {_iso("c.submitted_at")}, 'receipt', c.receipt)
      FROM closed c JOIN user_account u ON u.id = c.user_id
)
SELECT id, receipt, submitted_at, now FROM closed
"""  # noqa: S608 - made of constants
ANSWERED = """
SELECT attempt_id, count(*) FROM response
 WHERE attempt_id = ANY(%(closed)s) AND cardinality(answer) > 0 GROUP BY attempt_id
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who hands in, and whence: `via` is what the log says."""

    attempt_id: int
    login_id: UUID
    client: UUID
    via: str


@dataclass(frozen=True, slots=True)
class HandedIn:
    receipt: str
    submitted_at: datetime
    server_time: datetime
    answered: int
    state: str = AttemptState.SUBMITTED


@dataclass(frozen=True, slots=True)
class Ready:
    """A wish as it goes to the database, alone or with others."""

    attempt_id: int
    row: dict[str, Any]


def ready(wish: Wish, grace: timedelta, secret: str) -> Ready:
    row = {
        "attempt": wish.attempt_id, "client": wish.client, "login": wish.login_id, "grace": grace.total_seconds(),
        "key": receipts.key_for(wish.attempt_id, secret).hex(), "via": wish.via,
    }  # fmt: skip
    return Ready(wish.attempt_id, row)


def close(cursor: Cursor[Any], wishes: Sequence[Ready]) -> dict[int, HandedIn]:
    """What was closed, by attempt. Each attempt comes once among `wishes`."""
    given = msgspec.json.encode([one.row for one in wishes]).decode()
    closed = cursor.execute(CLOSE, {"given": given, "roles": SITTING}).fetchall()
    if not closed:
        return {}
    metrics.CLOSED.labels(how=BY_CANDIDATE).inc(len(closed))
    # asked afterwards: a change that came in between is covered, and a look of the same moment would not show it
    answered = dict(cursor.execute(ANSWERED, {"closed": [row[0] for row in closed]}).fetchall())
    return {row[0]: HandedIn(row[1], row[2], row[3], answered.get(row[0], 0)) for row in closed}
