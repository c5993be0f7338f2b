"""The question bank, to read: all items with filters, and one with its history."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.accounts.permissions import Permission
from app.core.db import db
from app.schemes.scheme import scheme
from app.web.access import requires
from app.web.author.forms import FilterForm
from app.web.paging import asked_page
from question_bank.item_types import TrueFalse
from question_bank.search import Wanted, item_history, search

bp = Blueprint("author", __name__, url_prefix="/bank")
PAGE = 50


@bp.get("")
@requires(Permission.READ_BANK)
def home() -> ResponseReturnValue:
    form = FilterForm(request.args)
    form.offer()
    right = form.validate()
    wanted = form.wanted() if right else Wanted()
    page = search(db.session(), wanted, asked_page(), PAGE)
    narrowed = {name: value for name, value in asdict(wanted).items() if value}
    answer = render_template("author/bank.html", form=form, page=page, narrowed=narrowed)
    return answer, 200 if right else 422


@bp.get("/<code>")
@requires(Permission.READ_BANK)
def item(code: str) -> ResponseReturnValue:
    history = item_history(db.session(), code)
    newest = history.newest
    level = scheme(history.item.scheme).level(history.item.level)
    options = sorted(newest.options.items()) or [(one, gettext(text)) for one, text in TrueFalse.OPTIONS.items()]
    return render_template(
        "author/item.html",
        history=history,
        newest=newest,
        level=level,
        row=level.theory.row(newest.row),
        options=options,
    )
