"""The terms of integrity of a session: what is recorded, Safe Exam Browser, pictures."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models.registration import ExamSession, SessionState
from app.web import lockdown
from app.web.access import principal, requires
from app.web.errors import render
from app.web.public.lockdown import as_file
from app.web.registrar.integrity_form import IntegrityForm
from app.web.registrar.views import bp
from proctoring import terms
from proctoring.signals import MEANINGS


@bp.get("/sessions/<id:session_id>/integrity")
@requires(Permission.READ_SESSIONS)
def integrity(session_id: int) -> ResponseReturnValue:
    row = terms.theory_session(db.session(), session_id)
    return _page(row, IntegrityForm.showing(terms.terms_of(db.session(), session_id)))


@bp.post("/sessions/<id:session_id>/integrity")
@requires(Permission.PLAN_SESSIONS)
def change_integrity(session_id: int) -> ResponseReturnValue:
    session, form = db.session(), IntegrityForm()
    row = terms.theory_session(session, session_id)
    if not form.validate_on_submit():
        return _page(row, form), 422
    try:
        wish = form.wish(terms.terms_of(session, session_id), opened=row.state == SessionState.OPEN)
        terms.change(session, principal().actor, session_id, wish, lockdown.start_address(session_id), clock.now())
    except Refusal as refusal:
        session.rollback()
        return _page(terms.theory_session(session, session_id), form, render(refusal)), refusal.status
    session.commit()
    flash(_("The terms of integrity are kept. Candidates read them before they start."), "success")
    return redirect(url_for("registrar.integrity", session_id=session_id), 303)


@bp.get("/sessions/<id:session_id>/session.seb")
@requires(Permission.READ_SESSIONS)
def lockdown_config(session_id: int) -> Response:
    return as_file(terms.theory_session(db.session(), session_id).id)


def _page(row: ExamSession, form: IntegrityForm, refused: str = "") -> str:
    found = terms.terms_of(db.session(), row.id)
    over = row.state in (SessionState.CLOSED, SessionState.RELEASED)
    return render_template(
        "registrar/integrity.html", row=row, form=form, terms=found, meanings=MEANINGS, refused=refused,
        opened=row.state == SessionState.OPEN, over=over, may=principal().may(Permission.PLAN_SESSIONS) and not over,
        config_link=lockdown.file_address(row.id, "seb"), config_file=lockdown.file_address(row.id),
        tried=request.method == "POST",
    )  # fmt: skip
