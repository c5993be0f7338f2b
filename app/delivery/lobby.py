"""The lobby: thousands ask every few seconds whether their room is open, and cost next to nothing.

A process looks at a session and its rooms twice a second, however many ask, and at each who waits once in a while.
What it then says may be so much older than the truth; the start itself is always decided on the rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC
from threading import Lock
from typing import Any
from uuid import UUID

from flask import Flask
from psycopg import Cursor

from app.delivery.direct import Line
from app.delivery.lobby_view import Look, Place, RoomSeen, View
from app.delivery.quick_start import SITTING
from app.models.exam import AttemptState
from app.models.registration import SessionState

LOOK_EVERY, KNOW_FOR, FORGOTTEN_AFTER = 0.5, 15.0, 60.0
MOST_REMEMBERED = 200_000
SOONEST, LATEST, PER_SECOND = 2.0, 20.0, 2000
"""Seconds between two looks of one page; lengthened where so many wait that more would come in a second."""
LONGEST_SPREAD = 3.0
"""Of starts by themselves, beyond what the moments of looking strew already."""
READ_PLACE = """
SELECT a.session_id, s.number, s.let_in_at IS NOT NULL, a.state
  FROM attempt a JOIN seat s ON s.id = a.seat_id, login l JOIN user_account u ON u.id = l.user_id
 WHERE a.id = %(attempt)s AND l.id = %(login)s AND l.user_id = a.user_id AND l.ended_at IS NULL
   AND l.expires_at > clock_timestamp() AND (l.attempt_id IS NULL OR l.attempt_id = a.id)
   AND u.active AND EXISTS (SELECT FROM role_grant g WHERE g.user_id = u.id AND g.role = ANY(%(roles)s))
"""
READ_DOORS = """
SELECT e.state, e.opens_at, e.opened_at, e.closes_at, e.late_entry_minutes, clock_timestamp(),
       r.first_seat, r.last_seat, r.name, r.opened_at, r.gate_code
  FROM exam_session e LEFT JOIN session_room r ON r.session_id = e.id WHERE e.id = %(session)s ORDER BY r.first_seat
"""


class Lobby:
    """As one process sees it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock, self._tidied = clock, Lock(), clock()
        self._places: dict[tuple[int, UUID], tuple[float, Place]] = {}
        self._looks: dict[int, Look] = {}

    def view(self, line: Line, attempt_id: int, login_id: UUID) -> View | None:
        """None where this log-in has no business with the attempt."""
        moment = self._clock()
        place = self._place(line, attempt_id, login_id, moment)
        if place is None:
            return None
        look = self._look(line, place.session_id, moment)
        doors, room = look.doors(place)
        now, waiting = look.now(moment), place.state == AttemptState.PREPARED
        until = doors.late_entry_until if doors.open else None
        late = until is not None and now > until
        over = now >= doors.closes_at or doors.session_state in (SessionState.CLOSED, SessionState.RELEASED)
        crowd = len(self._places)
        again = min(LATEST, max(SOONEST, crowd / PER_SECOND))
        return View(
            attempt_state=place.state, session_state=doors.session_state, room=room, opens_at=doors.opens_at,
            closes_at=doors.closes_at, entry_until=until, may_start=waiting and doors.open and not over and not late,
            gated=doors.gated, over=over or late or not waiting, server_time=now.astimezone(UTC),
            again=again, spread=min(LONGEST_SPREAD, max(0.0, crowd / PER_SECOND - again)),
        )  # fmt: skip

    def _place(self, line: Line, attempt_id: int, login_id: UUID, moment: float) -> Place | None:
        known = self._places.get((attempt_id, login_id))
        if known is not None and moment - known[0] < KNOW_FOR:
            return known[1]
        values = {"attempt": attempt_id, "login": login_id, "roles": SITTING}

        def work(cursor: Cursor[Any]) -> Place | None:
            row = cursor.execute(READ_PLACE, values).fetchone()
            return Place(*row) if row else None

        place = line.run(work)
        if place is not None:
            if len(self._places) >= MOST_REMEMBERED:
                self._places.clear()
            self._places[attempt_id, login_id] = moment, place
        else:
            self._places.pop((attempt_id, login_id), None)
        return place

    def _look(self, line: Line, session_id: int, moment: float) -> Look:
        known = self._looks.get(session_id)
        if known is not None and moment - known.taken < LOOK_EVERY:
            return known
        if not self._lock.acquire(blocking=known is None):
            return known or self._read(line, session_id)  # somebody is looking: what was true a moment ago will do
        try:
            known = self._looks.get(session_id)
            if known is None or self._clock() - known.taken >= LOOK_EVERY:
                self._tidy(moment)
                known = self._looks[session_id] = self._read(line, session_id)
            return known
        finally:
            self._lock.release()

    def _read(self, line: Line, session_id: int) -> Look:
        rows = line.run(lambda cursor: cursor.execute(READ_DOORS, {"session": session_id}).fetchall())
        rooms = tuple(RoomSeen(*row[6:]) for row in rows if row[6] is not None)
        return Look(tuple(rows[0][:6]), rooms, self._clock())

    def _tidy(self, moment: float) -> None:
        """Whoever has not asked for a minute waits no longer; sessions nobody asks about are not looked at."""
        if moment - self._tidied < 30:
            return
        self._tidied = moment
        for gone in [key for key, (at, _) in list(self._places.items()) if moment - at > FORGOTTEN_AFTER]:
            self._places.pop(gone, None)
        for number in [key for key, look in list(self._looks.items()) if moment - look.taken > FORGOTTEN_AFTER]:
            self._looks.pop(number, None)


def lobby(app: Flask) -> Lobby:
    """That of an application."""
    kept: Lobby | None = app.extensions.get("lobby")
    if kept is None:
        kept = app.extensions["lobby"] = Lobby()
    return kept
