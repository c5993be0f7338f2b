"""Applications: the list, one with everything on file, and the decision."""

from __future__ import annotations

from io import BytesIO

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models.registration import Application, ApplicationStatus
from app.registration import conflicts, decisions, profiles, queries
from app.registration.documents import read_document
from app.registration.facts import reasons_against_application
from app.registration.queries import PAGE, Filter
from app.schemes.scheme import scheme as scheme_of
from app.web.access import principal, requires
from app.web.errors import render
from app.web.files import stored_file
from app.web.name_problems import name_problem
from app.web.paging import asked_page, filters_of, pages_of
from app.web.reasons import told
from app.web.registrar.conflict_form import conflict_form
from app.web.registrar.forms import DecisionForm, FilterForm
from app.web.registrar.views import bp


@bp.get("/applications")
@requires(Permission.READ_APPLICATIONS)
def applications() -> ResponseReturnValue:
    form = FilterForm(request.args)
    scheme, _slash, level = (form.level.data or "").rpartition("/")
    wanted = Filter(form.status.data or "", scheme, level, (form.text.data or "")[:100])
    page = asked_page()
    rows, total = queries.applications(db.session(), wanted, page)
    return render_template(
        "registrar/applications.html", form=form, rows=rows, total=total, page=page, pages=pages_of(total, PAGE),
        filters=filters_of(form),
    )  # fmt: skip


@bp.get("/applications/<id:application_id>")
@requires(Permission.READ_APPLICATIONS)
def application(application_id: int) -> ResponseReturnValue:
    return _page(application_id, DecisionForm())


@bp.post("/applications/<id:application_id>/<any(admit, refuse):decision>")
@requires(Permission.DECIDE_APPLICATIONS)
def decide(application_id: int, decision: str) -> ResponseReturnValue:
    form, actor, now = DecisionForm(), principal().actor, clock.now()
    if not form.validate_on_submit():
        return _page(application_id, form), 422
    try:
        if decision == "admit":
            row = decisions.admit(db.session(), actor, application_id, now, form.reason.data)
        else:
            row = decisions.refuse(db.session(), actor, application_id, form.reason.data, now)
    except Refusal as refusal:
        db.session.rollback()
        return _page(application_id, form, render(refusal)), refusal.status
    db.session.commit()
    if row.status == ApplicationStatus.ADMITTED:
        said = _("%(name)s is admitted. Next: give them a place in a session.", name=row.candidate.name)
    else:
        said = _("The application of %(name)s is refused; they read your reason.", name=row.candidate.name)
    flash(said, "success")
    return redirect(url_for("registrar.applications", status=ApplicationStatus.SUBMITTED), 303)


@bp.post("/applications/<id:application_id>/conflicts")
@requires(Permission.PLAN_SESSIONS)
def declare_conflict(application_id: int) -> ResponseReturnValue:
    row, form = queries.handed_in(db.session(), application_id), conflict_form()
    if form.validate_on_submit():
        conflicts.declare_conflict(
            db.session(), principal().actor, form.examiner.data, row.candidate_id, form.tie.data, form.note.data or ""
        )
        db.session.commit()
        flash(
            _("The conflict is kept. This person neither examines the candidate nor decides about their certificate."),
            "success",
        )
    else:
        flash(_("Choose an examiner or registrar and a candidate of the lists."), "error")
    return redirect(url_for("registrar.application", application_id=application_id), 303)


@bp.get("/applications/<id:application_id>/photo")
@requires(Permission.READ_APPLICATIONS)
def application_photo(application_id: int) -> Response:
    row = queries.handed_in(db.session(), application_id)
    return send_file(BytesIO(profiles.photo_of(db.session(), row.candidate_id)), "image/jpeg")


@bp.get("/applications/<id:application_id>/documents/<id:document_id>")
@requires(Permission.READ_APPLICATIONS)
def application_document(application_id: int, document_id: int) -> Response:
    queries.handed_in(db.session(), application_id)
    return stored_file(read_document(db.session(), application_id, document_id))


def _page(application_id: int, form: DecisionForm, refused: str = "") -> str:
    row: Application = queries.handed_in(db.session(), application_id)
    waiting = row.status == ApplicationStatus.SUBMITTED
    reasons = reasons_against_application(db.session(), row, clock.now()) if waiting else []
    return render_template(
        "registrar/application.html", application=row, level=scheme_of(row.scheme).level(row.level), form=form,
        reasons=[told(one) for one in reasons], waiting=waiting, refused=refused, conflict_form=conflict_form(),
        declared=conflicts.declared_about(db.session(), row.candidate_id),
        own=row.candidate.user_id == principal().user_id, name_problem=name_problem(row.candidate.name),
    )  # fmt: skip
