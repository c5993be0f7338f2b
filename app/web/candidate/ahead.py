"""The page of the paper before the start: sealed, and fetched while its candidate waits in the lobby."""

from __future__ import annotations

from threading import BoundedSemaphore

from flask import Response, current_app, g, render_template, request
from flask_babel import gettext

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.delivery import sealed_page, sealing
from app.models.exam import AttemptState
from app.web import access
from app.web.candidate.exam import bp, own_attempt
from app.web.candidate.paper import paper_view
from app.web.candidate.player import player
from proctoring.admittance import Door

at_work = BoundedSemaphore(2)
"""In one process: nobody waits for it yet, so it takes no more than that from those who save and start."""
AGAIN = 5


@bp.before_request
def _come_later() -> Response | None:
    """Before anybody is looked up, so that those sent away cost nothing."""
    if request.endpoint != "exam.ahead":
        return None
    g.sealing = at_work.acquire(blocking=False)
    return None if g.sealing else Response(status=503, headers={"Retry-After": str(AGAIN)})


@bp.teardown_request
def _done(_error: BaseException | None) -> None:
    if g.pop("sealing", False):
        at_work.release()


@bp.get("/<id:attempt_id>/ahead")
@access.requires(Permission.SIT_EXAM)
def ahead(attempt_id: int) -> Response:
    """As it will look at the start, which fills in what only then is known; of no use without the key told then."""
    session, now = db.session(), clock.now()
    attempt, door = own_attempt(session, attempt_id), g.get("door")
    if attempt.state != AttemptState.PREPARED or not _fits(door):
        raise NotFound()
    exam = paper_view(session, attempt, now, gettext)
    exam |= {"client": "", "state": AttemptState.IN_PROGRESS, "deadline": now, "server_time": now}
    page = render_template("candidate/exam.html", exam=exam, player=player(attempt))
    terms = sealing.terms_of(session, attempt.session_id)
    key = sealed_page.key_of(current_app.config["SECRET_KEY"], attempt_id, attempt.paper_id, terms)
    return Response(sealed_page.seal(key, attempt_id, page), mimetype="application/octet-stream")


def _fits(door: Door | None) -> bool:
    """Pictures hang on an answer that may still change, and on what the browser is told beside the page."""
    return door is not None and not door.terms.pictures
