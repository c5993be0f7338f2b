"""Whoever stands at the board, as pages and API see them; and what both do about an intervention."""

from __future__ import annotations

from collections.abc import Callable

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.delivery import attempts
from app.models.exam import Attempt
from app.web import access
from proctoring import interventions, snapshot
from proctoring.duty import Watcher


def watcher() -> Watcher:
    person = access.principal()
    return Watcher(person.actor, registrar=person.may(Permission.PLAN_SESSIONS))


def intervene(action: str, attempt_id: int, reason: str, seconds: int = 0) -> Attempt:
    """One of pause, resume, extend, void: settles what the clock has decided already, acts, commits, shows."""
    session, actor, now = db.session(), access.principal().actor, clock.now()
    if attempts.close_if_due(session, attempt_id, now):
        session.commit()
    acts: dict[str, Callable[[], Attempt]] = {
        "pause": lambda: interventions.pause(session, actor, attempt_id, reason, now),
        "resume": lambda: interventions.resume(session, actor, attempt_id, reason, now),
        "extend": lambda: interventions.extend(session, actor, attempt_id, seconds, reason=reason, now=now),
        "void": lambda: interventions.void(session, actor, attempt_id, reason, now),
    }
    attempt = acts[action]()
    session.commit()
    snapshot.forget(attempt.session_id)
    return attempt
