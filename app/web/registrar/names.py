"""A person's name put right, and the certificates that still bear the old one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.registration.naming import NameToConfirm
from app.web.access import principal, requires
from app.web.errors import render
from app.web.reasons import told
from app.web.registrar.forms_register import NameForm
from certificates.register import naming
from certificates.register.deciders import reasons_against_decider
from certificates.register.dossier import about
from certificates.register.replacing import awaiting_replacement

bp = Blueprint("names", __name__, url_prefix="/registrar/applications/<id:application_id>/name")


@bp.get("")
@requires(Permission.READ_APPLICATIONS)
def show(application_id: int) -> ResponseReturnValue:
    return _page(application_id, NameForm(formdata=None))


@bp.post("")
@requires(Permission.ISSUE_CERTIFICATES)
def correct(application_id: int) -> ResponseReturnValue:
    form = NameForm()
    if not form.validate():
        return _page(application_id, form), 422
    try:
        made = naming.correct_name(
            db.session(), principal().actor, application_id, form.name.data, form.reason.data, form.document.data,
            clock.now(),
        )  # fmt: skip
    except NameToConfirm as refusal:
        db.session.rollback()
        form.name.data = refusal.reading.name  # sent again, it stands as it was understood
        return _page(application_id, form, render(refusal)), refusal.status
    except Refusal as refusal:
        db.session.rollback()
        return _page(application_id, form, render(refusal)), refusal.status
    db.session.commit()
    flash(
        _(
            "The name is %(name)s now. Certificates with the old name stand below; replace each of them.",
            name=made.after,
        ),
        "success",
    )
    return redirect(url_for("names.show", application_id=application_id), 303)


def _page(application_id: int, form: NameForm, refused: str = "") -> str:
    session = db.session()
    application = naming.person_of(session, application_id)
    may = principal().may(Permission.ISSUE_CERTIFICATES)
    against = reasons_against_decider(session, principal().actor, about(application)) if may else ()
    return render_template(
        "registrar/name.html", application=application, person=application.candidate, form=form, refused=refused,
        corrections=naming.corrections(session, application.candidate_id), deciding=may and not against,
        against=[told(reason) for reason in against], due=awaiting_replacement(session, application.candidate_id),
    )  # fmt: skip
