"""What the board reads: a few statements for however many seats, none of which looks at a paper."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from proctoring.views import View

_ATTEMPT = """a.id AS attempt, a.state, a.started_at, a.deadline, a.paused_at, a.submitted_at, a.closed_how,
       coalesce(a.extra_seconds, 0) + s.extra_seconds AS extra_seconds, a.last_saved_at, a.last_seq"""
PLACES = text(f"""
SELECT s.id AS seat_id, s.number, c.name, s.let_in_at, {_ATTEMPT}, l.address, l.agent,
       coalesce(a.notices > coalesce(n.number, 0), false) AS unseen
  FROM seat s
  JOIN application p ON p.id = s.application_id
  JOIN candidate c ON c.id = p.candidate_id
  LEFT JOIN attempt a ON a.seat_id = s.id AND a.state <> 'voided'
  LEFT JOIN login l ON l.id = a.login_id
  LEFT JOIN notice_seen n ON n.attempt_id = a.id
 WHERE s.session_id = :session AND s.number BETWEEN :first AND :last
 ORDER BY s.number
""")  # noqa: S608 - made of constants
VOIDED = text(f"""
SELECT DISTINCT ON (a.seat_id) a.seat_id, {_ATTEMPT}
  FROM attempt a JOIN seat s ON s.id = a.seat_id
 WHERE a.session_id = :session AND a.state = 'voided' AND s.number BETWEEN :first AND :last
 ORDER BY a.seat_id, a.id DESC
""")  # noqa: S608 - made of constants
INCIDENTS = text("""
SELECT seat_id, count(*) FILTER (WHERE resolved_at IS NULL) AS open,
       count(*) FILTER (WHERE resolved_at IS NULL AND category = 'takeover') AS open_takeovers,
       count(*) FILTER (WHERE resolved_at IS NULL AND blocking) AS blocking,
       count(*) FILTER (WHERE category = 'takeover') AS takeovers
  FROM incident WHERE session_id = :session AND seat_id IS NOT NULL GROUP BY seat_id
""")
SIGNALS = text(
    "SELECT attempt_id, count(*) FROM integrity_signal WHERE attempt_id = ANY(:attempts) GROUP BY attempt_id"
)


def places(session: Session, session_id: int, view: View) -> list[tuple[Row[Any], Row[Any]]]:
    """Every seat of the view with the attempt that counts; one that was voided only where no other took its place."""
    between = {"session": session_id, "first": view.first, "last": view.last}
    rows = session.execute(PLACES, between).all()
    voided = {row.seat_id: row for row in session.execute(VOIDED, between)}
    return [(row, row if row.attempt is not None else voided.get(row.seat_id, row)) for row in rows]


def incidents(session: Session, session_id: int) -> dict[int, Row[Any]]:
    return {row.seat_id: row for row in session.execute(INCIDENTS, {"session": session_id})}


def signals(session: Session, attempts: list[int]) -> dict[int, int]:
    """How often something was noticed at each candidate's computer; by itself that proves nothing."""
    rows = session.execute(SIGNALS, {"attempts": attempts}).all()
    return {row[0]: row[1] for row in rows}
