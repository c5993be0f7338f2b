"""An examiner's day: the candidates in order, the marking page, review and signature."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

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
from app.models.registration import Tie
from app.practical.marking import evidence, heads, sheets
from app.practical.marking.holding import awaited_third, too_late
from app.practical.marking.standing import value_of
from app.practical.marking.versions import versions_of
from app.practical.panels.stations import in_turn_order
from app.practical.tasks.proposed import proposed_for
from app.web.access import principal, requires
from app.web.errors import render
from app.web.examiner.cards import cards_by_area, stage
from app.web.examiner.showing import shown_times, stands_json
from app.web.presentation import figure

bp = Blueprint("examiner", __name__, url_prefix="/examiner")


@bp.get("/")
@requires(Permission.MARK_PRACTICAL)
def home() -> ResponseReturnValue:
    session = db.session()
    own = in_turn_order(session, sheets.own_sheets(session, principal().user_id))
    turns = {sheet.id: turn for sheet, turn in own if turn}
    rows = [(sheet, stage(sheet, both_signed=sheets.disclosed(session, sheet) is not None)) for sheet, _turn in own]
    sittings = [(sitting, list(group)) for sitting, group in groupby(rows, lambda row: row[0].seat.session)]
    order = {"open": 0, "prepared": 1, "planned": 1}
    sittings.sort(key=lambda entry: order.get(entry[0].state, 2))
    open_work = open_allocation.work_of(session, principal().user_id)
    headed = heads.headed_by(session, principal().user_id)
    return render_template(
        "examiner/home.html", sittings=sittings, open_work=open_work, headed=headed, turns=turns, ties=list(Tie)
    )


@bp.get("/sheets/<id:sheet_id>")
@requires(Permission.MARK_PRACTICAL)
def sheet(sheet_id: int) -> ResponseReturnValue:
    own = _own(sheet_id)
    if own.state == SheetState.SIGNED:
        return signed_page(own)
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
    return render_template(
        "examiner/review.html",
        sheet=own,
        value=value_of(own),
        areas=cards_by_area(own),
        seen=sheets.seen_digest(own),
        stands=stands_json(own, clock.now()),
    )


@bp.post("/sheets/<id:sheet_id>/begin")
@requires(Permission.MARK_PRACTICAL)
def begin(sheet_id: int) -> ResponseReturnValue:
    """Of the practical, or of one of its tasks."""
    who, slot = principal(), request.form.get("slot", "")
    sheets.start_practical(db.session(), who.actor, sheet_id, who.user_id, clock.now(), slot=slot)
    db.session.commit()
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)


@bp.post("/sheets/<id:sheet_id>/begin/undo")
@requires(Permission.MARK_PRACTICAL)
def undo_begin(sheet_id: int) -> ResponseReturnValue:
    who, slot, reason = principal(), request.form.get("slot", ""), request.form.get("reason", "")
    sheets.undo_begin(db.session(), who.actor, sheet_id, who.user_id, clock.now(), slot=slot, reason=reason)
    db.session.commit()
    flash(_("Taken back. Begin again when the candidate starts."), "success")
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)


@bp.post("/sheets/<id:sheet_id>/end")
@requires(Permission.MARK_PRACTICAL)
def end(sheet_id: int) -> ResponseReturnValue:
    who, slot = principal(), request.form.get("slot", "")
    sheets.end_practical(db.session(), who.actor, sheet_id, who.user_id, clock.now(), slot=slot)
    db.session.commit()
    if not slot:
        flash(_("The practical has ended. Finish your marks, then review and sign."), "success")
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)


@bp.post("/sheets/<id:sheet_id>/sign")
@requires(Permission.MARK_PRACTICAL)
def sign(sheet_id: int) -> ResponseReturnValue:
    who = principal()
    seen = request.form.get("seen") or None
    sheets.sign(db.session(), who.actor, sheet_id, who.user_id, clock.now(), seen=seen)
    db.session.commit()
    return redirect(url_for(".sheet", sheet_id=sheet_id, now="signed"), 303)


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
    session, value, now = db.session(), value_of(own), clock.now()
    said = {mark.criterion: mark.note for mark in own.marks} | (notes or {})
    points = {key: str(figure(given)) for key, given in value.awarded.items()} | (typed or {})
    return render_template(
        "examiner/marking.html",
        sheet=own,
        value=value,
        areas=cards_by_area(own, typed, notes),
        typed_times=lambda key: points.get(key, ""),
        note_of=lambda key: said.get(key, ""),
        refused=refused,
        times=shown_times(session, own, now),
        working=not too_late(session, own) and awaited_third(session, own),
        proposals=proposed_for(session, own),
        evidence=evidence.by_criterion(session, [own.id]),
        stands=stands_json(own, now),
        longest_note=sheets.LONGEST_NOTE,
    )


def signed_page(
    own: tables.RubricSheet, typed: Mapping[str, Any] | None = None, *, refused: str = "", status: int = 200
) -> ResponseReturnValue:
    """A signed sheet with its versions; beside the others once the first two are signed."""
    session = db.session()
    page = render_template(
        "examiner/signed.html",
        sheet=own,
        value=value_of(own),
        standing=sheets.disclosed(session, own),
        versions=versions_of(session, own.id),
        evidence=evidence.by_criterion(session, [own.id]),
        fresh=request.args.get("now") == "signed",
        typed=typed or {},
        refused=refused,
    )
    return page, status
