"""Time lost to a fault: what each candidate lost by what is on record, and giving it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext, to_user_timezone, to_utc
from werkzeug.datastructures import MultiDict

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models.registration import ExamSession
from app.web import access
from app.web.errors import render
from app.web.proctor.acting_forms import WindowForm
from app.web.proctor.reasons import quick, remembered
from app.web.proctor.rooms import bp
from app.web.watching import watcher
from proctoring import compensation, duty, snapshot
from proctoring.compensation import Given, Proposal
from proctoring.evidence import EVERY_SEAT
from proctoring.lost_time import Span
from proctoring.presence import presence
from proctoring.views import View, chosen, views

USUAL = timedelta(minutes=30)
"""Looked back so far when nothing was silent together."""


@bp.get("/<id:session_id>/lost-time")
@access.requires(Permission.WATCH_SESSION)
def lost_time(session_id: int) -> ResponseReturnValue:
    return _page(session_id)


@bp.post("/<id:session_id>/lost-time")
@access.requires(Permission.INTERVENE)
def give_time(session_id: int) -> ResponseReturnValue:
    session, now = db.session(), clock.now()
    exam = duty.watched_session(session, watcher(), session_id)
    try:
        window = _window(WindowForm())
        if window is None:
            raise Refusal("window_wrong", N_("Give the time from when until when it was lost."))
        actor = access.principal().actor
        given = compensation.compensate(
            session, actor, session_id, window, _wanted(), request.form.get("reason", ""), presence(), now
        )
    except Refusal as refusal:
        session.rollback()
        return _page(session_id, render(refusal)), refusal.status
    session.commit()
    snapshot.forget(session_id)
    _say(given)
    here = _here(exam)
    return redirect(url_for("proctor.room", session_id=session_id, view=here.first if here else None), 303)


def _page(session_id: int, refused: str = "") -> str:
    session, person, now = db.session(), watcher(), clock.now()
    exam = duty.watched_session(session, person, session_id)
    here = _here(exam)
    seats = (here.first, here.last) if here else EVERY_SEAT
    common = compensation.suggested(session, session_id, presence(), now, seats)
    form = WindowForm(request.form if request.method == "POST" else request.args)
    window = _window(form)
    if window is None:
        window = common[0][0] if common else Span(now - USUAL, now)
        form = _shown(window)
    elif window.start < now < window.end:  # what is still to come is no loss, and the same press again gives nothing
        window = Span(window.start, now)
        form = _shown(window)
    found: Sequence[Proposal] = ()
    try:
        found = compensation.proposals(session, session_id, window, presence(), now, seats)
    except Refusal as refusal:
        refused = refused or render(refusal)
    return render_template(
        "proctor/lost_time.html", exam=exam, here=here, form=form, window=window, proposals=found, refused=refused,
        common=[(one, count, _local(one.start), _local(one.end)) for one, count in common[:5]],
        on_duty=not person.registrar and duty.assignment_of(session, person.actor, session_id).present,
        reason=request.form.get("reason", remembered()), quick=quick(), registrar=person.registrar,
    )  # fmt: skip


def _here(exam: ExamSession) -> View | None:
    """The room that was asked for; the whole session where none was."""
    first = request.values.get("view", type=int)
    return None if first is None else chosen(views(db.session(), exam), first)


def _shown(window: Span) -> WindowForm:
    return WindowForm(formdata=None, start=_local(window.start), end=_local(window.end))


def _window(form: WindowForm) -> Span | None:
    if not form.validate():
        return None
    start, end = (to_utc(one).replace(tzinfo=UTC) for one in (form.start.data, form.end.data))
    return Span(start, end + timedelta(microseconds=999_999))


def _wanted() -> dict[int, int]:
    """The seconds of each that is ticked; what is no number of ours is left out, and so given to nobody."""
    typed: MultiDict[str, str] = request.form
    chosen = [one for one in typed.getlist("give") if one.isascii() and one.isdecimal() and len(one) < 19]
    found = {int(one): typed.get(f"seconds-{one}", "") for one in chosen}
    if any(not (said.isascii() and said.isdecimal() and len(said) < 7) for said in found.values()):
        raise Refusal("seconds_wrong", N_("Give the seconds of each candidate as a whole number above 0."))
    return {one: int(said) for one, said in found.items()}


def _local(moment: datetime) -> datetime:
    local: datetime = to_user_timezone(moment)
    return local.replace(tzinfo=None, microsecond=0)


def _say(given: Sequence[Given]) -> None:
    done = [one for one in given if one.refusal is None]
    if done:
        flash(
            ngettext(
                "%(num)s candidate has the lost time back, in force at once.",
                "%(num)s candidates have their lost time back, in force at once.",
                len(done),
            ),
            "success",
        )
    for one in given:
        if one.refusal is not None:
            flash(_("Not done at seat %(seat)s, %(name)s: %(why)s", seat=one.proposal.seat, name=one.proposal.name,
                    why=render(one.refusal)), "warn")  # fmt: skip
