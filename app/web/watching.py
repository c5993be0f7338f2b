"""Whoever stands at the board, as pages and API see them; and what both do about an intervention."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.delivery import attempts, closing
from app.models.exam import Attempt
from app.web import access
from app.web.looking import looking
from proctoring import duty, interventions, snapshot
from proctoring.duty import Watcher
from proctoring.interventions import Outcome, Wish
from proctoring.targets import Targets


def watcher() -> Watcher:
    person = access.principal()
    return Watcher(person.actor, registrar=person.may(Permission.PLAN_SESSIONS))


def reader() -> Watcher:
    """Whoever reads what was recorded: an auditor as well sees every session."""
    person = access.principal()
    everywhere = person.may(Permission.PLAN_SESSIONS) or person.may(Permission.READ_AUDIT)
    return Watcher(person.actor, registrar=everywhere)


def require_look(session_id: int) -> None:
    """Lets in who may watch the session; whoever may not is told why."""
    login_id = access.login_id_of_request()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the object behind the proxy
    if login_id is None or not looking(app).may(login_id, session_id):
        access.check(Permission.WATCH_SESSION)
        duty.watched_session(db.session(), watcher(), session_id)


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
