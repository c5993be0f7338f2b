"""The register of certificates: searching it, and one certificate with its history."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models.certificate import Certificate
from app.registration.facts import day_of
from app.web.access import principal, requires
from app.web.api.certificates import download
from app.web.errors import render
from app.web.paging import asked_page, pages_of
from app.web.registrar.forms_register import SearchForm, StatusForm
from certificates.register import entries as register
from certificates.register import revocation
from certificates.register.grounds import Ground

bp = Blueprint("register", __name__, url_prefix="/register")


@bp.get("")
@requires(Permission.READ_REGISTER)
def index() -> ResponseReturnValue:
    form = SearchForm(request.args)
    page = asked_page()
    sought, status = (form.q.data or "", form.status.data or "") if form.validate() else ("", "")
    found = register.search(db.session(), sought, status=status, page=page)
    return render_template(
        "registrar/register.html", form=form, found=found, page=page, sought=sought, status=status,
        pages=pages_of(found.total, register.PAGE), today=day_of(clock.now()), worth=register.worth,
    )  # fmt: skip


@bp.get("/<serial>")
@requires(Permission.READ_REGISTER)
def show(serial: str) -> ResponseReturnValue:
    return _page(register.entry(db.session(), serial), StatusForm(formdata=None))


@bp.get("/<serial>/pdf")
@requires(Permission.READ_REGISTER)
def pdf(serial: str) -> Response:
    return download(register.entry(db.session(), serial, with_pdf=True))


@bp.post("/<serial>")
@requires(Permission.ISSUE_CERTIFICATES)
def change(serial: str) -> ResponseReturnValue:
    """Suspend, reinstate or revoke, by the button that was pressed."""
    form = StatusForm()
    certificate = register.entry(db.session(), serial)
    if not form.validate():
        return _page(certificate, form), 422
    try:
        said = _changed(form, serial)
    except Refusal as refusal:
        db.session.rollback()
        return _page(register.entry(db.session(), serial), form, render(refusal)), refusal.status
    db.session.commit()
    flash(said, "success")
    return redirect(url_for("register.show", serial=certificate.serial), 303)


def _changed(form: StatusForm, serial: str) -> str:
    session, actor, now = db.session(), principal().actor, clock.now()
    reason, ground = form.reason.data, Ground(form.ground.data)
    said: str
    if form.change.data == "suspend":
        revocation.suspend(session, actor, serial, reason, now, ground=ground)
        said = _("The certificate is suspended. Whoever verifies it sees that from now on.")
    elif form.change.data == "reinstate":
        revocation.reinstate(session, actor, serial, reason, now)
        said = _("The certificate is valid again. Whoever verifies it sees that from now on.")
    else:
        revocation.revoke(session, actor, serial, reason, now, ground=ground)
        said = _("The certificate is revoked for good. Whoever verifies it sees that from now on.")
    return said


def _page(certificate: Certificate, form: StatusForm, refused: str = "") -> str:
    return render_template(
        "registrar/certificate.html", one=certificate, form=form, refused=refused,
        events=register.history(db.session(), certificate), status=register.worth(certificate, day_of(clock.now())),
    )  # fmt: skip
