"""The panel of a practical session: who marks whom, what is signed, and where a third examiner is called for."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Part, SessionState
from app.models.stations import StationTurn
from app.practical.forms import renewing
from app.practical.forms.renewing import newer_form
from app.practical.marking import thirds
from app.practical.marking.heads import head_of
from app.practical.marking.standing import seat_standing, session_standings
from app.practical.panels import panels
from app.practical.panels.day_roster import absent_seats
from app.practical.panels.stations import stations_of, turns_of_session
from app.practical.sittings import examiners_of
from app.registration.planning import exam_session
from app.registration.roster import gate_of
from app.registration.seating import seat_of
from app.web.access import principal, requires
from app.web.registrar.panel_forms import ReplaceForm, ThirdForm
from app.web.registrar.remedy_words import flash_refusal

bp = Blueprint("panel", __name__, url_prefix="/registrar/sessions/<id:session_id>/panel")


@bp.get("")
@requires(Permission.READ_SESSIONS)
def show(session_id: int) -> ResponseReturnValue:
    sitting = practical(session_id)
    standings = session_standings(db.session(), session_id)
    return render_template(
        "registrar/panel.html",
        sitting=sitting,
        standings=standings,
        gate=gate_of(db.session(), sitting),
        waiting=[one for one in standings if one.outcome.needs_third],
        over=sitting.state in (SessionState.CLOSED, SessionState.RELEASED),
        stations=stations_of(db.session(), session_id),
        turns=_first_turns(session_id),
        absent=absent_seats(db.session(), session_id),
        head=head_of(db.session(), session_id),
        examiners=examiners_of(db.session(), sitting),
        newer=newer_form(db.session(), sitting),
    )


@bp.post("/form")
@requires(Permission.PLAN_SESSIONS)
def use_new_form(session_id: int) -> ResponseReturnValue:
    practical(session_id)
    renewing.use_new_form(db.session(), principal().actor, session_id)
    db.session.commit()
    flash(_("All candidates of this session are marked on the new sheet now."), "success")
    return redirect(url_for(".show", session_id=session_id), 303)


@bp.post("/allocate")
@requires(Permission.PLAN_SESSIONS)
def allocate(session_id: int) -> ResponseReturnValue:
    try:
        panels.allocate_session(db.session(), principal().actor, session_id, clock.now())
    except Refusal as refusal:
        db.session.rollback()
        flash_refusal(refusal)
        return redirect(url_for(".show", session_id=session_id), 303)
    db.session.commit()
    flash(_("Every candidate has a first and a second examiner. Open the session once they are present."), "success")
    return redirect(url_for(".show", session_id=session_id), 303)


@bp.route("/seats/<id:seat_id>/third", methods=["GET", "POST"])
@requires(Permission.PLAN_SESSIONS)
def third(session_id: int, seat_id: int) -> ResponseReturnValue:
    sitting, session = practical(session_id), db.session()
    standing = seat_standing(session, seat_of(session, session_id, seat_id))
    form = ThirdForm(thirds.free_examiners(session, sitting, standing))
    if form.validate_on_submit():
        thirds.assign_third(session, principal().actor, seat_id, form.examiner.data, clock.now())
        session.commit()
        flash(_("The third examiner now has a sheet for this candidate."), "success")
        return redirect(url_for(".show", session_id=session_id), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("registrar/panel_third.html", sitting=sitting, standing=standing, form=form), status


@bp.route("/sheets/<id:sheet_id>/replace", methods=["GET", "POST"])
@requires(Permission.PLAN_SESSIONS)
def replace(session_id: int, sheet_id: int) -> ResponseReturnValue:
    sitting, session = practical(session_id), db.session()
    sheet = session.get(RubricSheet, sheet_id)
    if sheet is None or sheet.seat.session_id != session_id:
        raise NotFound
    standing = seat_standing(session, sheet.seat)
    form = ReplaceForm(thirds.free_examiners(session, sitting, standing))
    if form.validate_on_submit():
        thirds.replace_examiner(
            session, principal().actor, sheet_id, form.examiner.data, reason=form.reason.data, now=clock.now()
        )
        session.commit()
        flash(_("The sheet has another examiner, who begins afresh."), "success")
        return redirect(url_for(".show", session_id=session_id), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("registrar/panel_replace.html", sitting=sitting, sheet=sheet, form=form), status


def _first_turns(session_id: int) -> dict[int, StationTurn]:
    """When each candidate begins, and where."""
    found: dict[int, StationTurn] = {}
    for turn in turns_of_session(db.session(), session_id):
        found.setdefault(turn.seat_id, turn)
    return found


def practical(session_id: int) -> ExamSession:
    sitting = exam_session(db.session(), session_id)
    if sitting.part != Part.PRACTICAL:
        raise Refusal("not_practical", N_("Only a practical session has a panel of examiners."), status=404)
    return sitting
