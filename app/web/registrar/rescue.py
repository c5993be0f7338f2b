"""Emergency files and late answers of a session: brought by proctors or registrars, decided by registrars."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.delivery import late, rescue
from app.delivery.rescue import Received
from app.models.exam import Attempt
from app.models.rescue import LateOutcome
from app.web import rescuing
from app.web.access import principal, requires
from app.web.errors import render
from app.web.watching import watcher
from proctoring import duty

bp = Blueprint("rescue", __name__, url_prefix="/sessions/<id:session_id>/late")


class DecisionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    decision = RadioField(validators=[InputRequired()])
    reason = TextAreaField(validators=[InputRequired(), Length(min=2, max=2000)])

    def __init__(self) -> None:
        super().__init__()
        self.decision.label.text = _("Decision")
        self.decision.choices = [("accept", _("Accept: they become answers and the paper is marked anew")),
                                 ("refuse", _("Refuse: they stay as evidence only"))]  # fmt: skip
        self.reason.label.text = _("Reason")


@bp.get("")
@requires(Permission.WATCH_SESSION)
def show(session_id: int) -> ResponseReturnValue:
    session = db.session()
    exam = duty.watched_session(session, watcher(), session_id)
    found = rescue.late_attempts(session, session_id)
    return render_template(
        "registrar/late.html", exam=exam, files=rescue.files(session, session_id), found=found,
        waiting=LateOutcome.WAITING, may_decide=principal().may(Permission.RELEASE_RESULTS),
    )  # fmt: skip


@bp.post("")
@requires(Permission.WATCH_SESSION)
def upload(session_id: int) -> ResponseReturnValue:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refusal("file_missing", N_("No file was chosen. Choose the file from the stick, then send it."))
    done = rescuing.receive(session_id, rescuing.parsed(sent.stream.read(rescuing.MOST_BYTES + 1)))
    flash(_said(done), "warn" if done.file.kept and not done.again else "success")
    return redirect(url_for("rescue.show", session_id=session_id), 303)


@bp.route("/<id:attempt_id>", methods=["GET", "POST"])
@requires(Permission.RELEASE_RESULTS)
def decide(session_id: int, attempt_id: int) -> ResponseReturnValue:
    session = db.session()
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.session_id != session_id:
        raise NotFound()
    form, refused = DecisionForm(), ""
    if form.validate_on_submit():
        try:
            accept = form.decision.data == "accept"
            count = late.decide(
                session, principal().actor, attempt_id, accept=accept, reason=form.reason.data, now=clock.now()
            )
        except Refusal as refusal:
            session.rollback()
            refused = render(refusal)
        else:
            session.commit()
            flash(_decided(accept, count), "success")
            return redirect(url_for("rescue.show", session_id=session_id), 303)
    page = render_template(
        "registrar/late_decide.html",
        attempt=attempt,
        form=form,
        refused=refused,
        changes=late.waiting(session, attempt_id),
    )
    return page, 422 if request.method == "POST" else 200


def _said(done: Received) -> Any:
    file = done.file
    seat = file.attempt.seat.number
    if done.again:
        return _("This file was here before, so nothing was changed. Seat %(seat)s.", seat=seat)
    if file.kept:
        return ngettext(
            "Seat %(seat)s: the exam had ended, so %(num)s change is kept as evidence. A registrar decides below.",
            "Seat %(seat)s: the exam had ended, so %(num)s changes are kept as evidence. A registrar decides below.",
            file.kept, seat=seat,
        )  # fmt: skip
    if file.applied:
        return ngettext(
            "Seat %(seat)s: %(num)s change is now in the exam, as if the network had brought it.",
            "Seat %(seat)s: %(num)s changes are now in the exam, as if the network had brought them.",
            file.applied, seat=seat,
        )  # fmt: skip
    return _("Seat %(seat)s: the server had everything in this file, or newer answers, already.", seat=seat)


def _decided(accept: bool, count: int) -> Any:
    if not accept:
        return ngettext("%(num)s late change was refused.", "%(num)s late changes were refused.", count)
    return ngettext(
        "%(num)s late change was accepted and the paper marked anew.",
        "%(num)s late changes were accepted and the paper marked anew.",
        count,
    )
