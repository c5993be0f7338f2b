"""Rating beside the examiners: one's own sheets only, whoever one is, and nobody else's marks on them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models import practical as tables
from app.models.practical import SheetState
from app.practical.marking import raters, sheets
from app.practical.marking.standing import value_of
from app.web.access import principal, requires
from app.web.errors import render
from app.web.examiner.cards import cards_by_area
from app.web.presentation import figure

bp = Blueprint("rate", __name__, url_prefix="/rate")


@bp.get("/")
@requires(None)
def home() -> ResponseReturnValue:
    _refuse_on_the_day()
    return render_template("rate/home.html", sheets=raters.own_ratings(db.session(), principal().user_id))


@bp.get("/<id:sheet_id>")
@requires(None)
def sheet(sheet_id: int) -> ResponseReturnValue:
    return _page(_own(sheet_id))


@bp.post("/<id:sheet_id>")
@requires(None)
def save(sheet_id: int) -> ResponseReturnValue:
    """Keeps what is typed; with the button that says so also signs."""
    own, who = _own(sheet_id), principal()
    typed = {key.removeprefix("points-"): text.strip() for key, text in request.form.items() if key[:7] == "points-"}
    notes = {key.removeprefix("note-"): text for key, text in request.form.items() if key[:5] == "note-"}
    pressed, _equals, points = request.form.get("set", "").partition("=")
    if points:
        typed[pressed] = points
    marks = {key: text or None for key, text in typed.items()}
    try:
        sheets.save_marks(db.session(), who.actor, sheet_id, who.user_id, marks, notes=notes, now=clock.now())
        if "sign" in request.form:
            sheets.sign(db.session(), who.actor, sheet_id, who.user_id, clock.now())
    except Refusal as refusal:
        db.session.rollback()
        return _page(_own(sheet_id), typed, notes, refused=render(refusal)), refusal.status
    db.session.commit()
    if "sign" in request.form:
        flash(_("Signed and locked. Thank you; your sheet counts with the weight of its group."), "success")
        return redirect(url_for(".home"), 303)
    return redirect(url_for(".sheet", sheet_id=own.id, _anchor=f"c-{pressed}" if pressed else None), 303)


def _refuse_on_the_day() -> None:
    """A log-in by admission code is for one attempt and nothing else."""
    if principal().attempt_id is not None:
        raise NotFound


def _own(sheet_id: int) -> tables.RubricSheet:
    _refuse_on_the_day()
    return raters.own_rating(db.session(), sheet_id, principal().user_id)


def _page(
    own: tables.RubricSheet, typed: dict[str, str] | None = None, notes: dict[str, str] | None = None, refused: str = ""
) -> str:
    value = value_of(own)
    times = {one.id: str(figure(value.awarded[one.id])) for one in value.rubric.deductions if one.id in value.awarded}
    return render_template(
        "rate/sheet.html",
        sheet=own, value=value, areas=cards_by_area(own, typed, notes), times=times | (typed or {}), refused=refused,
        running=own.state == SheetState.OPEN and own.seat.session.state == "open", longest_note=sheets.LONGEST_NOTE,
        group=next((one for one in value.rubric.groups if one.id == own.rater_group), None),
    )  # fmt: skip
