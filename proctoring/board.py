"""The live picture of a session, read only. A few statements for the whole room, one question to Redis."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.delivery import closing, timing
from app.models.exam import AttemptState
from app.models.registration import ExamSession, SessionState
from app.registration.roster import gate_of
from proctoring import attention
from proctoring.attention import Signs
from proctoring.presence import Presence

PLACES = text("""
SELECT s.number AS seat, c.name, a.id AS attempt, a.state, a.started_at, a.deadline, a.paused_at, a.submitted_at,
       a.closed_how, coalesce(a.extra_seconds, 0) + s.extra_seconds AS extra_seconds, a.last_saved_at,
       coalesce(jsonb_array_length(p.items), 0) AS items, r.answered, r.flagged,
       i.open, i.open_takeovers, i.blocking, i.takeovers
  FROM seat s
  JOIN application ap ON ap.id = s.application_id
  JOIN candidate c ON c.id = ap.candidate_id
  LEFT JOIN LATERAL (SELECT * FROM attempt WHERE seat_id = s.id ORDER BY state = 'voided', id DESC LIMIT 1) a ON true
  LEFT JOIN paper p ON p.id = a.paper_id
  CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE cardinality(answer) > 0) AS answered, count(*) FILTER (WHERE flagged) AS flagged
         FROM response WHERE attempt_id = a.id) r
  CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE resolved_at IS NULL) AS open,
              count(*) FILTER (WHERE resolved_at IS NULL AND category = 'takeover') AS open_takeovers,
              count(*) FILTER (WHERE resolved_at IS NULL AND blocking) AS blocking,
              count(*) FILTER (WHERE category = 'takeover') AS takeovers
         FROM incident WHERE seat_id = s.id) i
 WHERE s.session_id = :session
 ORDER BY s.number
""")


class BoardStaffing(BaseModel):
    """Proctors present and needed."""

    model_config = ConfigDict(frozen=True)
    have: int
    need: int


class BoardPlace(BaseModel):
    """One candidate at one seat. `items` is the length of the paper; `flagged` counts what is marked for review."""

    model_config = ConfigDict(frozen=True)
    seat: int
    name: str
    attempt: int | None
    state: str | None
    closed_how: str
    items: int
    answered: int
    flagged: int
    started_at: datetime | None
    deadline: datetime | None
    paused_at: datetime | None
    submitted_at: datetime | None
    extra_seconds: int
    time_left_seconds: int | None
    last_saved_at: datetime | None
    last_sign_at: datetime | None
    seconds_since_sign: int | None
    incidents: int
    blocking_incidents: int
    takeovers: int
    attention: list[str]


class Board(BaseModel):
    """The room at `server_time`, those who need attention first. Without `signs_known` nobody is called silent."""

    model_config = ConfigDict(frozen=True)
    session: int
    state: str
    server_time: datetime
    opens_at: datetime
    closes_at: datetime
    staffing: BoardStaffing
    signs_known: bool
    counts: dict[str, int]
    candidates: list[BoardPlace]


def picture(session: Session, exam: ExamSession, present: Presence, now: datetime) -> Board:
    """The room as it is now; closes what is past its time on the way. Commit afterwards."""
    if exam.state == SessionState.OPEN:
        closing.sweep(session, now, session_id=exam.id)
    rows = session.execute(PLACES, {"session": exam.id}).all()
    running = [row.attempt for row in rows if row.state in closing.RUNNING]
    seen = present.seen(running)
    places = [_place(row, exam, seen, now) for row in rows]
    gate = gate_of(session, exam)
    return Board(
        session=exam.id, state=exam.state, server_time=now, opens_at=exam.opens_at, closes_at=exam.closes_at,
        staffing=BoardStaffing(have=gate.have, need=gate.need), signs_known=seen is not None,
        counts=dict(Counter(place.state or "unprepared" for place in places)),
        candidates=sorted(places, key=lambda place: (attention.urgency(place.attention), place.seat)),
    )  # fmt: skip


def _place(row: Row[Any], exam: ExamSession, seen: dict[int, datetime] | None, now: datetime) -> BoardPlace:
    running = row.state in closing.RUNNING
    state = _shown(row.state, row.closed_how)
    signs = [sign for sign in ((seen or {}).get(row.attempt), row.last_saved_at, row.started_at) if sign]
    last = max(signs, default=None)
    others = row.open - row.open_takeovers
    found = attention.reasons(
        Signs(state, exam.state == SessionState.OPEN, last, seen is not None, row.open_takeovers, others), now
    )
    left = timing.time_left(row.deadline, now, row.paused_at) if running and row.deadline else None
    return BoardPlace(
        seat=row.seat, name=row.name, attempt=row.attempt, state=state, closed_how=row.closed_how or "",
        items=row.items, answered=row.answered, flagged=row.flagged, started_at=row.started_at, deadline=row.deadline,
        paused_at=row.paused_at, submitted_at=row.submitted_at, extra_seconds=row.extra_seconds,
        time_left_seconds=int(left.total_seconds()) if left is not None else None,
        last_saved_at=row.last_saved_at, last_sign_at=last,
        seconds_since_sign=max(0, int((now - last).total_seconds())) if running and last else None,
        incidents=row.open, blocking_incidents=row.blocking, takeovers=row.takeovers, attention=found,
    )  # fmt: skip


def _shown(state: str | None, closed_how: str | None) -> str | None:
    """Marking is no business of the room: an attempt was handed in, or its time was over."""
    if state != AttemptState.MARKED:
        return state
    return str(AttemptState.SUBMITTED if closed_how == closing.BY_CANDIDATE else AttemptState.EXPIRED)
