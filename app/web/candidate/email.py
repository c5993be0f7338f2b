"""Where a candidate wants to be written to when a certificate is issued."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import Length, Optional

from app.accounts.addresses import LONGEST, save_email
from app.accounts.permissions import Permission
from app.core import mail
from app.core.db import db
from app.core.errors import Refusal
from app.models.account import User
from app.web.access import principal, requires
from app.web.errors import render

bp = Blueprint("candidate_email", __name__, url_prefix="/results/email")


class EmailForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    email = EmailField(lazy_gettext("E-mail address"), validators=[Optional(), Length(max=LONGEST)])


@bp.get("")
@requires(Permission.READ_OWN)
def show() -> ResponseReturnValue:
    user = db.session().get_one(User, principal().user_id)
    return _page(EmailForm(formdata=None, email=user.email))


@bp.post("")
@requires(Permission.READ_OWN)
def save() -> ResponseReturnValue:
    form = EmailForm()
    if not form.validate():
        return _page(form), 422
    try:
        address = save_email(db.session(), principal().actor, principal().user_id, form.email.data or "")
    except Refusal as refusal:
        db.session.rollback()
        return _page(form, render(refusal)), refusal.status
    db.session.commit()
    if address:
        flash(_("We write to %(address)s as soon as a certificate of yours is issued.", address=address), "success")
    else:
        flash(_("You get no e-mail from us any more. Your certificates stand on this page as before."), "success")
    return redirect(url_for("candidate_results.index"), 303)


def _page(form: EmailForm, refused: str = "") -> str:
    sends = mail.sends(current_app.extensions["settings"])
    return render_template("candidate/email.html", form=form, refused=refused, sends=sends)
