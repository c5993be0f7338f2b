"""Log-in, log-out, language, and the first page of each person."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from app.accounts import users
from app.core import clock
from app.core.audit import Actor
from app.core.db import db
from app.core.errors import Refusal
from app.models.account import LoginKind, Role
from app.web import access
from app.web.account.forms import JoinForm, LoginForm
from app.web.errors import render
from app.web.language import LANGUAGES
from app.web.limits import join_limit, login_limit

bp = Blueprint("account", __name__)

FIRST_PAGES = {
    Role.REGISTRAR: "registrar.home",
    Role.PROCTOR: "proctor.home",
    Role.EXAMINER: "examiner.home",
    Role.CANDIDATE: "candidate.home",
    Role.AUDITOR: "registrar.home",
    Role.AUTHOR: "author.home",
    Role.REVIEWER: "author.home",
    Role.ADMINISTRATOR: "admin.home",
    Role.VERIFIER: "verifier.home",
}


@bp.get("/")
def start() -> ResponseReturnValue:
    person = access.principal_or_none()
    if person is None:
        return render_template("public/start.html")
    if person.attempt_id is not None:
        return redirect(url_for("exam.show", attempt_id=person.attempt_id))
    for role, endpoint in FIRST_PAGES.items():
        if role in person.roles:
            return redirect(url_for(endpoint))
    return render_template("public/start.html")


@bp.route("/login", methods=["GET", "POST"])
@login_limit
def login() -> ResponseReturnValue:
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("account/login.html", form=form), 422 if form.is_submitted() else 200
    try:
        begun = users.log_in(
            db.session(),
            form.username.data,
            form.password.data,
            access.visit(LoginKind.BROWSER),
        )
    except Refusal as refusal:
        return render_template("account/login.html", form=form, refused=render(refusal)), refusal.status
    db.session.commit()
    access.begin_browser_login(begun)
    return redirect(_own_page(request.args.get("next")) or url_for("account.start"), 303)


@bp.route("/join", methods=["GET", "POST"])
@join_limit
def join() -> ResponseReturnValue:
    """A candidate opens an account of their own; every other role is given by an administrator."""
    form = JoinForm()
    if not form.validate_on_submit():
        return render_template("account/join.html", form=form), 422 if form.is_submitted() else 200
    try:
        user = users.create_user(
            db.session(),
            Actor(None, form.username.data, "screen"),
            username=form.username.data,
            password=form.password.data,
            name=form.name.data,
            roles=[Role.CANDIDATE],
        )
        begun = users.begin_login(db.session(), user, access.visit(LoginKind.BROWSER))
    except Refusal as refusal:
        return render_template("account/join.html", form=form, refused=render(refusal)), refusal.status
    db.session.commit()
    access.begin_browser_login(begun)
    flash(_("Your account is open. Next: fill in your application."), "success")
    return redirect(url_for("account.start"), 303)


@bp.post("/logout")
@access.requires(None)
def logout() -> ResponseReturnValue:
    users.log_out(db.session(), access.principal().login_id, clock.now())
    db.session.commit()
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language
    return redirect(url_for("account.start"), 303)


@bp.post("/language")
def choose_language() -> ResponseReturnValue:
    if (wanted := request.form.get("language")) in LANGUAGES:
        session["language"] = wanted
    return redirect(_own_page(request.form.get("next")) or url_for("account.start"), 303)


def _own_page(address: str | None) -> str | None:
    """Only a path of this site: an address of elsewhere would make the log-in a lure."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or urlsplit(address).netloc:
        return None
    return address
