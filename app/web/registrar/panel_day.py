"""Changes on the day: what happened, pressed once, and what is another now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models.registration import SessionState, Tie
from app.models.stations import PanelChange
from app.practical.marking.standing import session_standings
from app.practical.panels import absence, assigning
from app.practical.panels.changes import changes_of
from app.practical.panels.day_roster import absent_seats
from app.practical.panels.stations import stations_of
from app.practical.sittings import examiners_of
from app.web.access import principal, requires
from app.web.errors import render
from app.web.registrar.panel import bp, practical
from app.web.registrar.remedy_words import ways_to_help


@bp.get("/day")
@requires(Permission.READ_SESSIONS)
def day(session_id: int) -> ResponseReturnValue:
    return _page(session_id)


def _page(session_id: int, refused: Refusal | None = None) -> str:
    """With what was typed still there, if it was refused."""
    sitting, session = practical(session_id), db.session()
    told = [(one, _lines(one)) for one in changes_of(session, session_id)]
    return render_template(
        "registrar/panel_day.html", sitting=sitting, standings=session_standings(session, session_id),
        absent=absent_seats(session, session_id), examiners=examiners_of(session, sitting),
        stations=stations_of(session, session_id), changes=told, ties=list(Tie),
        over=sitting.state in (SessionState.CLOSED, SessionState.RELEASED), typed=request.form,
        refused=render(refused) if refused else "", ways=ways_to_help(refused) if refused else [],
    )  # fmt: skip


def _lines(change: PanelChange) -> list[dict[str, Any]]:
    """The lines with times as times."""
    return [{**line, "before": _timed(line["before"]), "after": _timed(line["after"])} for line in change.lines]


def _timed(one: dict[str, Any] | None) -> dict[str, Any] | None:
    return {**one, "at": datetime.fromisoformat(one["at"])} if one and "at" in one else one


@bp.post("/day")
@requires(Permission.PLAN_SESSIONS)
def change_day(session_id: int) -> ResponseReturnValue:
    practical(session_id)
    kind, _sep, about = request.form.get("what", "").partition(":")
    try:
        made = absence.happened(
            db.session(), principal().actor, session_id, kind, int(about) if about.isdecimal() else 0,
            reason=request.form.get("reason", ""), user_id=request.form.get("user", type=int),
            tie=request.form.get("tie", Tie.DECLARED), now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        db.session.rollback()
        return _page(session_id, refusal), refusal.status
    db.session.commit()
    count = len(made.lines)
    flash(ngettext("%(num)s assignment changed; everything else stays.",
                   "%(num)s assignments changed; everything else stays.", count), "success")  # fmt: skip
    return redirect(url_for(".day", session_id=session_id), 303)


@bp.post("/seats/<id:seat_id>")
@requires(Permission.PLAN_SESSIONS)
def assign_pair(session_id: int, seat_id: int) -> ResponseReturnValue:
    pair = (request.form.get("first", 0, type=int), request.form.get("second", 0, type=int))
    assigning.assign_pair(
        db.session(), principal().actor, session_id, seat_id, pair, reason=request.form.get("reason", ""),
        now=clock.now(),
    )  # fmt: skip
    db.session.commit()
    flash(_("The two examiners of this seat are assigned by hand."), "success")
    return redirect(url_for(".show", session_id=session_id), 303)


@bp.get("/seats/<id:seat_id>")
@requires(Permission.PLAN_SESSIONS)
def pair_page(session_id: int, seat_id: int) -> ResponseReturnValue:
    sitting, session = practical(session_id), db.session()
    standing, choices = assigning.choices_for(session, sitting, seat_id)
    return render_template("registrar/panel_pair.html", sitting=sitting, standing=standing, choices=choices)
