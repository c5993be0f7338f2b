"""A registrar's first page: what waits, and what comes next. Auditors read the same pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core.db import db
from app.models.registration import SessionState
from app.registration import queries, roster
from app.web.access import requires

bp = Blueprint("registrar", __name__, url_prefix="/registrar")
_AHEAD = (SessionState.OPEN, SessionState.PREPARED, SessionState.PLANNED)


@bp.get("/")
@requires(Permission.READ_SESSIONS)
def home() -> ResponseReturnValue:
    session = db.session()
    to_come = [row for state in _AHEAD for row in queries.sessions(session, state=state)]
    to_come.sort(key=lambda row: row.opens_at)
    return render_template(
        "registrar/home.html",
        waiting=queries.waiting_count(session),
        unseated=queries.unseated_count(session),
        open_now=queries.sessions_count(session, state=SessionState.OPEN),
        unreleased=queries.sessions_count(session, state=SessionState.CLOSED),
        to_come=[(row, roster.gate_of(session, row)) for row in to_come[:20]],
    )
