"""The step of the evidence: uploading, looking at and removing documents of one's own application."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core.db import db
from app.core.errors import Refusal
from app.registration import applications, documents
from app.web.access import principal, requires
from app.web.candidate.applying import level_of
from app.web.candidate.forms import DocumentForm
from app.web.candidate.home import bp
from app.web.errors import render
from app.web.files import stored_file


@bp.route("/applications/<id:application_id>/documents", methods=["GET", "POST"])
@requires(Permission.APPLY)
def documents_step(application_id: int) -> ResponseReturnValue:
    person = principal()
    application = applications.own_draft(db.session(), person.user_id, application_id)
    form, refused = DocumentForm(level_of(application)), None
    if form.validate_on_submit():
        file = form.file.data
        try:
            documents.add_document(
                db.session(), person.actor, person.user_id, application_id, form.kind.data, file.filename, file.read()
            )
        except Refusal as refusal:
            db.session.rollback()
            refused = refusal
        else:
            db.session.commit()
            flash(_("The document is kept. Add another one or go on."), "success")
            return redirect(url_for("candidate.documents_step", application_id=application_id), 303)
    page = render_template(
        "candidate/documents.html", form=form, application=application, level=level_of(application),
        refused=render(refused) if refused else "",
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


@bp.get("/applications/<id:application_id>/documents/<id:document_id>")
@requires(Permission.APPLY)
def document(application_id: int, document_id: int) -> Response:
    return stored_file(documents.own_document(db.session(), principal().user_id, application_id, document_id))


@bp.post("/applications/<id:application_id>/documents/<id:document_id>/remove")
@requires(Permission.APPLY)
def remove_document(application_id: int, document_id: int) -> ResponseReturnValue:
    person = principal()
    documents.remove_document(db.session(), person.actor, person.user_id, application_id, document_id)
    db.session.commit()
    flash(_("The document is removed."), "success")
    return redirect(url_for("candidate.documents_step", application_id=application_id), 303)
