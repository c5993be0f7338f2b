"""Who sits in a session and who staffs it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models.registration import Part, StaffRole
from app.registration import planning, queries, roster, seating
from app.web.access import principal, requires
from app.web.errors import render
from app.web.registrar.forms import ExtraTimeForm
from app.web.registrar.views import bp


@bp.post("/sessions/<id:session_id>/candidates")
@requires(Permission.PLAN_SESSIONS)
def add_candidates(session_id: int) -> ResponseReturnValue:
    chosen = request.form.getlist("application", type=int)
    if "all" in request.form:
        sitting = planning.exam_session(db.session(), session_id)
        chosen = [one.id for one in queries.seatable(db.session(), sitting)]
    if not chosen:
        raise Refusal("nobody_chosen", N_("Tick at least one candidate first."))
    try:
        added = seating.add_candidates(db.session(), principal().actor, session_id, chosen, clock.now())
    except Refusal as refusal:
        db.session.rollback()
        flash(render(refusal), "error")
        for problem in refusal.details.get("problems", []):
            who, reason = problem["name"] or problem["application"], problem["reason"]
            flash(_("%(who)s: %(reason)s", who=who, reason=_(reason)), "error")
    else:
        db.session.commit()
        said = ngettext("%(num)s candidate has a seat now.", "%(num)s candidates have a seat now.", len(added))
        flash(said, "success")
    return _back(session_id)


@bp.post("/sessions/<id:session_id>/seats/<id:seat_id>/remove")
@requires(Permission.PLAN_SESSIONS)
def remove_seat(session_id: int, seat_id: int) -> ResponseReturnValue:
    seating.remove_candidate(db.session(), principal().actor, session_id, seat_id)
    db.session.commit()
    flash(_("The seat is free again."), "success")
    return _back(session_id)


@bp.route("/sessions/<id:session_id>/seats/<id:seat_id>/extra-time", methods=["GET", "POST"])
@requires(Permission.PLAN_SESSIONS)
def extra_time(session_id: int, seat_id: int) -> ResponseReturnValue:
    seat = seating.seat_of(db.session(), session_id, seat_id)
    form, refused = ExtraTimeForm(minutes=seat.extra_seconds // 60), ""
    if form.validate_on_submit():
        try:
            seating.grant_extra_time(
                db.session(), principal().actor, session_id, seat_id, form.minutes.data * 60, form.reason.data
            )
        except Refusal as refusal:
            db.session.rollback()
            refused = render(refusal)
        else:
            db.session.commit()
            flash(_("The extra time is kept; it counts from the candidate's own start."), "success")
            return _back(session_id)
    page = render_template("registrar/extra_time.html", form=form, seat=seat, refused=refused)
    return page, 422 if request.method == "POST" else 200


@bp.post("/sessions/<id:session_id>/staff")
@requires(Permission.PLAN_SESSIONS)
def add_staff(session_id: int) -> ResponseReturnValue:
    row = planning.exam_session(db.session(), session_id)
    role = request.form.get("role") or (StaffRole.PROCTOR if row.part == Part.THEORY else StaffRole.EXAMINER)
    chosen = request.form.getlist("user", type=int)
    if not chosen:
        raise Refusal("nobody_chosen", N_("Tick at least one person first."))
    for user_id in chosen:
        roster.assign_staff(db.session(), principal().actor, session_id, user_id, role)
    db.session.commit()
    flash(_("The roster is kept. Mark each person as present when they arrive."), "success")
    return _back(session_id)


@bp.post("/sessions/<id:session_id>/staff/<id:user_id>/<any(present, left, remove):change>")
@requires(Permission.PLAN_SESSIONS)
def change_staff(session_id: int, user_id: int, change: str) -> ResponseReturnValue:
    session, actor = db.session(), principal().actor
    if change == "remove":
        roster.remove_staff(session, actor, session_id, user_id)
    else:
        mark = roster.mark_present if change == "present" else roster.mark_left
        mark(session, actor, session_id, user_id, clock.now())
    db.session.commit()
    gate = roster.gate_of(session, planning.exam_session(session, session_id))
    flash(
        _("Present: %(have)s, needed: %(need)s.", have=gate.have, need=gate.need), "success" if gate.passed else "warn"
    )
    return _back(session_id)


def _back(session_id: int) -> ResponseReturnValue:
    return redirect(url_for("registrar.session", session_id=session_id), 303)
