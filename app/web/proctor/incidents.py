"""Incidents of a room: all of them, a new one with its evidence, a second signature, and how one was settled."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models.monitoring import Incident
from app.web import access
from app.web.errors import render
from app.web.files import stored_file
from app.web.incident_addresses import Addresses
from app.web.proctor.incident_forms import EvidenceForm, IncidentForm, ResolveForm
from app.web.proctor.rooms import bp
from app.web.watching import watcher
from proctoring import attachments, attendance_list, duty, incidents, snapshot
from proctoring.place import Place, place_of


@bp.get("/<id:session_id>/incidents")
@access.requires(Permission.WATCH_SESSION)
def incident_list(session_id: int) -> ResponseReturnValue:
    seat = request.args.get("seat", 0, type=int)
    return _page(_place(session_id), IncidentForm(formdata=None, seat=seat, category=request.args.get("kind", "other")))


@bp.post("/<id:session_id>/incidents")
@access.requires(Permission.WATCH_SESSION)
def record_incident(session_id: int) -> ResponseReturnValue:
    session, person, now = db.session(), watcher(), clock.now()
    place = _place(session_id)
    form = IncidentForm()
    form.offer(_seats(place))
    if not form.validate_on_submit():
        return _page(place, form), 422
    try:
        made = incidents.record(session, person, session_id, form.report(place, now), now)
        for file in form.uploads():
            attachments.attach(session, person.actor, made, file.filename, file.read(), now)
    except Refusal as refusal:
        session.rollback()
        return _page(_place(session_id), form, render(refusal)), refusal.status
    session.commit()
    flash(_("The incident is recorded. Resolve it when it is settled."), "success")
    return _back(session_id, place)


@bp.post("/incidents/<id:incident_id>/resolve")
@access.requires(Permission.WATCH_SESSION)
def resolve_incident(incident_id: int) -> ResponseReturnValue:
    session, person = db.session(), watcher()
    place = _place_of(incident_id)
    form = ResolveForm(prefix=f"i{incident_id}")
    if not form.validate_on_submit():
        return _page(place, _blank(), resolving={incident_id: form}), 422
    try:
        incidents.resolve(session, person, incident_id, form.resolution.data, clock.now())
    except Refusal as refusal:
        session.rollback()
        return _page(_place_of(incident_id), _blank(), render(refusal), {incident_id: form}), refusal.status
    session.commit()
    flash(_("The incident is resolved."), "success")
    return _back(place.exam.id, place)


@bp.post("/incidents/<id:incident_id>/countersign")
@access.requires(Permission.INTERVENE)
def countersign_incident(incident_id: int) -> ResponseReturnValue:
    place = _place_of(incident_id)
    incidents.countersign(db.session(), watcher().actor, incident_id, clock.now())
    db.session.commit()
    flash(_("You have countersigned the incident."), "success")
    return _back(place.exam.id, place)


@bp.post("/incidents/<id:incident_id>/evidence")
@access.requires(Permission.WATCH_SESSION)
def add_evidence(incident_id: int) -> ResponseReturnValue:
    session, person = db.session(), watcher()
    place, form = _place_of(incident_id), EvidenceForm()
    incidents.require_say(session, person, place.exam.id)
    if not form.validate_on_submit() or not form.uploads():
        flash(_("Choose a file."), "error")
        return _back(place.exam.id, place)
    for file in form.uploads():
        incident = session.get_one(Incident, incident_id)
        attachments.attach(session, person.actor, incident, file.filename, file.read(), clock.now())
    session.commit()
    flash(_("The evidence is kept with the incident."), "success")
    return _back(place.exam.id, place)


@bp.get("/incidents/<id:incident_id>/evidence/<id:evidence_id>")
@access.requires(Permission.WATCH_SESSION)
def evidence(incident_id: int, evidence_id: int) -> Response:
    _place_of(incident_id)
    return stored_file(attachments.file(db.session(), db.session.get_one(Incident, incident_id), evidence_id))


def _place(session_id: int) -> Place:
    return place_of(db.session(), watcher(), session_id, request.args.get("room", type=int))


def _place_of(incident_id: int) -> Place:
    """Where the incident belongs, if it is any of the watcher's business."""
    found = db.session.get(Incident, incident_id)
    if found is None:
        raise NotFound()
    return _place(found.session_id)


def _seats(place: Place) -> list[tuple[int, str]]:
    return [(line.seat, line.name) for line in attendance_list.lines(db.session(), place)]


def _back(session_id: int, place: Place) -> ResponseReturnValue:
    snapshot.forget(session_id)
    return redirect(url_for("proctor.incident_list", session_id=session_id, room=place.number or None), 303)


def _page(place: Place, form: IncidentForm, refused: str = "", resolving: dict[int, ResolveForm] | None = None) -> str:
    session, person, exam = db.session(), watcher(), place.exam
    form.offer(_seats(place))
    entries = incidents.of_place(session, place)
    forms = {one.incident.id: ResolveForm(prefix=f"i{one.incident.id}", formdata=None) for one in entries if one.open}
    may_act = person.registrar or duty.assignment_of(session, person.actor, exam.id).present
    return render_template(
        "proctor/incidents.html", exam=exam, place=place, form=form, entries=entries, refused=refused,
        may_act=may_act, resolve_forms=forms | (resolving or {}), registrar=person.registrar,
        me=person.actor.user_id, at=Addresses("proctor", exam.id, place.number or None),
    )  # fmt: skip


def _blank() -> IncidentForm:
    return IncidentForm(formdata=None, category="other")
