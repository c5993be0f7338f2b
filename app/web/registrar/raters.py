"""Who rates the candidates of a practical beside the examiners."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models.registration import ExamSession, Part, SessionState
from app.practical.marking import raters
from app.practical.marking.rubric import SELF
from app.practical.marking.standing import session_standings
from app.registration.planning import exam_session
from app.web.access import principal, requires
from app.web.errors import render

bp = Blueprint("raters", __name__, url_prefix="/registrar/sessions/<id:session_id>/raters")


@bp.get("")
@requires(Permission.READ_SESSIONS)
def show(session_id: int) -> ResponseReturnValue:
    return _page(_practical(session_id))


@bp.post("")
@requires(Permission.PLAN_SESSIONS)
def name(session_id: int) -> ResponseReturnValue:
    """An account for one seat, or for every seat that has sheets."""
    sitting, session = _practical(session_id), db.session()
    seat, group = request.form.get("seat", 0, type=int), request.form.get("group", "")
    username = request.form.get("username", "")
    numbers = [one.seat.id for one in session_standings(session, session_id) if one.sheets]
    chosen = numbers if seat == 0 else [seat]
    try:
        for seat_id in chosen:
            raters.name_rater(session, principal().actor, session_id, seat_id, group, username, clock.now())
    except Refusal as refusal:
        session.rollback()
        return _page(sitting, refused=render(refusal), username=username, seat=seat, group=group), refusal.status
    session.commit()
    flash(
        ngettext("%(num)s sheet is ready for this rater.", "%(num)s sheets are ready for this rater.", len(chosen)),
        "success",
    )
    return redirect(url_for(".show", session_id=session_id), 303)


@bp.post("/sheets/<id:sheet_id>/remove")
@requires(Permission.PLAN_SESSIONS)
def remove(session_id: int, sheet_id: int) -> ResponseReturnValue:
    _practical(session_id)
    raters.remove_rater(db.session(), principal().actor, session_id, sheet_id)
    db.session.commit()
    flash(_("The rater is taken away. Name another if the group has nobody left."), "success")
    return redirect(url_for(".show", session_id=session_id), 303)


def _page(sitting: ExamSession, *, refused: str = "", username: str = "", seat: int = 0, group: str = "") -> str:
    standings = session_standings(db.session(), sitting.id)
    groups = next((one.rubric.others() for one in standings if one.rubric), ())
    return render_template(
        "registrar/raters.html",
        sitting=sitting, standings=standings, groups=groups, refused=refused, username=username, seat=seat,
        group=group, named=[one for one in groups if one.id != SELF],
        over=sitting.state in (SessionState.CLOSED, SessionState.RELEASED),
    )  # fmt: skip


def _practical(session_id: int) -> ExamSession:
    sitting = exam_session(db.session(), session_id)
    if sitting.part != Part.PRACTICAL:
        raise Refusal("not_practical", N_("Only a practical session has a panel of examiners."), status=404)
    return sitting
