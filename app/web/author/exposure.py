"""What is known outside: withdrawing an item at once, and the papers it stands on."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.web.access import principal, requires
from app.web.author.saving import id_of
from app.web.author.views import bp
from app.web.errors import render
from question_bank.workshop import compromise, reading


@bp.get("/exposure")
@requires(Permission.READ_EXPOSURE)
def exposure() -> ResponseReturnValue:
    return _page(request.args.get("item", "").strip())


@bp.post("/exposure")
@requires(Permission.WITHDRAW_ITEMS)
def withdraw() -> ResponseReturnValue:
    session, code = db.session(), request.form.get("code", "").strip()
    reason = request.form.get("reason", "")
    try:
        compromise.mark_compromised(session, principal().actor, id_of(session, code), reason, clock.now())
    except Refusal as refusal:
        session.rollback()
        return _page("", refused=render(refusal)), refusal.status
    session.commit()
    flash(_("%(item)s is withdrawn. No new paper holds it; below stand the papers that do.", item=code), "success")
    return redirect(url_for(".exposure", item=code), 303)


def _page(code: str, refused: str = "") -> str:
    session = db.session()
    papers, item = [], None
    if code:
        try:
            item = reading.item_of_id(session, id_of(session, code))
            papers = compromise.papers_with(session, [item.id])
        except Refusal as refusal:
            refused = render(refusal)
    redraw = compromise.papers_to_redraw(session)
    return render_template(
        "author/exposure.html", item=item, papers=papers, redraw=redraw, refused=refused, typed=request.form, asked=code
    )
