"""The sheets of the practical: what is in force, what registrars build, and what another of them decides."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.models.practical import RubricSheet, SheetState
from app.models.sheet_forms import FormState, SheetForm
from app.practical.forms import forms
from app.practical.forms.body import FormBody
from app.practical.forms.edits import edited
from app.practical.marking.standing import seat_standing, value_of
from app.web.access import principal, requires
from app.web.errors import render
from app.web.registrar import sheet_form_pages as pages
from app.web.registrar.sheet_form_fields import typed_body

bp = Blueprint("sheet_forms", __name__, url_prefix="/registrar/sheet-forms")


@bp.get("")
@requires(Permission.READ_SESSIONS)
def index() -> ResponseReturnValue:
    return render_template("registrar/sheet_forms.html", levels=pages.levels(db.session()))


@bp.post("/start")
@requires(Permission.PLAN_SESSIONS)
def start() -> ResponseReturnValue:
    """From what is in force, from the scheme's own sheet of this or another level, or from an earlier version."""
    session, actor = db.session(), principal().actor
    scheme, _slash, level = request.form.get("level", "")[:200].partition("/")
    how, _colon, what = request.form.get("source", "in_force")[:200].partition(":")
    if how == "scheme":
        one = forms.start_from_scheme(session, actor, scheme, level, clock.now(), source=what or None)
    else:
        base = int(what) if how == "version" and what.isascii() and what.isdigit() and len(what) < 18 else None
        one = forms.start_form(session, actor, scheme, level, clock.now(), base=base)
    session.commit()
    flash(
        _("Version %(number)s is begun. Change it, then submit it for another registrar.", number=one.number), "success"
    )
    return redirect(url_for(".show", form_id=one.id), 303)


@bp.get("/<id:form_id>")
@requires(Permission.READ_SESSIONS)
def show(form_id: int) -> ResponseReturnValue:
    one = forms.form(db.session(), form_id)
    if one.state == FormState.DRAFT and one.author_id == principal().user_id:
        return pages.builder(one, forms.body(one), look_at=request.args.get("at", ""))
    return pages.version(db.session(), one)


@bp.post("/<id:form_id>")
@requires(Permission.PLAN_SESSIONS)
def save(form_id: int) -> ResponseReturnValue:
    """Saves everything typed and does what the button that was pressed says."""
    session, who = db.session(), principal()
    one, typed = forms.form(session, form_id), typed_body(request.form)
    act, _colon, place = request.form.get("do", "save").partition(":")
    body, look_at = edited(typed, act, int(place) if place.isascii() and place.isdigit() else -1, forms.part_of(one))
    edition = request.form.get("edition", 0, type=int)
    reason = request.form.get("reason", "").replace("\x00", "").strip()
    try:
        forms.save_form(session, who.actor, form_id, edition, body, clock.now(), reason=reason)
        session.commit()
        if act == "submit":
            kept = forms.form(session, form_id)
            forms.submit_form(session, who.actor, form_id, kept.edition, reason, clock.now())
            session.commit()
    except Refusal as refusal:
        session.rollback()
        return _refused(form_id, body, refusal, reason)
    if act == "submit":
        flash(_("Submitted. Another registrar decides; until then the sheet in force stays."), "success")
        return redirect(url_for(".show", form_id=form_id), 303)
    if act == "save":
        flash(_("Saved. Nothing is in force before it is submitted and another registrar approves it."), "success")
    return redirect(url_for(".show", form_id=form_id, at=look_at or None, _anchor=look_at or None), 303)


def _refused(form_id: int, body: FormBody, refusal: Refusal, reason: str) -> ResponseReturnValue:
    """The page with everything typed still on it; who may not edit sees why at the page before."""
    one = forms.form(db.session(), form_id)
    if one.state != FormState.DRAFT or one.author_id != principal().user_id:
        raise refusal
    return pages.builder(one, body, refused=render(refusal), reason=reason), refusal.status


@bp.post("/<id:form_id>/approve")
@requires(Permission.PLAN_SESSIONS)
def approve(form_id: int) -> ResponseReturnValue:
    one = forms.approve_form(db.session(), principal().actor, form_id, request.form.get("remark", ""), clock.now())
    db.session.commit()
    said = _("Version %(number)s is in force: sheets made from now on are made from it.", number=one.number)
    flash(said, "success")
    return redirect(url_for(".show", form_id=form_id), 303)


@bp.post("/<id:form_id>/send-back")
@requires(Permission.PLAN_SESSIONS)
def send_back(form_id: int) -> ResponseReturnValue:
    forms.send_back(db.session(), principal().actor, form_id, request.form.get("remark", ""), clock.now())
    db.session.commit()
    flash(_("Sent back. Its author sees what you wrote and can submit it again."), "success")
    return redirect(url_for(".show", form_id=form_id), 303)


@bp.post("/<id:form_id>/abandon")
@requires(Permission.PLAN_SESSIONS)
def abandon(form_id: int) -> ResponseReturnValue:
    forms.abandon_form(db.session(), principal().actor, form_id, clock.now())
    db.session.commit()
    flash(_("The draft is given up. It stays in the history; nothing in force has changed."), "success")
    return redirect(url_for(".index"), 303)


@bp.get("/<id:form_id>/preview")
@requires(Permission.READ_SESSIONS)
def preview(form_id: int) -> ResponseReturnValue:
    """As an examiner sees it."""
    one = _fit(form_id)
    return render_template(
        "registrar/sheet_form_preview.html", form=one, areas=pages.cards(one), rubric=pages.rubric(one)
    )


@bp.get("/<id:form_id>/print")
@requires(Permission.READ_SESSIONS)
def printed(form_id: int) -> Response:
    one = _fit(form_id)
    return pages.pdf(pages.blank(one.scheme, one.level, pages.rubric(one), one), f"sheet-{one.level}-{one.number}")


@bp.get("/in-force/<scheme>/<level>/print")
@requires(Permission.READ_SESSIONS)
def blank(scheme: str, level: str) -> Response:
    """The sheet in force for a level, empty, for the day on which the power fails."""
    session = db.session()
    rubric, form = forms.rubric_in_force(session, scheme, level), forms.form_in_force(session, scheme, level)
    return pages.pdf(pages.blank(scheme, level, rubric, form), f"sheet-{level}")


@bp.get("/sheets/<id:sheet_id>/print")
@requires(Permission.READ_SESSIONS)
def filled(sheet_id: int) -> Response:
    """Somebody's signed sheet, once both examiners have signed: before, nobody but its examiner sees it."""
    session = db.session()
    sheet = session.get(RubricSheet, sheet_id)
    if sheet is None:
        raise NotFound
    if sheet.state != SheetState.SIGNED or not seat_standing(session, sheet.seat).both_signed:
        message = N_("Sheets are blind until both examiners have signed. Print it then.")
        raise Refusal("sheet_blind", message, status=409)
    form = forms.form(session, sheet.form_id) if sheet.form_id else None
    return pages.pdf(pages.filled(sheet, form, dict(value_of(sheet).awarded)), f"sheet-{sheet.id}")


def _fit(form_id: int) -> SheetForm:
    """A version without problems; a draft that does not fit has nothing to show yet."""
    one = forms.form(db.session(), form_id)
    forms.refuse_unfit(one)
    return one
