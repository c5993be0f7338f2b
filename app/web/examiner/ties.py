"""An examiner finds a candidate they are tied to on their list, and says so in one press."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.practical.marking.sheets import own_sheet
from app.practical.panels import absence
from app.web.access import principal, requires
from app.web.examiner.views import bp


@bp.post("/sheets/<id:sheet_id>/conflict")
@requires(Permission.MARK_PRACTICAL)
def declare_conflict(sheet_id: int) -> ResponseReturnValue:
    who, session = principal(), db.session()
    sheet = own_sheet(session, sheet_id, who.user_id)
    made = absence.conflict_found(
        session, who.actor, sheet.seat.session_id, sheet.seat_id, who.user_id, request.form.get("tie", ""),
        request.form.get("note", ""), clock.now(),
    )  # fmt: skip
    session.commit()
    if made is not None:
        flash(_("Thank you. The tie is on file and another examiner takes this candidate."), "success")
    else:
        flash(_("Thank you. The tie is on file. The registrar has to call another examiner; do not mark."), "warn")
    return redirect(url_for(".home"), 303)
