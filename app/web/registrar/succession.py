"""One certificate in the place of another, and the letters about every decision."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models.certificate import Certificate
from app.web.access import principal, requires
from app.web.errors import render
from app.web.reasons import told
from app.web.registrar.forms_register import RenewForm, ReplaceForm
from app.web.registrar.register import bp, page_of
from certificates.register import entries as register
from certificates.register import letters, pending
from certificates.register.grounds import Succession
from certificates.register.issue import CertificateRefused
from certificates.signing.seals import issuers
from certificates.signing.unavailable import Unavailable


@bp.post("/<serial>/replace")
@requires(Permission.ISSUE_CERTIFICATES)
def replace(serial: str) -> ResponseReturnValue:
    form = ReplaceForm(prefix="replace-")
    return _followed(serial, form, "replace_form", Succession.NAME_CORRECTED)


@bp.post("/<serial>/renew")
@requires(Permission.ISSUE_CERTIFICATES)
def renew(serial: str) -> ResponseReturnValue:
    form = RenewForm(prefix="renew-")
    return _followed(serial, form, "renew_form", Succession.RENEWED)


@bp.get("/<serial>/letters/<id:event_id>")
@requires(Permission.READ_REGISTER)
def letter(serial: str, event_id: int) -> Response:
    return letter_file(register.entry(db.session(), serial), event_id)


def letter_file(certificate: Certificate, event_id: int) -> Response:
    """Drawn for whoever asks first, and from then on the same bytes for everybody."""
    settings = current_app.extensions["settings"]
    house = letters.House(settings.issuer, settings.public_url, issuers(settings))
    found = letters.drawn(db.session(), certificate, event_id, house, clock.now())
    name = found.number.replace("/", "-")
    data = found.pdf or b""
    db.session.commit()
    headers = {"Content-Disposition": f'attachment; filename="notice-{name}.pdf"'}
    return Response(data, mimetype="application/pdf", headers=headers)


def _followed(serial: str, form: ReplaceForm | RenewForm, name: str, why: Succession) -> ResponseReturnValue:
    certificate = register.entry(db.session(), serial)
    if not form.validate():
        return page_of(certificate, **{name: form}), 422
    hours = form.training_hours.data if isinstance(form, RenewForm) else 0
    choose = issuers(current_app.extensions["settings"])
    try:
        made = pending.succeed(
            db.session(), principal().actor, serial, why, form.reason.data, clock.now(), choose, training_hours=hours
        )
    except Unavailable:
        db.session.commit()  # the decision is kept, and waits
        flash(_("The decision is kept. Nothing can be signed just now; it is tried again by itself."), "warn")
        return redirect(url_for("register.show", serial=certificate.serial), 303)
    except Refusal as refusal:
        db.session.rollback()
        said = [told(one) for one in refusal.reasons] if isinstance(refusal, CertificateRefused) else []
        certificate = register.entry(db.session(), serial)
        return page_of(certificate, **{name: form}, refused=render(refusal), refused_for=said), refusal.status
    db.session.commit()
    flash(
        _("Certificate %(new)s stands in the place of %(old)s now. The holder can download it, and the letter.",
          new=made.serial, old=certificate.serial),
        "success",
    )  # fmt: skip
    return redirect(url_for("register.show", serial=made.serial), 303)
