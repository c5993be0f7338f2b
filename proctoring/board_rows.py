"""What the board reads: a few statements for however many seats, none of which looks at a paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from proctoring.views import View

Mark = tuple[int, int, int | None, str | None, str]
"""Seat's row, its number, attempt, state, and what changes with any of them."""
_ATTEMPT = """a.id AS attempt, a.state, a.started_at, a.deadline, a.paused_at, a.submitted_at, a.closed_how,
       coalesce(a.extra_seconds, 0) + s.extra_seconds AS extra_seconds, a.last_saved_at, a.last_seq"""
_PLACES = f"""
SELECT s.id AS seat_id, s.number, c.name, s.let_in_at, {_ATTEMPT}, l.address, l.agent,
       coalesce(a.notices > coalesce(n.number, 0), false) AS unseen
  FROM seat s
  JOIN application p ON p.id = s.application_id
  JOIN candidate c ON c.id = p.candidate_id
  LEFT JOIN attempt a ON a.seat_id = s.id AND a.state <> 'voided'
  LEFT JOIN login l ON l.id = a.login_id
  LEFT JOIN notice_seen n ON n.attempt_id = a.id
 WHERE s.session_id = :session AND {{which}}
 ORDER BY s.number
"""  # noqa: S608 - made of constants
_VOIDED = f"""
SELECT DISTINCT ON (a.seat_id) a.seat_id, {_ATTEMPT}
  FROM attempt a JOIN seat s ON s.id = a.seat_id
 WHERE a.session_id = :session AND a.state = 'voided' AND {{which}}
 ORDER BY a.seat_id, a.id DESC
"""  # noqa: S608 - made of constants
_BETWEEN, _THESE = "s.number BETWEEN :first AND :last", "s.number = ANY(:numbers)"
BETWEEN = text(_PLACES.format(which=_BETWEEN)), text(_VOIDED.format(which=_BETWEEN))
THESE = text(_PLACES.format(which=_THESE)), text(_VOIDED.format(which=_THESE))
MARKS = text("""
SELECT s.id AS seat_id, s.number, a.id AS attempt, a.state, concat(s.xmin, ' ', a.xmin, ' ', n.number) AS mark
  FROM seat s
  LEFT JOIN attempt a ON a.seat_id = s.id AND a.state <> 'voided'
  LEFT JOIN notice_seen n ON n.attempt_id = a.id
 WHERE s.session_id = :session AND s.number BETWEEN :first AND :last
 ORDER BY s.number
""")
"""Another mark, another state of what stands behind it: PostgreSQL numbers who wrote a row last."""
SIGNALLED = text("""
SELECT coalesce(max(id), :last), array_agg(DISTINCT attempt_id) FROM integrity_signal WHERE id > :last
""")
LAST_SIGNAL = text("SELECT coalesce(max(id), 0) FROM integrity_signal")
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
    return _paired(session, BETWEEN, {"session": session_id, "first": view.first, "last": view.last})


def these(session: Session, session_id: int, numbers: Sequence[int]) -> list[tuple[Row[Any], Row[Any]]]:
    """The same of some seats."""
    return _paired(session, THESE, {"session": session_id, "numbers": list(numbers)}) if numbers else []


def marks(session: Session, session_id: int, view: View) -> Sequence[Mark]:
    """Seat, attempt, state and a mark that changes whenever anything of them does; without looking any further."""
    found = session.execute(MARKS, {"session": session_id, "first": view.first, "last": view.last}).all()
    return cast("Sequence[Mark]", found)


def signalled(session: Session, last: int | None) -> tuple[int, set[int]]:
    """The last signal there is, and the attempts with signals after `last`."""
    if last is None:
        return session.scalars(LAST_SIGNAL).one(), set()
    row = session.execute(SIGNALLED, {"last": last}).one()
    return row[0], set(row[1] or ())


def incidents(session: Session, session_id: int) -> dict[int, Row[Any]]:
    return {row.seat_id: row for row in session.execute(INCIDENTS, {"session": session_id})}


def signals(session: Session, attempts: list[int]) -> dict[int, int]:
    """How often something was noticed at each candidate's computer; by itself that proves nothing."""
    rows = session.execute(SIGNALS, {"attempts": attempts}).all()
    return {row[0]: row[1] for row in rows}


def _paired(
    session: Session, queries: tuple[TextClause, TextClause], values: dict[str, Any]
) -> list[tuple[Row[Any], Row[Any]]]:
    rows = session.execute(queries[0], values).all()
    voided = {row.seat_id: row for row in session.execute(queries[1], values)}
    return [(row, row if row.attempt is not None else voided.get(row.seat_id, row)) for row in rows]
