"""Typing in a sheet from paper: two people, each blind to the other, then the differences, then the signature."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.models.papers import TypedSheet
from app.practical.marking.rubric import Rubric
from app.practical.sittings import practical_session
from app.practical.typed import finish as typed_finish
from app.practical.typed import typing_in
from app.practical.typed.code import code_of
from app.practical.typed.compare import SIGNED, Line, keys_of
from app.practical.typed.typing_in import Case
from app.registration.facts import BODY_ZONE
from app.web.access import principal, requires
from app.web.errors import render
from app.web.files import sandboxed
from app.web.presentation import figure
from app.web.registrar.papers import bp

MINUTE = "%Y-%m-%dT%H:%M"
WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")
"""As a Chinese keyboard writes figures."""


@bp.get("/typed/<id:sheet_id>")
@requires(Permission.PLAN_SESSIONS)
def typed(session_id: int, sheet_id: int) -> ResponseReturnValue:
    return _page(_case(session_id, sheet_id))


@bp.post("/typed/<id:sheet_id>")
@requires(Permission.PLAN_SESSIONS)
def type_in(session_id: int, sheet_id: int) -> ResponseReturnValue:
    before, session, who = _case(session_id, sheet_id), db.session(), principal()
    keys = keys_of(Rubric.kept(before.sheet.rubric))
    own = before.by(who.user_id)
    marks = {key: value for key in keys if (value := _given(f"points-{key}", own, key, "points"))}
    notes = {key: _given(f"note-{key}", own, key, "note") for key in keys}
    try:
        case = typing_in.type_in(
            session, who.actor, sheet_id, who.user_id, marks, notes=notes, signed_at=_time(own), now=clock.now()
        )
        session.commit()
    except Refusal as refusal:
        session.rollback()
        case = _case(session_id, sheet_id)
        at = str(refusal.details.get("criterion", ""))
        return _page(case, refused=render(refusal), wrong=at, form=request.form), refusal.status
    if case.equal:
        flash(_("Both have typed the same. Attach the scan and put the marks on the sheet."), "success")
    elif case.complete:
        flash(_("The two are not the same. Look at the paper again where they differ."), "warn")
    else:
        flash(_("Kept. Now somebody else types the same sheet without seeing yours."), "success")
    return _back(session_id, sheet_id)


@bp.get("/typed/<id:sheet_id>/scan")
@requires(Permission.PLAN_SESSIONS)
def scan(session_id: int, sheet_id: int) -> Response:
    """The paper, so that whoever looks at it again need not fetch it."""
    piece = typed_finish.scan_of(db.session(), _case(session_id, sheet_id))
    return sandboxed(piece.content, piece.media_type, f"sheet-{code_of(sheet_id)}")


@bp.post("/typed/<id:sheet_id>/scan")
@requires(Permission.PLAN_SESSIONS)
def attach_scan(session_id: int, sheet_id: int) -> ResponseReturnValue:
    _case(session_id, sheet_id)
    file, who = request.files.get("scan"), principal()
    if file is None or not file.filename:
        raise Refusal("file_missing", N_("Choose a picture or PDF of the paper."))
    typed_finish.attach_scan(db.session(), who.actor, sheet_id, who.user_id, file.read(), clock.now())
    db.session.commit()
    flash(_("The scan is kept beside the sheet."), "success")
    return _back(session_id, sheet_id)


@bp.post("/typed/<id:sheet_id>/finish")
@requires(Permission.PLAN_SESSIONS)
def finish_typing(session_id: int, sheet_id: int) -> ResponseReturnValue:
    _case(session_id, sheet_id)
    who = principal()
    typed_finish.finish(db.session(), who.actor, sheet_id, who.user_id, clock.now())
    db.session.commit()
    flash(_("The marks stand on the sheet, signed on paper on behalf of its examiner."), "success")
    return redirect(url_for("papers.show", session_id=session_id), 303)


@bp.post("/typed/<id:sheet_id>/discard")
@requires(Permission.PLAN_SESSIONS)
def discard_typing(session_id: int, sheet_id: int) -> ResponseReturnValue:
    _case(session_id, sheet_id)
    who, reason = principal(), request.form.get("reason", "")
    typing_in.discard(db.session(), who.actor, sheet_id, who.user_id, reason)
    db.session.commit()
    flash(_("What was typed is taken back. Two people type the sheet anew."), "success")
    return _back(session_id, sheet_id)


def _given(field: str, own: TypedSheet | None, key: str, part: str) -> str:
    """What the form says; lines that it does not show are kept as they were typed."""
    if field in request.form:
        typed = request.form[field].strip()
        return typed.translate(WIDE) if part == "points" else typed
    return str(own.marks.get(key, {}).get(part) or "") if own else ""


def _time(own: TypedSheet | None) -> datetime:
    if "signed_at" not in request.form and own is not None:
        return own.signed_at
    try:
        return datetime.strptime(request.form.get("signed_at", ""), MINUTE).replace(tzinfo=BODY_ZONE)
    except ValueError:
        message = N_("Type day and time as they stand beside the examiner's signature.")
        raise Refusal("typed_time_missing", message, details={"criterion": SIGNED}) from None


def _case(session_id: int, sheet_id: int) -> Case:
    practical_session(db.session(), session_id)
    case = typing_in.case_of(db.session(), sheet_id)
    if case.sheet.seat.session_id != session_id:
        raise NotFound()
    typing_in.refuse_examiner(db.session(), session_id, principal().user_id)
    return case


def _back(session_id: int, sheet_id: int) -> ResponseReturnValue:
    return redirect(url_for("papers.typed", session_id=session_id, sheet_id=sheet_id), 303)


def _page(case: Case, *, refused: str = "", wrong: str = "", form: Mapping[str, str] | None = None) -> str:
    """Of the other's typing nothing, until both have typed."""
    own, rubric = case.by(principal().user_id), Rubric.kept(case.sheet.rubric)
    shown = {key: typing_in.typing_of(own).line(key) for key in keys_of(rubric)} if own else {}
    return render_template(
        "registrar/paper_typed.html",
        case=case, sheet=case.sheet, sitting=case.sheet.seat.session, rubric=rubric, own=own, wrong=wrong,
        code=code_of(case.sheet.id), refused=refused,
        both=[(one, typing_in.typing_of(one)) for one in case.typed] if case.complete else [],
        points=lambda key: (form or {}).get(f"points-{key}") or _shown(shown, key),
        note=lambda key: (form or {}).get(f"note-{key}") or (shown[key].note if key in shown else ""),
        signed_at=(form or {}).get("signed_at") or (f"{own.signed_at.astimezone(BODY_ZONE):{MINUTE}}" if own else ""),
        lines=[*rubric.criteria, *rubric.deductions],
    )  # fmt: skip


def _shown(shown: Mapping[str, Line], key: str) -> str:
    line = shown.get(key)
    return "" if line is None or line.points is None else str(figure(line.points))
