"""Papers of the day: what to print when, as PDF or workbook."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from app.accounts.permissions import Permission
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models.account import User
from app.models.practical import RubricSheet, SheetState
from app.models.registration import Seat
from app.practical.panels.day_roster import has_stations
from app.practical.sittings import practical_session
from app.practical.typed import typing_in
from app.web.access import requires
from app.web.errors import render
from app.web.paper_files import excel_of, pdf_of
from app.web.paper_words import AFTER, BEFORE, DAY, PAPERS
from certificates.papers.practical.papers import Kind
from certificates.papers.practical.sheets import AT_ONCE

bp = Blueprint("papers", __name__, url_prefix="/registrar/sessions/<id:session_id>/papers")


@bp.get("")
@requires(Permission.READ_SESSIONS)
def show(session_id: int) -> ResponseReturnValue:
    sitting, session = practical_session(db.session(), session_id), db.session()
    seats = session.scalar(select(func.count()).select_from(Seat).where(Seat.session_id == session_id)) or 0
    return render_template(
        "registrar/papers.html",
        sitting=sitting,
        stages=[(when, [one for one in PAPERS if one.when == when]) for when in (BEFORE, DAY, AFTER)],
        seats=seats,
        stations=has_stations(session, session_id),
        waiting=_waiting(session_id),
        at_once=AT_ONCE,
        typed=typing_in.of_session(session, session_id),
    )


@bp.get("/<kind>.pdf")
@requires(Permission.READ_SESSIONS)
def pdf(session_id: int, kind: str) -> Response:
    return pdf_of(session_id, kind_of(kind), request.args.get("examiner", type=int))


@bp.get("/<kind>.xlsx")
@requires(Permission.READ_SESSIONS)
def excel(session_id: int, kind: str) -> Response:
    return excel_of(session_id, kind_of(kind), request.args.get("examiner", type=int))


@bp.get("/find")
@requires(Permission.PLAN_SESSIONS)
def find_sheet(session_id: int) -> ResponseReturnValue:
    """Where the code printed on a sheet leads, and what is typed by hand."""
    practical_session(db.session(), session_id)
    try:
        sheet = typing_in.find(db.session(), session_id, request.args.get("code", "")[:60])
    except Refusal as refusal:
        flash(render(refusal), "error")
        return redirect(url_for("papers.show", session_id=session_id, _anchor="from-paper"), 303)
    return redirect(url_for("papers.typed", session_id=session_id, sheet_id=sheet.id), 303)


def kind_of(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise NotFound() from None


def _waiting(session_id: int) -> list[tuple[User, int]]:
    """Examiners with sheets that nobody has signed, and how many."""
    query = (
        select(User, func.count())
        .join(RubricSheet, RubricSheet.examiner_id == User.id)
        .join(Seat, Seat.id == RubricSheet.seat_id)
        .where(Seat.session_id == session_id, RubricSheet.state != SheetState.SIGNED)
        .group_by(User.id)
        .order_by(User.name)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
