"""The practical on the candidate's screen: the day's tasks in order, a task's card, and the tasks at a computer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.models.registration import SessionState
from app.models.tasks import SeatTask
from app.practical.tasks import chat as task_chat
from app.practical.tasks import closing as task_closing
from app.practical.tasks import view as task_view
from app.practical.tasks import work as task_work
from app.practical.tasks.listing import listed, sittings_of
from app.practical.tasks.rows import kind_of, locked, own_task
from app.practical.tasks.turns import turn_of
from app.web.access import principal, requires
from app.web.candidate import practical_figures
from app.web.candidate.practical_words import BREACHES, HOW, NAMES

bp = Blueprint("practical", __name__, url_prefix="/my/practical")
bp.record_once(lambda state: practical_figures.add_filters(state.app.jinja_env.filters))


@bp.get("/")
@requires(Permission.READ_OWN)
def index() -> ResponseReturnValue:
    session, now = db.session(), clock.now()
    days = [(seat, listed(session, seat, now)) for seat in sittings_of(session, principal().user_id)]
    session.commit()
    return render_template("candidate/practical/index.html", days=days, names=NAMES, how=HOW, now=now)


@bp.get("/<id:task_id>")
@requires(Permission.READ_OWN)
def task(task_id: int) -> ResponseReturnValue:
    """Whatever the task is at: not yet to be seen, its card, its player, or its end."""
    session, now = db.session(), clock.now()
    own = own_task(session, principal().user_id, task_id)
    task_closing.settle_seat(session, own.seat_id, now)
    if kind_of(own) == "chat":
        task_chat.speak(session, locked(session, task_id), now)
    session.commit()
    about = task_view.summary(own, turn_of(session, own), now)
    told: dict[str, Any] = {"task": own, "about": about, "kind": about["kind"], "names": NAMES, "how": HOW}
    if about["state"] == "running" and not about["attended"]:
        return Response(_player(own, told), headers={"X-Exam-Page": "paper"})  # kept for a time without a network
    if about["state"] == "ended":
        return render_template("candidate/practical/ended.html", **told)
    if about["attended"] and about["title"] is not None:
        view = task_view.candidate_view(session, own, now)
        return render_template("candidate/practical/card.html", view=view, **told)
    opened = own.seat.session.state == SessionState.OPEN
    return render_template("candidate/practical/before.html", opened=opened, **told)


@bp.get("/worker.js")
def worker() -> Response:
    """The keeper of the exam's pages, served from here: a browser lets it work only for addresses below its own."""
    script = Path(str(current_app.static_folder), "js", "exam-worker.js").read_bytes()
    return Response(script, mimetype="text/javascript", headers={"Service-Worker-Allowed": "/my/practical/"})


@bp.post("/<id:task_id>/start")
@requires(Permission.SIT_EXAM)
def start(task_id: int) -> ResponseReturnValue:
    who = principal()
    task_work.start(db.session(), who.actor, who.user_id, task_id, clock.now())
    db.session.commit()
    return redirect(url_for(".task", task_id=task_id), 303)


@bp.post("/<id:task_id>/finish")
@requires(Permission.SIT_EXAM)
def finish(task_id: int) -> ResponseReturnValue:
    who = principal()
    task_work.finish(db.session(), who.actor, who.user_id, task_id, clock.now())
    db.session.commit()
    flash(_("The task is finished and kept. Go on with the next one when its turn comes."), "success")
    return redirect(url_for(".index"), 303)


def _player(own: SeatTask, told: dict[str, Any]) -> str:
    now = clock.now()
    view = task_view.candidate_view(db.session(), own, now)
    work = {"work": view["work"], "task": view["task"], "plays_left": view["plays_left"]}
    breaches = {limit: _(words) for limit, words in BREACHES.items()}
    return render_template(
        "candidate/practical/player.html", view=view, data=work, server_time=now, breaches=breaches, **told
    )
