"""The register of certificates: searching it, and one certificate with its history."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models.account import Role
from app.models.certificate import Certificate
from app.registration.facts import day_of
from app.registration.queries import people_with
from app.web.access import principal, requires
from app.web.api.certificates import download
from app.web.errors import render, spoken
from app.web.paging import asked_page, pages_of
from app.web.reasons import told
from app.web.registrar.forms_register import RenewForm, ReplaceForm, SearchForm, StatusForm
from certificates.register import entries as register
from certificates.register import pending, revocation
from certificates.register.deciders import free_deciders, reasons_against_decider
from certificates.register.dossier import about
from certificates.register.grounds import Ground
from certificates.register.renewal import SOON_MONTHS
from certificates.register.standing import ending as find_ending
from certificates.register.standing import renewal_of, standing_of

MOST_NAMED = 20
bp = Blueprint("register", __name__, url_prefix="/register")


@bp.get("")
@requires(Permission.READ_REGISTER)
def index() -> ResponseReturnValue:
    form = SearchForm(request.args)
    page = asked_page()
    sought, status = (form.q.data or "", form.status.data or "") if form.validate() else ("", "")
    found = register.search(db.session(), sought, status=status, page=page)
    return render_template(
        "registrar/register.html", waiting=pending.all_waiting(db.session()), form=form,
        found=found, page=page, sought=sought, status=status,
        pages=pages_of(found.total, register.PAGE), today=day_of(clock.now()), worth=register.worth,
    )  # fmt: skip


@bp.get("/ending")
@requires(Permission.READ_REGISTER)
def ending() -> ResponseReturnValue:
    """Whom to remind: the certificates whose term ends before long."""
    months = min(max(request.args.get("months", SOON_MONTHS, type=int), 1), 120)
    page, today = asked_page(), day_of(clock.now())
    found = find_ending(db.session(), today, months, page)
    return render_template(
        "registrar/ending.html", found=found, months=months, page=page, pages=pages_of(found.total, register.PAGE),
        renewal_of=renewal_of, choices=(3, 6, 12, 24), today=today,
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
    return page_of(certificate, form=form, refused=refused)


def page_of(certificate: Certificate, **shown: Any) -> str:
    """With the forms that fit its state; `shown` are those that were filled in and refused."""
    session, now = db.session(), clock.now()
    forms = {
        "form": StatusForm(formdata=None),
        "replace_form": ReplaceForm(formdata=None, prefix="replace-"),
        "renew_form": RenewForm(formdata=None, prefix="renew-"),
        "refused": "",
    }
    may = principal().may(Permission.ISSUE_CERTIFICATES)
    against = reasons_against_decider(session, principal().actor, about(certificate.application)) if may else ()
    others = people_with(session, Role.REGISTRAR, MOST_NAMED) if against else ()
    return render_template(
        "registrar/certificate.html", one=certificate, standing=standing_of(session, certificate, day_of(now)),
        waits=pending.waiting(session, certificate), against=[told(reason) for reason in against],
        free=free_deciders(session, others, about(certificate.application)), deciding=may and not against,
        told_problem=told_problem, **forms | shown,
    )  # fmt: skip


def told_problem(problem: dict[str, Any]) -> str:
    return spoken(problem["message"], problem["params"])
