"""The signals of a session and of one candidate, the pictures, and what a proctor decides about them."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.models.exam import Attempt
from app.models.integrity import LockdownWaiver
from app.models.registration import Seat
from app.web import access
from app.web.paging import asked_page, pages_of
from app.web.proctor.rooms import bp
from app.web.watching import watcher
from proctoring import admittance, captures, duty, signal_log, snapshot
from proctoring.lockdown import Mode
from proctoring.signals import MEANINGS, Kind
from proctoring.terms import terms_of

PAGE = 100
SHEET_SECONDS = 600
"""How long the look at a sheet stands for the looks at its pictures."""


@bp.get("/<id:session_id>/signals")
@access.requires(Permission.WATCH_SESSION)
def signals(session_id: int) -> ResponseReturnValue:
    session, person = db.session(), watcher()
    exam = duty.watched_session(session, person, session_id)
    rows, page = signal_log.standings(session, session_id), asked_page()
    return render_template(
        "proctor/signals.html", exam=exam, rows=rows[(page - 1) * PAGE : page * PAGE], meanings=MEANINGS,
        registrar=person.registrar, terms=terms_of(session, session_id), page=page, pages=pages_of(len(rows), PAGE),
    )  # fmt: skip


@bp.get("/<id:session_id>/seats/<id:number>/signals")
@access.requires(Permission.WATCH_SESSION)
def seat_signals(session_id: int, number: int) -> ResponseReturnValue:
    session, person = db.session(), watcher()
    exam = duty.watched_session(session, person, session_id)
    seat = _seat(session, session_id, number)
    attempt = _newest(session, seat)
    events = signal_log.time_line(session, attempt.id) if attempt else []
    terms = terms_of(session, session_id)
    waiver = session.get(LockdownWaiver, attempt.id) if attempt else None
    return render_template(
        "proctor/seat_signals.html", exam=exam, seat=seat, attempt=attempt, events=events, meanings=MEANINGS,
        tallies=signal_log.tallied(events), terms=terms, registrar=person.registrar, waiver=waiver,
        recorded=[kind for kind in Kind if kind in terms.kinds], locked=terms.lockdown == Mode.REQUIRED,
        consent=captures.consent_of(session, attempt.id if attempt else None),
        on_duty=not person.registrar and duty.assignment_of(session, person.actor, session_id).present,
    )  # fmt: skip


@bp.get("/<id:session_id>/seats/<id:number>/pictures")
@access.requires(Permission.WATCH_SESSION)
def pictures(session_id: int, number: int) -> ResponseReturnValue:
    """The contact sheet of an attempt; looking at it is logged."""
    session, person, page = db.session(), watcher(), asked_page()
    exam = duty.watched_session(session, person, session_id)
    seat = _seat(session, session_id, number)
    attempt = _newest(session, seat)
    if attempt is None:
        raise NotFound()
    shown, total = captures.sheet(session, person.actor, attempt.id, page)
    session.commit()
    look = _signer().dumps([str(access.principal().login_id), [one.id for one in shown]])
    return render_template(
        "proctor/pictures.html", exam=exam, seat=seat, shown=shown, total=total, page=page, look=look,
        pages=pages_of(total, captures.PAGE), terms=terms_of(session, session_id), registrar=person.registrar,
    )  # fmt: skip


@bp.get("/pictures/<id:capture_id>")
@access.requires(Permission.WATCH_SESSION)
def picture(capture_id: int) -> Response:
    logged = _on_sheet(request.args.get("look", ""), capture_id)
    content = captures.content(db.session(), watcher(), capture_id, logged=logged)
    db.session.commit()
    return Response(content, mimetype="image/jpeg", headers={"Content-Security-Policy": "sandbox; default-src 'none'"})


@bp.post("/<id:session_id>/seats/<id:number>/<any(waive, sit_without):decision>")
@access.requires(Permission.INTERVENE)
def decide_entry(session_id: int, number: int, decision: str) -> ResponseReturnValue:
    """A candidate may begin without the lockdown browser, or without pictures."""
    session, actor = db.session(), access.principal().actor
    duty.watched_session(session, watcher(), session_id)
    attempt = _newest(session, _seat(session, session_id, number))
    if attempt is None:
        raise NotFound()
    reason = request.form.get("reason", "")
    if decision == "waive":
        admittance.waive(session, actor, attempt.id, reason, clock.now())
        said = _("The candidate may begin without Safe Exam Browser.")
    else:
        captures.let_sit(session, actor, attempt.id, reason, clock.now())
        said = _("The candidate sits without pictures and may begin.")
    session.commit()
    snapshot.forget(session_id)
    flash(said, "success")
    return redirect(url_for("proctor.seat_signals", session_id=session_id, number=number), 303)


def _seat(session: Session, session_id: int, number: int) -> Seat:
    seat = session.scalar(select(Seat).where(Seat.session_id == session_id, Seat.number == number))
    if seat is None:
        raise NotFound()
    return seat


def _newest(session: Session, seat: Seat) -> Attempt | None:
    return session.scalar(select(Attempt).where(Attempt.seat_id == seat.id).order_by(Attempt.id.desc()).limit(1))


def _on_sheet(look: str, capture_id: int) -> bool:
    """Whether the asker was shown the sheet with this picture a moment ago."""
    try:
        login_id, ids = _signer().loads(look, max_age=SHEET_SECONDS)
    except BadSignature:
        return False
    return login_id == str(access.principal().login_id) and capture_id in ids


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="contact-sheet")
