"""The theory exam on the candidate's screen: waiting, sitting, handed in."""

from __future__ import annotations

import time
from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session, joinedload

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.delivery import attempts, closing, late, showing
from app.delivery.closing import RUNNING
from app.models.exam import Attempt, AttemptState
from app.web import access, beginning
from app.web.candidate.lobby import lobby_view
from app.web.candidate.paper import paper_view
from app.web.candidate.player import player

bp = Blueprint("exam", __name__, url_prefix="/exam")


@bp.get("/<id:attempt_id>")
@access.requires(Permission.SIT_EXAM)
def show(attempt_id: int) -> ResponseReturnValue:
    """Whatever the attempt is at: the lobby, the paper, another computer's paper, or the end."""
    session, person, now = db.session(), access.principal(), clock.now()
    attempt = own_attempt(session, attempt_id)
    if closing.overdue(session, attempt, now) and attempts.close_if_due(session, attempt_id, now):
        session.commit()
    here = attempt.login_id == person.login_id and attempt.client is not None
    if attempt.state == AttemptState.PREPARED or (attempt.state in RUNNING and not here):
        return render_template("candidate/exam_wait.html", **lobby_view(session, attempt, now))
    if attempt.state in RUNNING:
        page = render_template(
            "candidate/exam.html", exam=paper_view(session, attempt, now, gettext), player=player(attempt)
        )
        return Response(page, headers={"X-Exam-Page": "paper"})  # the one page a browser keeps for a time without us
    ended = showing.handed_in(session, attempt)
    positions = len(attempt.paper.items)
    came_late = late.count(session, attempt_id)
    return render_template(
        "candidate/exam_end.html", attempt=attempt, answered=ended["answered"], positions=positions, late=came_late
    )


@bp.get("/worker.js")
def worker() -> Response:
    """Served from here, since a browser lets it work only for addresses below its own."""
    script = Path(str(current_app.static_folder), "js", "exam-worker.js").read_bytes()
    return Response(script, mimetype="text/javascript", headers={"Service-Worker-Allowed": "/exam/"})


@bp.post("/<id:attempt_id>/begin")
@access.requires(Permission.SIT_EXAM)
def begin(attempt_id: int) -> ResponseReturnValue:
    """Start, or take the attempt over to this computer."""
    moment, gate_code = time.perf_counter(), request.form.get("gate_code", "")
    if beginning.begun_quickly(attempt_id, gate_code, paper=False) is None:
        beginning.begun_ordinarily(attempt_id, gate_code, clock.now())
        db.session.commit()
    beginning.counted(moment)
    return redirect(url_for("exam.show", attempt_id=attempt_id), 303)


@bp.post("/<id:attempt_id>/submit")
@access.requires(Permission.SIT_EXAM)
def submit(attempt_id: int) -> ResponseReturnValue:
    try:
        client = UUID(request.form.get("client", ""))
    except ValueError as error:
        raise Refusal("client_unknown", N_("The page lost track of your exam. Reload it and hand in again.")) from error
    attempts.submit(db.session(), access.principal().actor, attempt_id, client, clock.now())
    db.session.commit()
    return redirect(url_for("exam.show", attempt_id=attempt_id), 303)


def own_attempt(session: Session, attempt_id: int) -> Attempt:
    attempt = session.get(Attempt, attempt_id, options=[joinedload(Attempt.session), joinedload(Attempt.paper)])
    if attempt is None or attempt.user_id != access.principal().user_id:
        raise NotFound()
    return attempt
