"""Starting as nearly everybody starts: one guarded statement stamps the time and leaves the line in the log.

Whatever it does not begin (doors closed, gate code wrong, another log-in, an attempt that runs already) is left to
`starting.start`, which knows every reason and says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from app.accounts.permissions import GRANTED, Permission
from app.delivery import entry
from app.delivery.direct import Line
from app.models.exam import AttemptState

SITTING = [str(role) for role, granted in GRANTED.items() if Permission.SIT_EXAM in granted]
BEGIN = """
WITH begun AS (
    UPDATE attempt a
       SET state = 'in_progress', started_at = t.now, client = gen_random_uuid(), login_id = l.id,
           deadline = least(t.now + e.minutes * interval '1 minute', e.closes_at)
                    + (s.extra_seconds + a.extra_seconds) * interval '1 second'
      FROM seat s
      JOIN exam_session e ON e.id = s.session_id
      LEFT JOIN session_room r ON r.session_id = s.session_id AND s.number BETWEEN r.first_seat AND r.last_seat,
           login l JOIN user_account u ON u.id = l.user_id,
           (SELECT clock_timestamp() AS now) t
     WHERE a.id = %(attempt)s AND a.state = 'prepared' AND s.id = a.seat_id
       AND l.id = %(login)s AND l.user_id = a.user_id AND l.ended_at IS NULL AND l.expires_at > t.now
       AND (l.attempt_id IS NULL OR l.attempt_id = a.id)
       AND u.active AND EXISTS (SELECT FROM role_grant g WHERE g.user_id = u.id AND g.role = ANY(%(roles)s))
       AND e.state = 'open' AND t.now < e.closes_at
       AND (r.id IS NULL OR r.opened_at IS NOT NULL)
       AND NOT EXISTS (SELECT FROM attendance d WHERE d.seat_id = s.id AND d.comparison = 'different')
       AND (coalesce(r.gate_code, '') = '' OR s.let_in_at IS NOT NULL OR r.gate_code = %(gate)s)
       AND t.now <= greatest(e.opens_at, coalesce(r.opened_at, e.opened_at, e.opens_at))
                  + e.late_entry_minutes * interval '1 minute'
    RETURNING a.id, a.user_id, a.login_id, a.client, a.started_at, a.deadline, a.notices, a.paper_id, a.last_seq,
              u.name, u.locale
), line AS (
    INSERT INTO audit_line (at, tag, actor_id, actor_name, via, subject, subject_id, data)
    SELECT clock_timestamp(), 'attempt:started', b.user_id, b.name, %(via)s, 'attempt', b.id::text,
           jsonb_build_object('deadline',
               to_char(b.deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'))
      FROM begun b
)
SELECT b.id, b.user_id, b.login_id, b.client, b.started_at, b.deadline, b.notices, b.last_seq, b.locale, p.items
  FROM begun b JOIN paper p ON p.id = b.paper_id
"""


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
    entries: Sequence[Any]
    """The paper's items as the paper keeps them."""
    state: str = AttemptState.IN_PROGRESS


def begin(line: Line, attempt_id: int, login_id: UUID, gate_code: str, via: str) -> Begun | None:
    """Done once more after a lost connection it finds the attempt running, and leaves it to the ordinary way."""
    values = {
        "attempt": attempt_id, "login": login_id, "gate": entry.plain(gate_code), "via": via, "roles": SITTING,
    }  # fmt: skip

    def work(cursor: Cursor[Any]) -> Begun | None:
        row = cursor.execute(BEGIN, values).fetchone()
        return Begun(*row) if row else None

    return line.run(work)
