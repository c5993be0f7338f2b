"""What the registrar and the auditor see of a session's draw: the check before it, and the proof after it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.delivery import redrawing
from app.delivery.bank_check import check_session
from app.delivery.proof import proof_of
from app.web.access import principal, requires
from app.web.api.draws import theory_session
from app.web.errors import spoken
from app.web.registrar.views import bp


@bp.get("/sessions/<id:session_id>/bank")
@requires(Permission.READ_SESSIONS)
def check_draw(session_id: int) -> ResponseReturnValue:
    """Rehearses the draw and says in words what it found."""
    row = theory_session(session_id)
    found = check_session(db.session(), row)
    sentences = [spoken(message, params) for message, params in found.sentences()]
    return render_template("registrar/check_draw.html", row=row, found=found, sentences=sentences)


@bp.post("/sessions/<id:session_id>/redraw")
@requires(Permission.PLAN_SESSIONS)
def redraw(session_id: int) -> ResponseReturnValue:
    count = redrawing.redraw(db.session(), principal().actor, theory_session(session_id).id, clock.now())
    db.session.commit()
    flash(
        ngettext("%(num)s paper was drawn again.", "%(num)s papers were drawn again.", count),
        "success" if count else "warn",
    )
    return redirect(url_for(".session", session_id=session_id), 303)


@bp.post("/sessions/<id:session_id>/proof")
@requires(Permission.READ_SESSIONS)
def proof(session_id: int) -> ResponseReturnValue:
    return _packed(session_id, with_keys=False)


@bp.post("/sessions/<id:session_id>/proof-with-keys")
@requires(Permission.READ_AUDIT)
def proof_with_keys(session_id: int) -> ResponseReturnValue:
    return _packed(session_id, with_keys=True)


def _packed(session_id: int, *, with_keys: bool) -> Response:
    found = proof_of(db.session(), principal().actor, theory_session(session_id).id, clock.now(), with_keys=with_keys)
    db.session.commit()
    answer = Response(found.archive(), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="draw-{session_id}.zip"'
    return answer
