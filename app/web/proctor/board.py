"""The board: everybody of a room at a glance, all rooms in figures, and what is done to several at once."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models.exam import AttemptState
from app.models.registration import ExamSession, StaffAssignment
from app.web import access
from app.web.errors import render
from app.web.proctor.acting_forms import ActForm
from app.web.proctor.forms import MOST_MINUTES
from app.web.proctor.reasons import quick, remember, remembered, told, told_many
from app.web.proctor.rooms import bp
from app.web.state_names import state_name
from app.web.watching import intervene_on, watcher
from proctoring import attention, doors, duty, incidents, notices, snapshot
from proctoring.board_shapes import Board, RoomTallies
from proctoring.interventions import Outcome, Wish
from proctoring.targets import Targets
from proctoring.views import View, chosen, views

SHOWN_STATES = (*AttemptState, "unprepared", "absent", "ended_by_proctor")
MOST_TABS = 12
LAYOUTS = ("urgency", "seat", "map")


@bp.get("/<id:session_id>")
@access.requires(Permission.WATCH_SESSION)
def room(session_id: int) -> ResponseReturnValue:
    session = db.session()
    exam, mine = _watched(session_id)
    parts = views(session, exam)
    here = chosen(parts, request.args.get("view", type=int), mine)
    live = snapshot.live(session, session_id, here.first, clock.now)
    tallies = RoomTallies.model_validate_json(snapshot.live(session, session_id, snapshot.ROOMS, clock.now).text)
    session.commit()
    order = request.args.get("by", "urgency")
    words = {name: state_name(name) for name in (*SHOWN_STATES, *attention.ORDER)}
    return render_template(
        "proctor/room.html", exam=exam, board=Board.model_validate_json(live.text), etag=live.etag, mine=mine,
        here=here, tallies=tallies, near=_near(parts, here), words=json.dumps(words, ensure_ascii=False),
        order=order if order in LAYOUTS else "urgency",
        open_incidents=sum(1 for entry in incidents.of_session(session, session_id) if entry.open),
        form=ActForm(formdata=None, view=here.first, reason=remembered()), quick=quick(), most_minutes=MOST_MINUTES,
        said=notices.of_session(session, session_id, here.first, here.last)[:20], many_tabs=len(parts) > MOST_TABS,
    )  # fmt: skip


@bp.get("/<id:session_id>/all")
@access.requires(Permission.WATCH_SESSION)
def overview(session_id: int) -> ResponseReturnValue:
    exam, mine = _watched(session_id)
    live = snapshot.live(db.session(), session_id, snapshot.ROOMS, clock.now)
    db.session.commit()
    tallies = RoomTallies.model_validate_json(live.text)
    return render_template("proctor/overview.html", exam=exam, mine=mine, tallies=tallies, etag=live.etag)


@bp.post("/<id:session_id>/act")
@access.requires(Permission.INTERVENE)
def act_on(session_id: int) -> ResponseReturnValue:
    exam, _mine = _watched(session_id)
    form = ActForm()
    back = url_for("proctor.room", session_id=session_id, view=form.view.data, by=request.args.get("by"))
    remember(form.action.data or "", form.reason.data or "")
    if not form.validate_on_submit():
        flash(_("That does not fit: check minutes, reason and message, and try again."), "error")
        return redirect(back, 303)
    action, minutes = form.action.data, form.minutes.data or 0
    try:
        if action in ("end", "void") and not form.sure.data:
            raise Refusal("not_confirmed", _("Tick that you know it cannot be undone, then press again."))
        wish = Wish(action, form.reason.data or "", minutes * 60, form.text.data or "")
        outcomes = intervene_on(session_id, _targets(form, chosen(views(db.session(), exam), form.view.data)), wish)
    except Refusal as refusal:
        db.session.rollback()
        flash(render(refusal), "error")
        return redirect(back, 303)
    _say(action, outcomes, minutes)
    return redirect(back, 303)


@bp.post("/<id:session_id>/open/<id:room_id>")
@access.requires(Permission.INTERVENE)
def open_room(session_id: int, room_id: int) -> ResponseReturnValue:
    _watched(session_id)
    opened = doors.open_room(db.session(), access.principal().actor, room_id, clock.now())
    db.session.commit()
    snapshot.forget(session_id)
    flash(_("The room is open: its candidates can start now."), "success")
    return redirect(url_for("proctor.room", session_id=session_id, view=opened.first_seat), 303)


def _watched(session_id: int) -> tuple[ExamSession, StaffAssignment | None]:
    """The session, and the watcher's place on its roster if it is a proctor."""
    session, person = db.session(), watcher()
    exam = duty.watched_session(session, person, session_id)
    return exam, None if person.registrar else duty.assignment_of(session, person.actor, session_id)


def _targets(form: ActForm, view: View) -> Targets:
    if form.target.data == "all":
        return Targets(everybody=True)
    if form.target.data == "view":
        return Targets(first_seat=view.first, last_seat=view.last)
    return Targets(
        seats=tuple(
            sorted(
                {
                    int(one)
                    for one in request.form.getlist("seat")
                    if one.isascii() and one.isdecimal() and len(one) < 10
                }
            )
        )
    )


def _say(action: str, outcomes: Sequence[Outcome], minutes: int) -> None:
    done = sum(one.done for one in outcomes)
    if done == 1 == len(outcomes):
        flash(told(action, minutes), "success")
    elif done:
        flash(told_many(action, done, minutes), "success")
    refused = [one for one in outcomes if one.refusal is not None]
    for one in refused[:5]:
        flash(_("Not done at seat %(seat)s, %(name)s: %(why)s", seat=one.place.number, name=one.place.name,
                why=render(one.refusal) if one.refusal else ""), "warn")  # fmt: skip
    if len(refused) > 5:
        flash(_("And not for %(count)s more, whose exams are not in a state for it.", count=len(refused) - 5), "warn")


def _near(parts: list[View], here: View) -> tuple[View | None, View | None]:
    place = parts.index(here)
    return (parts[place - 1] if place else None, parts[place + 1] if place + 1 < len(parts) else None)
