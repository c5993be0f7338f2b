"""Accounts of staff and candidates: found, made, given roles, closed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import administration, passwords, users
from app.accounts.administration import PAGE
from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.models.account import User
from app.web.access import principal, requires
from app.web.admin.forms import AccountForm, FindForm, RolesForm
from app.web.errors import render
from app.web.paging import asked_page, filters_of, pages_of

bp = Blueprint("admin", __name__, url_prefix="/accounts")


@bp.get("/")
@requires(Permission.MANAGE_USERS)
def home() -> ResponseReturnValue:
    form = FindForm(request.args)
    page = asked_page()
    role, text = form.role.data or "", (form.text.data or "")[:100]
    rows, total = administration.accounts(db.session(), role=role, text=text, page=page)
    return render_template(
        "admin/home.html",
        form=form,
        rows=rows,
        total=total,
        page=page,
        pages=pages_of(total, PAGE),
        filters=filters_of(form),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def new() -> ResponseReturnValue:
    form, refused = AccountForm(), ""
    if form.validate_on_submit():
        password = passwords.generated()
        try:
            made = users.create_user(
                db.session(), principal().actor, username=form.username.data, password=password, name=form.name.data,
                roles=form.chosen(), organization=form.organization.data or "",
            )  # fmt: skip
        except Refusal as refusal:
            db.session.rollback()
            refused = render(refusal)
        else:
            db.session.commit()
            return render_template("admin/password.html", user=made, password=password)
    page = render_template("admin/new.html", form=form, refused=refused)
    return page, 422 if request.method == "POST" else 200


@bp.route("/<id:user_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def account(user_id: int) -> ResponseReturnValue:
    user, refused = administration.account(db.session(), user_id), ""
    form = RolesForm(roles=sorted(user.roles), organization=user.organization)
    if form.validate_on_submit():
        try:
            administration.set_roles(
                db.session(), principal().actor, user_id, form.chosen(), form.organization.data or ""
            )
        except Refusal as refusal:
            db.session.rollback()
            refused = render(refusal)
        else:
            db.session.commit()
            flash(_("The roles are kept and count from the next click on."), "success")
            return redirect(url_for("admin.account", user_id=user_id), 303)
    return _page(user, form, refused), 422 if request.method == "POST" else 200


@bp.post("/<id:user_id>/<any(close, reopen):change>")
@requires(Permission.MANAGE_USERS)
def change(user_id: int, change: str) -> ResponseReturnValue:
    administration.set_active(db.session(), principal().actor, user_id, change == "reopen", clock.now())
    db.session.commit()
    if change == "close":
        flash(_("The account is closed; nobody can log in with it any more."), "success")
    else:
        flash(_("The account is open again."), "success")
    return redirect(url_for("admin.account", user_id=user_id), 303)


@bp.post("/<id:user_id>/password")
@requires(Permission.MANAGE_USERS)
def renew_password(user_id: int) -> ResponseReturnValue:
    password = administration.renew_password(db.session(), principal().actor, user_id, clock.now())
    db.session.commit()
    return render_template("admin/password.html", user=administration.account(db.session(), user_id), password=password)


def _page(user: User, form: RolesForm, refused: str) -> str:
    return render_template("admin/account.html", user=user, form=form, refused=refused)
