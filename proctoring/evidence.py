"""What is on record about the connections of a session: silences and where they are known from, saves, pauses.

Read only. It knows nothing of what follows from it; that is lost_time.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.delivery.closing import RUNNING
from app.models.exam import AttemptState
from app.models.watching import GapSource
from proctoring.attention import SILENT_AFTER
from proctoring.lost_time import Record, Span
from proctoring.presence import Presence

EVERY_SEAT = (0, 2**62)
_ATTEMPTS = text("""
SELECT a.id, a.state, a.started_at, a.deadline, a.paused_at, a.last_saved_at, s.number, c.name
  FROM attempt a JOIN seat s ON s.id = a.seat_id
  JOIN application p ON p.id = s.application_id JOIN candidate c ON c.id = p.candidate_id
 WHERE a.session_id = :session AND a.state = ANY(:states)
 ORDER BY s.number
""")
_AT_WORK = text("""
SELECT count(*) FROM attempt a JOIN seat s ON s.id = a.seat_id
 WHERE a.session_id = :session AND a.state = ANY(:states) AND s.number BETWEEN :first AND :last
""")
_GAPS = text("""
SELECT attempt_id, from_at, until_at, source, waiting FROM connection_gap
 WHERE attempt_id = ANY(:attempts) AND until_at > :start AND from_at < :end ORDER BY from_at
""")
_OUTAGES = text("SELECT from_at, until_at FROM service_outage WHERE until_at > :start AND from_at < :end")
_HEARD = text("""
SELECT attempt_id, received_at, count(*) FROM attempt_change
 WHERE attempt_id = ANY(:attempts) AND received_at BETWEEN :start AND :end GROUP BY 1, 2 ORDER BY 2
""")
_PAUSES = text("""
SELECT CAST(subject_id AS bigint), tag, at FROM audit_line
 WHERE subject = 'attempt' AND subject_id = ANY(:subjects) AND tag IN ('attempt:paused', 'attempt:resumed') ORDER BY id
""")
_DECIDED = text("SELECT attempt_id, from_at, until_at FROM compensation WHERE attempt_id = ANY(:attempts)")


@dataclass(frozen=True)
class Noticed:
    """One silence and who noticed it; `waiting` changes had to wait for its end."""

    span: Span
    source: str
    waiting: int = 0


@dataclass
class File:
    """All that is on record of one candidate at work."""

    attempt_id: int
    seat: int
    name: str
    run: Span
    noticed: list[Noticed] = field(default_factory=list)
    saves: dict[datetime, int] = field(default_factory=dict)
    paused: list[Span] = field(default_factory=list)
    decided: list[Span] = field(default_factory=list)

    def record(self) -> Record:
        silences = [one.span for one in self.noticed]
        return Record(self.run, silences, list(self.saves), self.paused, self.decided)


def files(
    session: Session, session_id: int, window: Span, present: Presence, now: datetime,
    seats: tuple[int, int] = EVERY_SEAT,
) -> list[File]:  # fmt: skip
    """Of everybody at work on these seats who was silent in the window, in the order of their seats.

    What an outage of the service was to them shows only when the whole session is looked at.
    """
    rows = session.execute(_ATTEMPTS, {"session": session_id, "states": list(RUNNING)}).all()
    found = {row.id: File(row.id, row.number, row.name, Span(row.started_at, _end(row, now))) for row in rows}
    between = {"start": window.start, "end": window.end}
    for attempt_id, start, end, source, waiting in session.execute(_GAPS, {"attempts": list(found), **between}):
        found[attempt_id].noticed.append(Noticed(Span(start, end), source, waiting))
    _still_silent(rows, found, present, now)
    for start, end in session.execute(_OUTAGES, between):
        _add_outage(list(found.values()), Noticed(Span(start, end), GapSource.SERVICE))
    silent = {one.attempt_id: one for one in found.values() if one.noticed and seats[0] <= one.seat <= seats[1]}
    _fill(session, silent, rows, window, now)
    return list(silent.values())


def at_work(session: Session, session_id: int, seats: tuple[int, int] = EVERY_SEAT) -> int:
    where = {"session": session_id, "states": list(RUNNING), "first": seats[0], "last": seats[1]}
    return session.scalar(_AT_WORK, where) or 0


def _end(row: Row[tuple[object, ...]], now: datetime) -> datetime:
    """A running clock ends the time that can be lost; that of a pause stands still."""
    return now if row.paused_at or row.deadline is None else min(now, row.deadline)


def _add_outage(everybody: Sequence[File], outage: Noticed) -> None:
    """Where the signs of life outlived it, as in a restart, only of those whose own signs tell of a silence.

    If no such sign is left of anybody, the outage itself is all that is known, and it was everybody's.
    """
    within = [[one for one in file.noticed if one.span.start < outage.span.end and outage.span.start < one.span.end]
              for file in everybody]  # fmt: skip
    signs_outlived_it = any(one.source == GapSource.SIGNS for own in within for one in own)
    for file, own in zip(everybody, within, strict=True):
        if own or not signs_outlived_it:
            file.noticed.append(outage)


def _still_silent(
    rows: Sequence[Row[tuple[object, ...]]], found: dict[int, File], present: Presence, now: datetime
) -> None:
    """Whoever has not been heard again yet has lost the time until now; without a sign on record nobody can say."""
    running = [row for row in rows if row.state == AttemptState.IN_PROGRESS]
    seen = present.seen([row.id for row in running]) or {}
    for row in running:
        sign = seen.get(row.id, now)
        last = max(sign, row.last_saved_at or sign)
        if now - last > SILENT_AFTER:
            found[row.id].noticed.append(Noticed(Span(last, now), GapSource.SIGNS))


def _fill(
    session: Session, silent: dict[int, File], rows: Iterable[Row[tuple[object, ...]]], window: Span, now: datetime
) -> None:
    ids = list(silent)
    earliest = min((one.span.start for file in silent.values() for one in file.noticed), default=window.start)
    for attempt_id, at, count in session.execute(_HEARD, {"attempts": ids, "start": earliest, "end": now}):
        silent[attempt_id].saves[at] = count
    for attempt_id, start, end in session.execute(_DECIDED, {"attempts": ids}):
        silent[attempt_id].decided.append(Span(start, end))
    begun: dict[int, datetime] = {}
    for attempt_id, tag, at in session.execute(_PAUSES, {"subjects": [str(one) for one in ids]}):
        if tag == "attempt:paused":
            begun[attempt_id] = at
        elif attempt_id in begun:
            silent[attempt_id].paused.append(Span(begun.pop(attempt_id), at))
    paused = {row.id: row.paused_at for row in rows if row.paused_at}
    for attempt_id, file in silent.items():
        if attempt_id in paused:
            file.paused.append(Span(paused[attempt_id], now))


def caught_up(file: File, until: datetime, within_seconds: float = 10.0) -> int:
    """Changes that arrived as soon as it was heard again: made while nothing came through."""
    return sum(count for at, count in file.saves.items() if 0 <= (at - until).total_seconds() <= within_seconds)
