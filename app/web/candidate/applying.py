"""The application in steps: identity, photo, statement, documents, review. Each step saves and leads to the next."""

from __future__ import annotations

from io import BytesIO

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models.registration import Application, ApplicationStatus, Candidate, IdentityType
from app.registration import applications, profiles
from app.registration.facts import reasons_against_application
from app.registration.naming import NameToConfirm
from app.schemes.scheme import Level, schemes
from app.schemes.scheme import scheme as scheme_of
from app.web.access import principal, requires
from app.web.candidate.forms import IdentityForm, PhotoForm, StatementForm
from app.web.candidate.home import bp
from app.web.candidate.name_words import name_errors, tell_of_name
from app.web.errors import render
from app.web.reasons import told
from certificates.drawing.pictured import pictured


@bp.get("/apply")
@requires(Permission.APPLY)
def apply() -> ResponseReturnValue:
    return render_template("candidate/apply.html", schemes=[one for one in schemes().values() if not one.demonstration])


@bp.route("/apply/<scheme>/<level>", methods=["GET", "POST"])
@requires(Permission.APPLY)
def begin(scheme: str, level: str) -> ResponseReturnValue:
    """The first step also starts the draft, once it is known who applies."""
    wanted, person = scheme_of(scheme).level(level), principal()
    form = _identity_form(person.user_id)
    if not form.validate_on_submit():
        return _identity_page(form, wanted)
    try:
        kept = _save_identity(form)
        started = applications.start_application(db.session(), person.actor, person.user_id, wanted.scheme, wanted.code)
    except Refusal as refusal:
        return _identity_page(form, wanted, refused=refusal)
    db.session.commit()
    tell_of_name(kept)
    return redirect(url_for("candidate.photo_step", application_id=started.id), 303)


@bp.route("/applications/<id:application_id>/identity", methods=["GET", "POST"])
@requires(Permission.APPLY)
def identity_step(application_id: int) -> ResponseReturnValue:
    application = _draft(application_id)
    form = _identity_form(principal().user_id)
    if not form.validate_on_submit():
        return _identity_page(form, level_of(application), application)
    try:
        kept = _save_identity(form)
    except Refusal as refusal:
        return _identity_page(form, level_of(application), application, refused=refusal)
    db.session.commit()
    tell_of_name(kept)
    return redirect(url_for("candidate.photo_step", application_id=application_id), 303)


@bp.route("/applications/<id:application_id>/photo", methods=["GET", "POST"])
@requires(Permission.APPLY)
def photo_step(application_id: int) -> ResponseReturnValue:
    application, form, refused = _draft(application_id), PhotoForm(), None
    if form.validate_on_submit():
        person = principal()
        try:
            profiles.save_photo(db.session(), person.actor, person.user_id, form.photo.data.read())
        except Refusal as refusal:
            db.session.rollback()
            refused = refusal
        else:
            db.session.commit()
            flash(_("The photo is kept. Check that it shows you well, then go on."), "success")
            return redirect(url_for("candidate.photo_step", application_id=application_id), 303)
    page = render_template(
        "candidate/photo.html", form=form, application=application, refused=render(refused) if refused else ""
    )
    return page, 422 if request.method == "POST" else 200


@bp.get("/photo")
@requires(Permission.APPLY)
def photo() -> ResponseReturnValue:
    candidate = profiles.candidate_of(db.session(), principal().user_id)
    if candidate is None or candidate.photo is None:
        raise NotFound()
    return send_file(BytesIO(candidate.photo), "image/jpeg")


@bp.route("/applications/<id:application_id>/statement", methods=["GET", "POST"])
@requires(Permission.APPLY)
def statement_step(application_id: int) -> ResponseReturnValue:
    application, person = _draft(application_id), principal()
    form = StatementForm(level_of(application), obj=application)
    refused = None
    if form.validate_on_submit():
        try:
            applications.save_statement(db.session(), person.actor, person.user_id, application_id, form.statement())
        except Refusal as refusal:
            db.session.rollback()
            refused = refusal
        else:
            db.session.commit()
            return redirect(url_for("candidate.documents_step", application_id=application_id), 303)
    page = render_template(
        "candidate/statement.html", form=form, application=application, level=level_of(application),
        refused=render(refused) if refused else "",
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


@bp.get("/applications/<id:application_id>")
@requires(Permission.APPLY)
def application(application_id: int) -> ResponseReturnValue:
    """Review while it is a draft; afterwards how it stands."""
    found = applications.own_application(db.session(), principal().user_id, application_id)
    undecided = found.status in (ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED)
    reasons = reasons_against_application(db.session(), found, clock.now()) if undecided else []
    return render_template(
        "candidate/application.html", application=found, level=level_of(found), reasons=[told(one) for one in reasons]
    )


@bp.post("/applications/<id:application_id>/submit")
@requires(Permission.APPLY)
def submit(application_id: int) -> ResponseReturnValue:
    person = principal()
    applications.submit(db.session(), person.actor, person.user_id, application_id, clock.now())
    db.session.commit()
    flash(_("Your application is handed in. The registrar decides; you see the decision here."), "success")
    return redirect(url_for("candidate.home"), 303)


@bp.post("/applications/<id:application_id>/withdraw")
@requires(Permission.APPLY)
def withdraw(application_id: int) -> ResponseReturnValue:
    person = principal()
    applications.withdraw(db.session(), person.actor, person.user_id, application_id, clock.now())
    db.session.commit()
    flash(_("The application is withdrawn. You can apply again whenever you like."), "success")
    return redirect(url_for("candidate.home"), 303)


def level_of(application: Application) -> Level:
    return scheme_of(application.scheme).level(application.level)


def _draft(application_id: int) -> Application:
    return applications.own_draft(db.session(), principal().user_id, application_id)


def _identity_form(user_id: int) -> IdentityForm:
    candidate = profiles.candidate_of(db.session(), user_id)
    if candidate is None:
        return IdentityForm(name=principal().name, identity_type=IdentityType.RESIDENT.value)
    return IdentityForm(obj=candidate)


def _identity_page(
    form: IdentityForm, level: Level, application: Application | None = None, refused: Refusal | None = None
) -> ResponseReturnValue:
    if refused:
        db.session.rollback()
    question = refused.reading if isinstance(refused, NameToConfirm) else None
    if refused and not question and refused.code.startswith(("name_", "character_")):
        form.name.errors, refused = name_errors(form.name.data, refused), None  # said at the field it is about
    page = render_template(
        "candidate/identity.html", form=form, level=level, application=application,
        on_file=profiles.candidate_of(db.session(), principal().user_id),
        pictured=pictured, question=question, refused=render(refused) if refused and not question else "",
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


def _save_identity(form: IdentityForm) -> Candidate:
    person, vault = principal(), current_app.extensions["identity_vault"]
    return profiles.save_profile(db.session(), person.actor, person.user_id, form.profile(), clock.now(), vault)
