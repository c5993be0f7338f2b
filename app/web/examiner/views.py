"""An examiner's day: the candidates in order, the marking page, review and signature."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.delivery import open_allocation
from app.models import practical as tables
from app.models.practical import SheetState
from app.practical import sheets
from app.practical.standing import value_of
from app.web.access import principal, requires
from app.web.errors import render
from app.web.examiner.cards import cards_by_area, stage

bp = Blueprint("examiner", __name__, url_prefix="/examiner")


@bp.get("/")
@requires(Permission.MARK_PRACTICAL)
def home() -> ResponseReturnValue:
    session = db.session()
    own = sheets.own_sheets(session, principal().user_id)
    rows = [(sheet, stage(sheet, both_signed=sheets.disclosed(session, sheet) is not None)) for sheet in own]
    sittings = [(sitting, list(group)) for sitting, group in groupby(rows, lambda row: row[0].seat.session)]
    order = {"open": 0, "prepared": 1, "planned": 1}
    sittings.sort(key=lambda entry: order.get(entry[0].state, 2))
    open_work = open_allocation.work_of(session, principal().user_id)
    return render_template("examiner/home.html", sittings=sittings, open_work=open_work)


@bp.get("/sheets/<id:sheet_id>")
@requires(Permission.MARK_PRACTICAL)
def sheet(sheet_id: int) -> ResponseReturnValue:
    own = _own(sheet_id)
    if own.state == SheetState.SIGNED:
        return render_template(
            "examiner/signed.html", sheet=own, value=value_of(own), standing=sheets.disclosed(db.session(), own)
        )
    return _marking_page(own)


@bp.post("/sheets/<id:sheet_id>")
@requires(Permission.MARK_PRACTICAL)
def save(sheet_id: int) -> ResponseReturnValue:
    """Saving without script: everything typed, and the button that was pressed."""
    own, who = _own(sheet_id), principal()
    typed = {key.removeprefix("points-"): text.strip() for key, text in request.form.items() if key[:7] == "points-"}
    notes = {key.removeprefix("note-"): text for key, text in request.form.items() if key[:5] == "note-"}
    pressed, _equals, points = request.form.get("set", "").partition("=")
    if points:
        typed[pressed] = points
    marks = {key: text or None for key, text in typed.items()}
    try:
        sheets.save_marks(db.session(), who.actor, sheet_id, who.user_id, marks, notes=notes, now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        return _marking_page(_own(sheet_id), typed, notes, refused=render(refusal)), refusal.status
    db.session.commit()
    if request.form.get("next") == "review":
        return redirect(url_for(".review", sheet_id=own.id), 303)
    return redirect(url_for(".sheet", sheet_id=own.id, _anchor=f"c-{pressed}" if pressed else None), 303)


@bp.get("/sheets/<id:sheet_id>/review")
@requires(Permission.MARK_PRACTICAL)
def review(sheet_id: int) -> ResponseReturnValue:
    own = _own(sheet_id)
    if own.state == SheetState.SIGNED:
        return redirect(url_for(".sheet", sheet_id=sheet_id), 303)
    return render_template("examiner/review.html", sheet=own, value=value_of(own), areas=cards_by_area(own))


@bp.post("/sheets/<id:sheet_id>/begin")
@requires(Permission.MARK_PRACTICAL)
def begin(sheet_id: int) -> ResponseReturnValue:
    who = principal()
    sheets.start_practical(db.session(), who.actor, sheet_id, who.user_id, clock.now())
    db.session.commit()
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)


@bp.post("/sheets/<id:sheet_id>/end")
@requires(Permission.MARK_PRACTICAL)
def end(sheet_id: int) -> ResponseReturnValue:
    who = principal()
    sheets.end_practical(db.session(), who.actor, sheet_id, who.user_id, clock.now())
    db.session.commit()
    flash(_("The practical has ended. Finish your marks, then review and sign."), "success")
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)


@bp.post("/sheets/<id:sheet_id>/sign")
@requires(Permission.MARK_PRACTICAL)
def sign(sheet_id: int) -> ResponseReturnValue:
    who = principal()
    signed = sheets.sign(db.session(), who.actor, sheet_id, who.user_id, clock.now())
    db.session.commit()
    if sheets.disclosed(db.session(), signed):
        flash(_("Signed. Both sheets are signed, so you now see both and what they come to."), "success")
    else:
        flash(_("Signed and locked. The other sheet shows here once it is signed too."), "success")
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)


@bp.get("/sheets/<id:sheet_id>/photo")
@requires(Permission.MARK_PRACTICAL)
def photo(sheet_id: int) -> ResponseReturnValue:
    picture = _own(sheet_id).seat.application.candidate.photo
    if picture is None:
        raise NotFound
    return Response(picture, content_type="image/jpeg")


def _own(sheet_id: int) -> tables.RubricSheet:
    return sheets.own_sheet(db.session(), sheet_id, principal().user_id)


def _marking_page(
    own: tables.RubricSheet,
    typed: dict[str, str] | None = None,
    notes: dict[str, str] | None = None,
    refused: str = "",
) -> str:
    return render_template(
        "examiner/marking.html",
        sheet=own,
        value=value_of(own),
        areas=cards_by_area(own, typed, notes),
        refused=refused,
        now=clock.now(),
        longest_note=sheets.LONGEST_NOTE,
    )
