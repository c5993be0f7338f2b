"""Starting as nearly everybody starts: one guarded statement stamps the time and leaves the line in the log.

It takes the wishes of several candidates at once (group_start.py). Whatever it does not begin (doors closed, gate code
wrong, another log-in, an attempt that runs already or that somebody else holds just then) is left to `starting.start`,
which knows every reason and says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from app.accounts.permissions import GRANTED, Permission
from app.delivery import entry, sealed_page
from app.models.exam import AttemptState

SITTING = [str(role) for role, granted in GRANTED.items() if Permission.SIT_EXAM in granted]
BEGIN = f"""
WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(given)s::json) AS g(
        attempt_id bigint, login_id uuid, gate text, via text, asked boolean, paper boolean)
), free AS MATERIALIZED (
    SELECT g.*, a.seat_id, a.user_id, a.extra_seconds FROM given g, attempt a
     WHERE a.id = g.attempt_id AND a.state = 'prepared' FOR NO KEY UPDATE OF a SKIP LOCKED
), let_in AS MATERIALIZED (
    SELECT f.attempt_id, f.login_id, f.via, f.paper, t.now, u.name, u.locale,
           {sealed_page.TERMS.format(row="i")} AS terms,
           least(t.now + e.minutes * interval '1 minute', e.closes_at)
               + (s.extra_seconds + f.extra_seconds) * interval '1 second' AS deadline
      FROM free f
     CROSS JOIN LATERAL (SELECT * FROM seat WHERE id = f.seat_id OFFSET 0) s
     CROSS JOIN LATERAL (SELECT * FROM exam_session WHERE id = s.session_id OFFSET 0) e
     CROSS JOIN LATERAL (SELECT * FROM login WHERE id = f.login_id OFFSET 0) l
     CROSS JOIN LATERAL (SELECT * FROM user_account WHERE id = l.user_id OFFSET 0) u
      LEFT JOIN LATERAL (SELECT * FROM session_room WHERE session_id = s.session_id
                            AND s.number BETWEEN first_seat AND last_seat OFFSET 0) r ON true
      LEFT JOIN LATERAL (SELECT * FROM session_integrity WHERE session_id = s.session_id OFFSET 0) i ON true
     CROSS JOIN (SELECT clock_timestamp() AS now) t
     WHERE l.user_id = f.user_id AND l.ended_at IS NULL AND l.expires_at > t.now
       AND (l.attempt_id IS NULL OR l.attempt_id = f.attempt_id)
       AND u.active AND EXISTS (SELECT FROM role_grant o WHERE o.user_id = u.id AND o.role = ANY(%(roles)s))
       AND e.state = 'open' AND t.now < e.closes_at
       AND (r.id IS NULL OR r.opened_at IS NOT NULL)
       AND (f.asked OR NOT coalesce(i.lockdown = 'required' OR i.camera OR i.screen, false))
       AND NOT EXISTS (SELECT FROM attendance d WHERE d.seat_id = s.id AND d.comparison = 'different')
       AND (coalesce(r.gate_code, '') = '' OR s.let_in_at IS NOT NULL OR r.gate_code = f.gate)
       AND t.now <= greatest(e.opens_at, coalesce(r.opened_at, e.opened_at, e.opens_at))
                  + e.late_entry_minutes * interval '1 minute'
), begun AS (
    UPDATE attempt a
       SET state = 'in_progress', started_at = f.now, client = gen_random_uuid(), login_id = f.login_id,
           deadline = f.deadline
      FROM let_in f WHERE a.id = f.attempt_id AND a.state = 'prepared'
    RETURNING a.id, a.user_id, a.login_id, a.client, a.started_at, a.deadline, a.notices, a.last_seq, a.paper_id,
              f.name, f.locale, f.via, f.paper AS wanted, f.terms
), line AS (
    INSERT INTO audit_line (at, tag, actor_id, actor_name, via, subject, subject_id, data)
    SELECT clock_timestamp(), 'attempt:started', b.user_id, b.name, b.via, 'attempt', b.id::text,
           jsonb_build_object('deadline',
               to_char(b.deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'))
      FROM begun b
)
SELECT b.id, b.user_id, b.login_id, b.client, b.started_at, b.deadline, b.notices, b.last_seq, b.locale, b.paper_id,
       b.terms, p.items
  FROM begun b LEFT JOIN LATERAL (SELECT items FROM paper WHERE b.wanted AND id = b.paper_id OFFSET 0) p ON true
"""  # noqa: S608 - made of constants
"""OFFSET 0 keeps the planner to the order written: from those who wish, and never from all seats of an open session."""


class Wish(msgspec.Struct, frozen=True):
    """To begin: who, by which log-in, with what was typed at the gate."""

    attempt_id: int
    login_id: UUID
    gate: str
    """As `wish` makes it plain."""
    via: str
    asked: bool = False
    """What integrity asks before a start was asked already."""
    paper: bool = True
    """The paper is to come along."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt begun this instant, as values."""

    id: int
    user_id: int
    login_id: UUID
    client: UUID
    started_at: datetime
    deadline: datetime
    notices: int
    last_seq: int
    locale: str | None
    paper_id: int
    terms: str
    """What the key of the sealed page depends on beside the paper (sealed_page.py)."""
    entries: Sequence[Any] | None
    """The paper's items as the paper keeps them, if they were wished for."""
    state: str = AttemptState.IN_PROGRESS


def wish(attempt_id: int, login_id: UUID, gate_code: str, via: str, *, asked: bool = False, paper: bool = True) -> Wish:
    return Wish(attempt_id, login_id, entry.plain(gate_code), via, asked, paper)


def begin(cursor: Cursor[Any], wishes: Sequence[Wish]) -> dict[int, Begun]:
    """What was begun, by attempt. Each attempt comes once among `wishes`.

    Done once more after a lost connection it finds the attempts running, and leaves them to the ordinary way.
    """
    values = {"given": msgspec.json.encode(wishes).decode(), "roles": SITTING}
    return {row[0]: Begun(*row) for row in cursor.execute(BEGIN, values).fetchall()}
