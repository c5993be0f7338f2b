"""A start, as page and API wish it: the short way for nearly everybody, the ordinary one for all else."""

from __future__ import annotations

import time
from datetime import datetime

from flask import current_app, request
from flask_babel import gettext

from app.accounts.permissions import Permission
from app.core import clock, metrics
from app.core.db import db
from app.core.errors import Refusal
from app.delivery import attempts, quick_start, sealing, showing
from app.delivery.group_start import group_start
from app.delivery.quick_start import Begun
from app.models.exam import Attempt
from app.web import access, language, start_answer
from app.web.api.media import picture_address
from app.web.gate_tries import refuse_too_many


def begun_json(attempt_id: int, gate_code: str, *, paper: bool) -> str:
    """The paper or the key to it, and where it stands; committed."""
    moment = time.perf_counter()
    quick = begun_quickly(attempt_id, gate_code, paper=paper)
    answer = _new(quick) if quick else _ordinary(attempt_id, gate_code, paper=paper)
    counted(moment)
    return answer


def counted(since: float) -> None:
    metrics.STARTS.inc()
    metrics.START_SECONDS.observe(time.perf_counter() - since)


def begun_quickly(attempt_id: int, gate_code: str, *, paper: bool) -> Begun | None:
    """The attempt if it could begin without anybody being looked up; what integrity asks was asked before."""
    login_id = access.login_id_of_request()
    if login_id is None:
        return None
    if gate_code:
        refuse_too_many(attempt_id)
    via = "api" if access.uses_bearer(request) else "screen"
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the object behind the proxy
    wish = quick_start.wish(attempt_id, login_id, gate_code, via, asked=True, paper=paper)
    found = group_start(app).begin(wish)
    if found is not None:
        language.prefers(found.locale)
    return found


def begun_ordinarily(attempt_id: int, gate_code: str, now: datetime) -> Attempt:
    """Not committed. A refusal may find the attempt past its time and leaves it closed."""
    access.check(Permission.SIT_EXAM)
    person, session = access.principal(), db.session()
    sitter = attempts.Sitter(person.actor, person.login_id, person.login_at)
    try:
        return attempts.start(session, sitter, attempt_id, now, gate_code)
    except Refusal as refusal:
        session.rollback()
        if refusal.code == "gate_code_wrong":
            refuse_too_many(attempt_id, count=True)
        if attempts.close_if_due(session, attempt_id, now):
            session.commit()
        raise


def _new(found: Begun) -> str:
    secret: str = current_app.config["SECRET_KEY"]
    if found.entries is None:
        return start_answer.begun(found, secret)
    told = start_answer.around(found, found.started_at, secret, next_seq=found.last_seq + 1)
    address = picture_address(found.id)
    return start_answer.with_paper(told, showing.paper_json(db.session(), found.id, found.entries, gettext, address))


def _ordinary(attempt_id: int, gate_code: str, *, paper: bool) -> str:
    now, session, secret = clock.now(), db.session(), current_app.config["SECRET_KEY"]
    attempt = begun_ordinarily(attempt_id, gate_code, now)
    standing = showing.started(session, attempt, now)
    told = start_answer.around(
        attempt, now, secret,
        next_seq=standing["next_seq"], responses=standing["responses"], flagged=standing["flagged"],
    )  # fmt: skip
    if paper:
        written = showing.paper_json(session, attempt_id, attempt.paper.items, gettext, picture_address(attempt_id))
        answer = start_answer.with_paper(told, written)
    else:
        answer = start_answer.with_key(told, attempt, sealing.terms_of(session, attempt.session_id), secret)
    session.commit()
    return answer
