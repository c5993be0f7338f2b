"""Exam sites."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core.db import db
from app.core.errors import Refusal
from app.models.registration import Site
from app.registration import sites as use
from app.web.access import principal, requires
from app.web.errors import render
from app.web.registrar.forms import SiteForm
from app.web.registrar.views import bp


@bp.get("/sites")
@requires(Permission.READ_SESSIONS)
def sites() -> ResponseReturnValue:
    return render_template("registrar/sites.html", sites=use.all_sites(db.session()))


@bp.route("/sites/new", methods=["GET", "POST"])
@requires(Permission.PLAN_SESSIONS)
def new_site() -> ResponseReturnValue:
    return _edit(SiteForm(capacity=30), None)


@bp.route("/sites/<id:site_id>", methods=["GET", "POST"])
@requires(Permission.PLAN_SESSIONS)
def site(site_id: int) -> ResponseReturnValue:
    found = use.site(db.session(), site_id)
    return _edit(SiteForm(obj=found), found)


def _edit(form: SiteForm, found: Site | None) -> ResponseReturnValue:
    refused = ""
    if form.validate_on_submit():
        actor = principal().actor
        try:
            kept = (
                use.change_site(db.session(), actor, found.id, form.facts())
                if found
                else use.create_site(db.session(), actor, form.facts())
            )
        except Refusal as refusal:
            db.session.rollback()
            refused = render(refusal)
        else:
            db.session.commit()
            flash(_("The site “%(name)s” is kept. Sessions can be planned there.", name=kept.name), "success")
            return redirect(url_for("registrar.sites"), 303)
    page = render_template("registrar/site.html", form=form, site=found, refused=refused)
    return page, 422 if request.method == "POST" else 200
