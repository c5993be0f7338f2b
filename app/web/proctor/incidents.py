"""Incidents of a room: all of them, a new one, and how one was settled."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models.monitoring import Incident
from app.registration.queries import seat_names
from app.web import access
from app.web.errors import render
from app.web.proctor.forms import IncidentForm, ResolveForm
from app.web.proctor.rooms import bp
from app.web.watching import watcher
from proctoring import duty, incidents, snapshot
from proctoring.incidents import Report


@bp.get("/<id:session_id>/incidents")
@access.requires(Permission.WATCH_SESSION)
def incident_list(session_id: int) -> ResponseReturnValue:
    form = IncidentForm(formdata=None, seat=request.args.get("seat", 0, type=int), category="other")
    return _page(session_id, form)


@bp.post("/<id:session_id>/incidents")
@access.requires(Permission.WATCH_SESSION)
def record_incident(session_id: int) -> ResponseReturnValue:
    session, person = db.session(), watcher()
    duty.watched_session(session, person, session_id)
    form = IncidentForm()
    form.offer(seat_names(session, session_id))
    if not form.validate_on_submit():
        return _page(session_id, form), 422
    seat = form.seat.data or None
    report = Report(form.category.data, form.description.data, form.blocking.data, seat)
    try:
        incidents.record(session, person, session_id, report, clock.now())
    except Refusal as refusal:
        session.rollback()
        return _page(session_id, form, render(refusal)), refusal.status
    session.commit()
    snapshot.forget(session_id)
    flash(_("The incident is recorded. Resolve it when it is settled."), "success")
    return redirect(url_for("proctor.incident_list", session_id=session_id), 303)


@bp.post("/incidents/<id:incident_id>/resolve")
@access.requires(Permission.WATCH_SESSION)
def resolve_incident(incident_id: int) -> ResponseReturnValue:
    session, person = db.session(), watcher()
    found = session.get(Incident, incident_id)
    if found is None:
        raise NotFound()
    session_id = found.session_id
    duty.watched_session(session, person, session_id)
    form = ResolveForm(prefix=f"i{incident_id}")
    if not form.validate_on_submit():
        return _page(session_id, _blank(), resolving={incident_id: form}), 422
    try:
        incidents.resolve(session, person, incident_id, form.resolution.data, clock.now())
    except Refusal as refusal:
        session.rollback()
        return _page(session_id, _blank(), render(refusal), {incident_id: form}), refusal.status
    session.commit()
    snapshot.forget(session_id)
    flash(_("The incident is resolved."), "success")
    return redirect(url_for("proctor.incident_list", session_id=session_id), 303)


def _page(
    session_id: int, form: IncidentForm, refused: str = "", resolving: dict[int, ResolveForm] | None = None
) -> str:
    session, person = db.session(), watcher()
    exam = duty.watched_session(session, person, session_id)
    form.offer(seat_names(session, session_id))
    entries = incidents.of_session(session, session_id)
    forms = {one.incident.id: ResolveForm(prefix=f"i{one.incident.id}", formdata=None) for one in entries if one.open}
    may_act = person.registrar or duty.assignment_of(session, person.actor, session_id).present
    return render_template(
        "proctor/incidents.html", exam=exam, form=form, entries=entries, refused=refused, may_act=may_act,
        resolve_forms=forms | (resolving or {}), registrar=person.registrar,
    )  # fmt: skip


def _blank() -> IncidentForm:
    return IncidentForm(formdata=None, category="other")
