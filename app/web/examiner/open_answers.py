"""Marking open answers: one script after another, each known by its number alone."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.delivery import open_allocation, open_sheets
from app.models.open_marking import OpenSheet
from app.models.practical import SheetState
from app.web.access import principal, requires
from app.web.errors import render
from app.web.examiner.views import bp
from question_bank.stimuli import media_type
from question_bank.workshop.subject import media_contents


@bp.post("/sessions/<id:session_id>/answers")
@requires(Permission.MARK_PRACTICAL)
def next_answer(session_id: int) -> ResponseReturnValue:
    who = principal()
    sheet = open_allocation.next_sheet(db.session(), who.actor, session_id, who.user_id)
    db.session.commit()
    if sheet is None:
        flash(_("There is no answer left for you to mark in this session."), "success")
        return redirect(url_for(".home"), 303)
    return redirect(url_for(".open_answer", sheet_id=sheet.id), 303)


@bp.get("/answers/<id:sheet_id>")
@requires(Permission.MARK_PRACTICAL)
def open_answer(sheet_id: int) -> ResponseReturnValue:
    return _page(open_sheets.own_sheet(db.session(), sheet_id, principal().user_id))


@bp.post("/answers/<id:sheet_id>")
@requires(Permission.MARK_PRACTICAL)
def save_answer(sheet_id: int) -> ResponseReturnValue:
    """Keeps what is typed; with the button that says so also signs, and hands out the next answer."""
    who, session = principal(), db.session()
    typed = {key.removeprefix("points-"): text.strip() for key, text in request.form.items() if key[:7] == "points-"}
    note = request.form.get("note", "")
    try:
        points = {number: text or None for number, text in typed.items()}
        sheet = open_sheets.save_points(session, who.actor, sheet_id, who.user_id, points, note)
        if "sign" in request.form:
            open_sheets.sign(session, who.actor, sheet_id, who.user_id, clock.now())
    except Refusal as refusal:
        session.rollback()
        own = open_sheets.own_sheet(session, sheet_id, who.user_id)
        return _page(own, typed, note, refused=render(refusal)), refusal.status
    session_id = sheet.answer.session_id
    db.session.commit()
    if "sign" in request.form:
        flash(_("Signed and locked. Here is the next answer."), "success")
        return redirect(url_for(".next_answer", session_id=session_id), 307)
    flash(_("Saved. Sign when every criterion has its points."), "success")
    return redirect(url_for(".open_answer", sheet_id=sheet_id), 303)


@bp.get("/answers/<id:sheet_id>/media/<digest>")
@requires(Permission.MARK_PRACTICAL)
def answer_media(sheet_id: int, digest: str) -> Response:
    """A picture or a recording of the item whose answer lies on this sheet."""
    item = open_sheets.own_sheet(db.session(), sheet_id, principal().user_id).answer.item
    known = {*item.media.values(), *(item.stimulus.media.values() if item.stimulus else ())}
    content = media_contents(db.session(), known & {digest}).get(digest)
    if content is None:
        raise NotFound
    response = Response(content, mimetype=media_type(content) or "application/octet-stream")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@bp.post("/answers/<id:sheet_id>/give-back")
@requires(Permission.MARK_PRACTICAL)
def give_back_answer(sheet_id: int) -> ResponseReturnValue:
    who = principal()
    open_sheets.give_back(db.session(), who.actor, sheet_id, who.user_id)
    db.session.commit()
    flash(_("The answer is back in the pile for another examiner."), "success")
    return redirect(url_for(".home"), 303)


def _page(sheet: OpenSheet, typed: dict[str, str] | None = None, note: str | None = None, refused: str = "") -> str:
    item = sheet.answer.item
    names = {**item.media, **(item.stimulus.media if item.stimulus else {})}
    return render_template(
        "examiner/open_answer.html",
        sheet=sheet,
        media={name: url_for(".answer_media", sheet_id=sheet.id, digest=digest) for name, digest in names.items()},
        lines=open_sheets.lines(sheet),
        step=open_sheets.rules(db.session(), sheet.answer).step,
        points=sheet.points if typed is None else typed,
        note=sheet.note if note is None else note,
        signed=sheet.state == SheetState.SIGNED,
        refused=refused,
        longest_note=open_sheets.LONGEST_NOTE,
    )
