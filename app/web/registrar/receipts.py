"""Checking a receipt that a candidate kept: what it covers, and whether all of that still stands."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.accounts.permissions import Permission
from app.core.db import db
from app.core.errors import Refusal
from app.delivery import receipt_check
from app.delivery.receipt_check import Checked
from app.web.access import requires
from app.web.errors import render
from app.web.registrar.views import bp


class ReceiptForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    class Meta:
        csrf = False

    attempt = IntegerField(_("Number of the exam"), validators=[InputRequired(), NumberRange(1, 2**63 - 1)])
    receipt = StringField(_("Receipt"), validators=[InputRequired(), Length(max=200)])


@bp.get("/receipts")
@requires(Permission.READ_RESULTS)
def check_receipt() -> ResponseReturnValue:
    form = ReceiptForm(request.args)
    if not request.args:
        return render_template("registrar/receipt.html", form=ReceiptForm(formdata=None), found=None)
    if not form.validate():
        return render_template("registrar/receipt.html", form=form, found=None), 422
    try:
        found: Checked = receipt_check.check(db.session(), form.attempt.data, form.receipt.data)
    except Refusal as refusal:
        return render_template("registrar/receipt.html", form=form, found=None, refused=render(refusal)), refusal.status
    return render_template("registrar/receipt.html", form=form, found=found)
