"""Log-in on the day, with what is printed on the admission ticket."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.core.db import db
from app.core.errors import Refusal
from app.models.account import Login, LoginKind
from app.registration import admission
from app.registration.admission_window import HOURS_BEFORE
from app.web import access, quick_admission
from app.web.account.views import bp
from app.web.errors import render
from app.web.limits import admission_limits

_MOST = 60


class AdmissionForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    number = StringField(
        _("Admission number"), validators=[InputRequired(_("Enter your admission number.")), Length(max=_MOST)]
    )
    code = StringField(
        _("One-time code"), validators=[InputRequired(_("Enter your one-time code.")), Length(max=_MOST)]
    )


@bp.route("/admission", methods=["GET", "POST"])
def admit() -> ResponseReturnValue:
    form = AdmissionForm(data={"number": request.args.get("number", "")[:_MOST]} if request.method == "GET" else None)
    if form.validate_on_submit() and (found := quick_admission.admitted(form.number.data, form.code.data)):
        return _entered(*found)
    return _ordinary(form)


@admission_limits
def _ordinary(form: AdmissionForm) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _page(form), 422 if form.is_submitted() else 200
    key = admission.key_of(current_app.config["SECRET_KEY"])
    visit = access.visit(LoginKind.ADMISSION)
    try:
        found = admission.log_in(db.session(), key, form.number.data, form.code.data, visit)
    except Refusal as refusal:
        db.session.rollback()
        return _page(form, render(refusal)), refusal.status
    db.session.commit()
    return _entered(*found)


def _entered(login_id: UUID, attempt_id: int) -> ResponseReturnValue:
    access.begin_browser_login(db.session.get_one(Login, login_id))
    return redirect(url_for("exam.show", attempt_id=attempt_id), 303)


def _page(form: AdmissionForm, refused: str = "") -> str:
    return render_template("account/admission.html", form=form, refused=refused, hours=HOURS_BEFORE)
