"""A proctor's sessions, checking in and out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.models.registration import Part, SessionState
from app.registration import roster
from app.web import access
from app.web.watching import watcher
from proctoring import duty, snapshot

bp = Blueprint("proctor", __name__, url_prefix="/rooms")


@bp.get("/")
@access.requires(Permission.INTERVENE)
def home() -> ResponseReturnValue:
    found = duty.assignments(db.session(), access.principal().user_id)
    rooms = [(one, roster.gate_of(db.session(), one.session)) for one in found if one.session.part == Part.THEORY]
    over = (SessionState.CLOSED, SessionState.RELEASED)
    return render_template("proctor/home.html", rooms=rooms, over=over)


@bp.post("/<id:session_id>/check-in")
@access.requires(Permission.INTERVENE)
def check_in(session_id: int) -> ResponseReturnValue:
    return _move(session_id, here=True)


@bp.post("/<id:session_id>/check-out")
@access.requires(Permission.INTERVENE)
def check_out(session_id: int) -> ResponseReturnValue:
    return _move(session_id, here=False)


def _move(session_id: int, *, here: bool) -> ResponseReturnValue:
    session, person = db.session(), access.principal()
    exam = duty.watched_session(session, watcher(), session_id)
    mark = roster.mark_present if here else roster.mark_left
    mark(session, person.actor, session_id, person.user_id, clock.now())
    session.commit()
    snapshot.forget(session_id)
    gate = roster.gate_of(session, exam)
    if here:
        flash(_("You are checked in. You can now act on every candidate of this room."), "success")
    else:
        flash(_("You are checked out. You still see the room but cannot act."), "success")
    if not gate.passed and exam.state not in (SessionState.CLOSED, SessionState.RELEASED):
        flash(
            _("%(have)s proctors are present and %(need)s are needed: call another proctor into the room.",
              have=gate.have, need=gate.need), "warn",
        )  # fmt: skip
    return redirect(url_for("proctor.room" if here else "proctor.home", session_id=session_id if here else None), 303)
