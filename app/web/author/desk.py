"""The reviewers' desk: what waits, the oldest first, and one draft with everything a verdict needs."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core.db import db
from app.web.access import principal, requires
from app.web.author import showing, words
from app.web.author.item import about
from app.web.author.views import bp
from app.web.paging import asked_page
from question_bank.workshop import reading
from question_bank.workshop.finding import find
from question_bank.workshop.reading import State
from question_bank.workshop.subject import editors_of
from question_bank.workshop.wanted import Wanted

PAGE = 50


@bp.get("/review")
@requires(Permission.READ_BANK)
def desk() -> ResponseReturnValue:
    """Nobody judges their own work, so it stands apart."""
    session, person = db.session(), principal()
    page = find(session, Wanted(revision="in_review", sort="changed"), asked_page(), PAGE)
    editors = editors_of(session, [one.id for one in page.rows])
    own = {one.id for one in page.rows if person.user_id in editors.get(one.id, ())}
    approved = find(session, Wanted(revision="approved", sort="changed"), 1, PAGE)
    return render_template(
        "author/desk.html",
        page=page,
        waiting=[one for one in page.rows if one.id not in own],
        own=[one for one in page.rows if one.id in own],
        approved=approved,
    )


@bp.get("/items/<code>/review")
@requires(Permission.READ_BANK)
def review(code: str) -> ResponseReturnValue:
    session = db.session()
    file = reading.item_file(session, reading.item_id_of(session, code))
    if file.open is None:
        flash(_("Nobody is working on this item now, so there is nothing to review."), "warn")
        return redirect(url_for(".item", code=code), 303)
    item, faults = reading.draft_item(session, file.item.id)
    after = State(revision=file.open.number)
    return render_template(
        "author/review.html",
        **about(file),
        item=item,
        shown=showing.shown(item),
        group=showing.group(item),
        material=showing.material(item.stimulus) if item.stimulus else None,
        faults=words.faults_told(faults, item),
        findings=words.findings(item) if not faults else [],
        changes=reading.changes(session, file.item.id, State(version=file.newest.number), after) if file.newest else [],
    )
