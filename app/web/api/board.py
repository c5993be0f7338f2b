"""The live picture of a session, for who watches it."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.web.api.operation import operation
from app.web.watching import watcher
from proctoring import duty, snapshot
from proctoring.board import Board


@operation("GET", "/sessions/<id:session_id>/board", Permission.WATCH_SESSION, "The live picture", returns=Board)
def show(session_id: int) -> ResponseReturnValue:
    """With `If-None-Match` and nothing new the answer is 304, without a body."""
    exam = duty.watched_session(db.session(), watcher(), session_id)
    live = snapshot.live(db.session(), exam, clock.now())
    db.session.commit()
    answer = Response(live.text, mimetype="application/json")
    answer.set_etag(live.etag)
    return answer.make_conditional(request)
