"""Whoever stands at the board, as pages and API see them; and what both do about an intervention."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import current_app
from psycopg import Cursor

from app.accounts.permissions import Permission, permissions_of
from app.core import clock
from app.core.db import db
from app.delivery import attempts, closing, direct
from app.models.account import Role
from app.models.exam import Attempt
from app.web import access
from proctoring import duty, interventions, snapshot
from proctoring.duty import Watcher
from proctoring.interventions import Outcome, Wish
from proctoring.targets import Targets

_LOOKING = """
SELECT FROM login l JOIN user_account u ON u.id = l.user_id AND u.active
  JOIN role_grant g ON g.user_id = u.id
  JOIN exam_session e ON e.id = %s AND e.part = 'theory'
 WHERE (g.role = ANY(%s) OR g.role = ANY(%s) AND EXISTS (
           SELECT FROM staff_assignment a WHERE a.user_id = u.id AND a.session_id = e.id AND a.role = 'proctor'))
   AND l.id = %s AND l.ended_at IS NULL AND l.expires_at > clock_timestamp() AND l.attempt_id IS NULL
"""
_PLANNING = [str(one) for one in Role if Permission.PLAN_SESSIONS in permissions_of([one])]
_WATCHING = [str(one) for one in Role if Permission.WATCH_SESSION in permissions_of([one])]
LOOKS_ON = 5.0
"""Seconds for which a process lets somebody look on without asking the database again who that is."""
MOST_LOOKING = 20_000


def watcher() -> Watcher:
    person = access.principal()
    return Watcher(person.actor, registrar=person.may(Permission.PLAN_SESSIONS))


def require_look(session_id: int) -> None:
    """Lets in who may watch the session. One statement, as thousands of boards ask for it every few seconds.

    Whom it does not let in is looked at again in full, and told why.
    """
    known: dict[tuple[UUID, int], float] = current_app.extensions.setdefault("looking", {})
    login_id = access.login_id_of_request()
    if login_id is not None and known.get((login_id, session_id), 0.0) > time.monotonic():
        return
    if login_id is None or not direct.line().run(partial(_may_look, login_id=login_id, session_id=session_id)):
        access.check(Permission.WATCH_SESSION)
        duty.watched_session(db.session(), watcher(), session_id)
    elif len(known) >= MOST_LOOKING:
        known.clear()
    if login_id is not None:
        known[login_id, session_id] = time.monotonic() + LOOKS_ON


def _may_look(cursor: Cursor[Any], login_id: UUID, session_id: int) -> bool:
    row = cursor.execute(_LOOKING, (session_id, _PLANNING, _WATCHING, login_id)).fetchone()
    return row is not None


def intervene(action: str, attempt_id: int, reason: str, seconds: int = 0) -> Attempt:
    """An act on one attempt: settles what the clock has decided already, acts, commits, shows."""
    session, actor, now = db.session(), access.principal().actor, clock.now()
    if attempts.close_if_due(session, attempt_id, now):
        session.commit()
    attempt = interventions.act(session, actor, attempt_id, Wish(action, reason, seconds), now)
    session.commit()
    snapshot.forget_seat(session, attempt.session_id, attempt.seat.number)
    return attempt


def intervene_on(session_id: int, wanted: Targets, wish: Wish) -> Sequence[Outcome]:
    """An act on several, a room or everybody."""
    session, actor, now = db.session(), access.principal().actor, clock.now()
    duty.watched_session(session, watcher(), session_id)
    if closing.sweep(session, now, session_id=session_id):
        session.commit()
    outcomes = interventions.act_on(session, actor, session_id, wanted, wish, now)
    session.commit()
    if len(outcomes) == 1:
        snapshot.forget_seat(session, session_id, outcomes[0].place.number)
    else:
        snapshot.forget(session_id)
    return outcomes
