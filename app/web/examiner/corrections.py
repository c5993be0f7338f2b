"""Asking for a correction of one's own signed sheet."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.practical.marking import corrections, sheets
from app.practical.marking.standing import value_of
from app.web.access import principal, requires
from app.web.errors import render
from app.web.examiner.views import bp, signed_page
from app.web.presentation import figure


@bp.post("/sheets/<id:sheet_id>/corrections")
@requires(Permission.MARK_PRACTICAL)
def ask_correction(sheet_id: int) -> ResponseReturnValue:
    session, who = db.session(), principal()
    own = sheets.own_sheet(session, sheet_id, who.user_id)
    standing = {key: str(figure(points)) for key, points in value_of(own).awarded.items()}
    typed = {key.removeprefix("points-"): text.strip() for key, text in request.form.items() if key[:7] == "points-"}
    marks = {key: text for key, text in typed.items() if text != standing.get(key, "")}
    notes = {key.removeprefix("note-"): text for key, text in request.form.items() if key[:5] == "note-" and text}
    reason = request.form.get("reason", "")
    try:
        corrections.ask(session, who.actor, sheet_id, who.user_id, marks, notes=notes, reason=reason, now=clock.now())
    except Refusal as refusal:
        session.rollback()
        own = sheets.own_sheet(session, sheet_id, who.user_id)
        shown = {"points": typed, "notes": notes, "reason": reason}
        return signed_page(own, shown, refused=render(refusal), status=refusal.status)
    session.commit()
    flash(_("Your correction waits for agreement. Until then the sheet stands as you signed it."), "success")
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)
