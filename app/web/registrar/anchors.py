"""Anchor candidates of a practical: what experts agreed on, set by a registrar before anybody signs."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.core.texts import LONGEST_REASON
from app.models.agreement import Anchor
from app.models.practical import SheetState
from app.models.registration import SessionState
from app.practical import anchors
from app.practical.marking.standing import session_standings
from app.practical.sittings import practical_session
from app.registration.seating import seat_of
from app.web.access import principal, requires
from app.web.errors import render
from app.web.presentation import figure

bp = Blueprint("anchors", __name__, url_prefix="/registrar/sessions/<id:session_id>/anchors")


@bp.get("")
@requires(Permission.READ_SESSIONS)
def index(session_id: int) -> ResponseReturnValue:
    sitting = practical_session(db.session(), session_id)
    standings = session_standings(db.session(), session_id)
    signed = {
        one.seat.id for one in standings if any(sheet.state == SheetState.SIGNED for sheet in one.sheets.values())
    }
    return render_template(
        "registrar/anchors.html", sitting=sitting, standings=standings, signed=signed,
        anchors=anchors.anchors_of(db.session(), [session_id]), known_points=anchors.known_points,
        over=sitting.state in (SessionState.CLOSED, SessionState.RELEASED),
    )  # fmt: skip


@bp.route("/seats/<id:seat_id>", methods=["GET", "POST"])
@requires(Permission.PLAN_SESSIONS)
def edit(session_id: int, seat_id: int) -> ResponseReturnValue:
    session = db.session()
    practical_session(session, session_id)
    seat_of(session, session_id, seat_id)
    if request.method == "GET":
        anchor = session.get(Anchor, seat_id)
        known = anchors.known_points(anchor) if anchor else {}
        return _form(session_id, seat_id, {key: str(figure(one)) for key, one in known.items()}, anchor)
    typed = {key.removeprefix("points-"): text.strip() for key, text in request.form.items() if key[:7] == "points-"}
    reason = request.form.get("reason", "")
    try:
        anchors.set_anchor(
            session, principal().actor, session_id, seat_id, typed, reason=reason, now=clock.now()
        )  # fmt: skip
    except Refusal as refusal:
        session.rollback()
        return _form(session_id, seat_id, typed, None, reason, refused=render(refusal)), refusal.status
    session.commit()
    flash(_("The anchor is set. Its examiners are held against it once both have signed."), "success")
    return redirect(url_for(".index", session_id=session_id), 303)


@bp.post("/seats/<id:seat_id>/remove")
@requires(Permission.PLAN_SESSIONS)
def remove(session_id: int, seat_id: int) -> ResponseReturnValue:
    anchors.remove_anchor(db.session(), principal().actor, session_id, seat_id)
    db.session.commit()
    flash(_("This seat is no anchor any more; the candidate gets a result like all others."), "success")
    return redirect(url_for(".index", session_id=session_id), 303)


def _form(
    session_id: int, seat_id: int, typed: Mapping[str, str], anchor: Anchor | None, reason: str = "", *,
    refused: str = "",
) -> str:  # fmt: skip
    session = db.session()
    sitting = practical_session(session, session_id)
    return render_template(
        "registrar/anchor.html", sitting=sitting, seat=seat_of(session, session_id, seat_id), typed=typed,
        reason=anchor.reason if anchor else reason, rubric=anchors.rubric_for(session, sitting), refused=refused,
        longest=LONGEST_REASON,
    )  # fmt: skip
