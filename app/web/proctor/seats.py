"""One candidate of the room: particulars, and what a proctor can do about the attempt."""

from __future__ import annotations

from io import BytesIO

from flask import flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models.exam import Attempt
from app.models.registration import Seat
from app.web import access
from app.web.errors import render
from app.web.proctor.acting_forms import MessageForm
from app.web.proctor.forms import MOST_MINUTES, ExtendForm, ReasonForm, VoidForm
from app.web.proctor.reasons import quick, remember, remembered, told
from app.web.proctor.rooms import bp
from app.web.watching import intervene, intervene_on, watcher
from proctoring import board, compensation, duty, history, incidents, notices
from proctoring.interventions import Wish
from proctoring.presence import presence
from proctoring.targets import Targets
from proctoring.views import View

FORMS: dict[str, type[ReasonForm]] = {
    "let_in": ReasonForm, "pause": ReasonForm, "resume": ReasonForm, "extend": ExtendForm, "hand_over": ReasonForm,
    "message": MessageForm, "end": VoidForm, "void": VoidForm,
}  # fmt: skip
AT_SEAT = ("let_in", "message")
"""Meant for the person rather than for the attempt."""


@bp.get("/<id:session_id>/seats/<id:number>")
@access.requires(Permission.WATCH_SESSION)
def seat(session_id: int, number: int) -> ResponseReturnValue:
    return _panel(session_id, number)


@bp.get("/<id:session_id>/seats/<id:number>/photo")
@access.requires(Permission.WATCH_SESSION)
def photo(session_id: int, number: int) -> ResponseReturnValue:
    """To compare with the face at the seat."""
    duty.watched_session(db.session(), watcher(), session_id)
    picture = _seat(db.session(), session_id, number).application.candidate.photo
    if picture is None:
        raise NotFound()
    return send_file(BytesIO(picture), "image/jpeg")


@bp.post(
    "/<id:session_id>/seats/<id:number>/<any(let_in, pause, resume, extend, hand_over, message, end, void):action>"
)
@access.requires(Permission.INTERVENE)
def act(session_id: int, number: int, action: str) -> ResponseReturnValue:
    duty.watched_session(db.session(), watcher(), session_id)
    form = FORMS[action](prefix=action)
    attempt = db.session.get(Attempt, form.attempt_id)
    if attempt is None or attempt.seat_id != _seat(db.session(), session_id, number).id:
        raise NotFound()
    if not form.validate_on_submit():
        return _panel(session_id, number, action, form), 422
    seconds = form.minutes.data * 60 if isinstance(form, ExtendForm) else 0
    try:
        if action in AT_SEAT:
            wish = Wish(action, form.reason.data, text=form.reason.data)
            intervene_on(session_id, Targets(seats=(number,)), wish)
        else:
            intervene(action, attempt.id, form.reason.data, seconds)
    except Refusal as refusal:
        db.session.rollback()
        return _panel(session_id, number, action, form, render(refusal)), refusal.status
    remember(action, form.reason.data)
    flash(told(action, seconds // 60), "success")
    return redirect(url_for("proctor.seat", session_id=session_id, number=number), 303)


def _panel(session_id: int, number: int, tried: str = "", form: ReasonForm | None = None, refused: str = "") -> str:
    session, person, now = db.session(), watcher(), clock.now()
    exam = duty.watched_session(session, person, session_id)
    place = _seat(session, session_id, number)
    live = board.picture(session, exam, presence(), now, View(number, number)).candidates[0]
    session.commit()
    reason = remembered()
    forms = {
        name: kind(prefix=name, formdata=None, attempt=live.attempt, reason="" if name == "message" else reason)
        for name, kind in FORMS.items()
    }
    return render_template(
        "proctor/seat.html", exam=exam, seat=place, place=live, now=now, tried=tried, refused=refused,
        forms={**forms, tried: form} if form else forms, candidate=place.application.candidate,
        on_duty=not person.registrar and duty.assignment_of(session, person.actor, session_id).present,
        registrar=person.registrar, entries=incidents.of_session(session, session_id, place.id),
        lines=history.of_attempt(session, live.attempt), most_minutes=MOST_MINUTES, quick=quick(),
        told=notices.of_session(session, session_id, number, number), given=compensation.decided(session, live.attempt),
    )  # fmt: skip


def _seat(session: Session, session_id: int, number: int) -> Seat:
    try:
        return incidents.seat_numbered(session, session_id, number)
    except Refusal as refusal:
        raise NotFound() from refusal
