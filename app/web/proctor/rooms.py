"""A proctor's sessions, checking in and out, and the room: everybody at a glance."""

from __future__ import annotations

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.models.exam import AttemptState
from app.models.registration import Part, SessionState
from app.registration import roster
from app.web import access
from app.web.state_names import state_name
from app.web.watching import watcher
from proctoring import attention, duty, incidents, snapshot
from proctoring.board import Board

bp = Blueprint("proctor", __name__, url_prefix="/rooms")

SHOWN_STATES = (*AttemptState, "unprepared", "absent")


@bp.get("/")
@access.requires(Permission.INTERVENE)
def home() -> ResponseReturnValue:
    found = duty.assignments(db.session(), access.principal().user_id)
    rooms = [(one, roster.gate_of(db.session(), one.session)) for one in found if one.session.part == Part.THEORY]
    over = (SessionState.CLOSED, SessionState.RELEASED)
    return render_template("proctor/home.html", rooms=rooms, over=over)


@bp.get("/<id:session_id>")
@access.requires(Permission.WATCH_SESSION)
def room(session_id: int) -> ResponseReturnValue:
    session, person = db.session(), watcher()
    exam = duty.watched_session(session, person, session_id)
    live = snapshot.live(session, exam, clock.now())
    session.commit()
    mine = None if person.registrar else duty.assignment_of(session, person.actor, session_id)
    still_open = [entry for entry in incidents.of_session(session, session_id) if entry.open]
    words = {name: state_name(name) for name in (*SHOWN_STATES, *attention.ORDER)}
    return render_template(
        "proctor/room.html",
        exam=exam,
        board=Board.model_validate_json(live.text),
        etag=live.etag,
        mine=mine,
        open_incidents=still_open,
        words=json.dumps(words, ensure_ascii=False),
        by_seat=request.args.get("by") == "seat",
    )


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
