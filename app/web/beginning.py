"""A start, as page and API wish it: the short way for nearly everybody, the ordinary one for all else."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from flask import current_app, request
from flask_babel import gettext

from app.accounts.permissions import Permission
from app.core import clock, metrics
from app.core.db import db
from app.core.errors import Refusal
from app.delivery import attempts, direct, quick_start, showing
from app.delivery.quick_start import Begun
from app.models.exam import Attempt
from app.web import access, attempt_token, language
from app.web.api.media import picture_address
from app.web.gate_tries import refuse_too_many


def begun_json(attempt_id: int, gate_code: str) -> str:
    """The paper and where it stands, committed."""
    moment = time.perf_counter()
    quick = begun_quickly(attempt_id, gate_code)
    answer = _new(quick) if quick else _ordinary(attempt_id, gate_code)
    counted(moment)
    return answer


def counted(since: float) -> None:
    metrics.STARTS.inc()
    metrics.START_SECONDS.observe(time.perf_counter() - since)


def begun_quickly(attempt_id: int, gate_code: str) -> Begun | None:
    """The attempt if it could begin without anybody being looked up."""
    login_id = access.login_id_of_request()
    if login_id is None:
        return None
    if gate_code:
        refuse_too_many(attempt_id)
    via = "api" if access.uses_bearer(request) else "screen"
    found = quick_start.begin(direct.line(), attempt_id, login_id, gate_code, via)
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
    around = _around(found, found.last_seq + 1, found.started_at, {}, [])
    session = db.session()
    return _joined(around, showing.paper_json(session, found.id, found.entries, gettext, picture_address(found.id)))


def _ordinary(attempt_id: int, gate_code: str) -> str:
    now, session = clock.now(), db.session()
    attempt = begun_ordinarily(attempt_id, gate_code, now)
    standing = showing.started(session, attempt, now)
    around = _around(attempt, standing["next_seq"], now, standing["responses"], standing["flagged"])
    paper = showing.paper_json(session, attempt_id, attempt.paper.items, gettext, picture_address(attempt_id))
    session.commit()
    return _joined(around, paper)


def _around(
    attempt: Attempt | Begun, next_seq: int, now: datetime, responses: dict[str, Any], flagged: list[int]
) -> dict[str, Any]:
    return {
        "client": str(attempt.client), "token": attempt_token.issue(attempt), "notice": attempt.notices,
        "state": str(attempt.state), "server_time": _utc(now), "deadline": _utc(attempt.deadline or now),
        "next_seq": next_seq, "responses": responses, "flagged": flagged,
    }  # fmt: skip


def _joined(around: dict[str, Any], paper: str) -> str:
    return f'{current_app.json.dumps(around)[:-1]},"paper":{paper}}}'


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
