"""One act on many items: the page that says what will happen to each, then exactly that."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.web.access import check, principal, requires
from app.web.api.items_bulk import NEEDS, words
from app.web.author.forms import FilterForm
from app.web.author.views import bp
from app.web.errors import render
from question_bank.workshop import bulk
from question_bank.workshop.bulk import Act
from question_bank.workshop.finding import find_ids

WITH_REASON = frozenset({Act.RETIRE, Act.REINSTATE, Act.COMPROMISE})


@bp.post("/many")
@requires(Permission.WORK_ON_ITEMS)
def preview_many() -> ResponseReturnValue:
    """The items that were ticked, or all that fit the filters in the address."""
    return _page(_act(), _chosen(), request.form.get("reason", "").strip())


@bp.post("/many/run")
@requires(Permission.WORK_ON_ITEMS)
def run_many() -> ResponseReturnValue:
    act, ids, reason = _act(), _ids(), request.form.get("reason", "").strip()
    session = db.session()
    try:
        token = request.form.get("token", "")
        done = bulk.run(session, principal().actor, act, ids, token, clock.now(), reason)
    except Refusal as refusal:
        session.rollback()
        return _page(act, ids, reason, refused=render(refusal)), refusal.status
    session.commit()
    count = len(done.happening)
    flash(ngettext("Done for %(num)s item.", "Done for %(num)s items.", count), "success")
    if act == Act.COMPROMISE:
        return redirect(url_for(".exposure"), 303)
    return redirect(url_for(".home"), 303)


def _page(act: Act, ids: list[int], reason: str, refused: str = "") -> str:
    found = bulk.preview(db.session(), principal().actor, act, ids, reason)
    lines = [(one, words(one)) for one in found.lines]
    return render_template(
        "author/many.html", act=act, ids=ids, reason=reason, found=found, refused=refused,
        lines=sorted(lines, key=lambda one: one[0].happens), needs_reason=act in WITH_REASON,
    )  # fmt: skip


def _act() -> Act:
    try:
        act = Act(request.form.get("act", ""))
    except ValueError:
        raise Refusal("act_unknown", N_("Choose what to do with the items first.")) from None
    check(NEEDS[act])
    return act


def _chosen() -> list[int]:
    if request.form.get("all") != "1":
        return _ids()
    form = FilterForm(request.args)
    if not form.validate():
        raise Refusal("filter_wrong", N_("The filters of the list are not right. Mend them first."))
    return find_ids(db.session(), form.wanted(principal().user_id), bulk.MOST + 1)


def _ids() -> list[int]:
    given = [one for one in request.form.getlist("item") if one.isascii() and one.isdecimal() and len(one) < 10]
    return sorted({int(one) for one in given})
