"""Who may look at a board, remembered for moments: thousands of boards ask for it every few seconds.

Each process keeps who looked at which session, and asks about all of them at once when its knowledge is a few seconds
old. Whoever is not let in here is looked at again in full (watching.py), and told why.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any
from uuid import UUID

from flask import Flask
from psycopg import Cursor

from app.accounts.permissions import Permission, permissions_of
from app.core.forks import generation
from app.delivery import direct
from app.delivery.direct import Line
from app.models.account import Role

_LOOKING = """
SELECT l.id FROM login l JOIN user_account u ON u.id = l.user_id AND u.active
 WHERE l.id = ANY(%(logins)s) AND l.ended_at IS NULL AND l.expires_at > clock_timestamp() AND l.attempt_id IS NULL
   AND EXISTS (SELECT FROM exam_session e WHERE e.id = %(session)s AND e.part = 'theory')
   AND EXISTS (
       SELECT FROM role_grant g WHERE g.user_id = u.id
          AND (g.role = ANY(%(planning)s) OR g.role = ANY(%(watching)s) AND EXISTS (
               SELECT FROM staff_assignment a
                WHERE a.user_id = u.id AND a.session_id = %(session)s AND a.role = 'proctor')))
"""
_PLANNING = [str(one) for one in Role if Permission.PLAN_SESSIONS in permissions_of([one])]
_WATCHING = [str(one) for one in Role if Permission.WATCH_SESSION in permissions_of([one])]
LOOKS_ON = 2.5
"""Seconds after which a process asks the database again who may look; while it asks, nobody waits longer than twice."""
AWAY = 60.0
"""Who has not looked for so long is no longer asked about."""
MOST_SESSIONS = 1000


@dataclass
class _Lookers:
    """Who was let in to one session, and when each last looked; all of them as of `checked`."""

    checked: float = float("-inf")
    seen: dict[UUID, float] = field(default_factory=dict)
    asking: Lock = field(default_factory=Lock)


class Looking:
    """What one process knows."""

    def __init__(self, line: Line, clock: Callable[[], float] = time.monotonic) -> None:
        self.born, self._line, self._clock = generation(), line, clock
        self._sessions: dict[int, _Lookers] = {}

    def may(self, login_id: UUID, session_id: int) -> bool:
        here, now = self._of(session_id), self._clock()
        if login_id not in here.seen or now - here.checked > 2 * LOOKS_ON:
            return self._one(here, login_id, session_id)
        if now - here.checked > LOOKS_ON and here.asking.acquire(blocking=False):
            try:
                self._all(here, login_id, session_id)
            finally:
                here.asking.release()
            return login_id in here.seen
        here.seen[login_id] = now
        return True

    def _one(self, here: _Lookers, login_id: UUID, session_id: int) -> bool:
        with here.asking:
            if self._clock() - here.checked > LOOKS_ON:
                self._all(here, login_id, session_id)
            elif self._allowed([login_id], session_id):
                here.seen[login_id] = self._clock()
            else:
                here.seen.pop(login_id, None)
        return login_id in here.seen

    def _all(self, here: _Lookers, login_id: UUID, session_id: int) -> None:
        """Asks about everybody who looked lately. What the database said is as old as the question."""
        asked = self._clock()
        recent = {one: at for one, at in here.seen.copy().items() if asked - at < AWAY} | {login_id: asked}
        allowed = self._allowed(recent, session_id)
        here.seen = {one: at for one, at in recent.items() if one in allowed}
        here.checked = asked

    def _allowed(self, logins: Iterable[UUID], session_id: int) -> set[UUID]:
        values = {"logins": list(logins), "session": session_id, "planning": _PLANNING, "watching": _WATCHING}
        return self._line.run(partial(_ask, values=values))

    def _of(self, session_id: int) -> _Lookers:
        if len(self._sessions) > MOST_SESSIONS:
            self._sessions.clear()
        return self._sessions.setdefault(session_id, _Lookers())


def looking(app: Flask) -> Looking:
    """That of an application, made at first use in each process."""
    found: Looking | None = app.extensions.get("looking")
    if found is None or found.born != generation():
        found = app.extensions["looking"] = Looking(direct.line(app))
    return found


def _ask(cursor: Cursor[Any], values: dict[str, Any]) -> set[UUID]:
    return {row[0] for row in cursor.execute(_LOOKING, values).fetchall()}
