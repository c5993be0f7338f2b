"""What was out of the ordinary at a practical: recorded by examiners on duty or the registrar, with evidence."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models.monitoring import Incident
from app.models.registration import ExamSession, Part
from app.practical.marking import heads
from app.registration.queries import seat_names
from app.web.access import principal, requires
from app.web.errors import render
from app.web.files import stored_file
from app.web.incident_addresses import Addresses
from app.web.proctor.incident_forms import EvidenceForm, IncidentForm, ResolveForm
from app.web.watching import reader, watcher
from proctoring import attachments, duty, incidents
from proctoring.duty import Watcher
from proctoring.place import Place

bp = Blueprint("panel_incidents", __name__, url_prefix="/panel")


@bp.get("/<id:session_id>/incidents")
@requires(None)
def show(session_id: int) -> ResponseReturnValue:
    seat = request.args.get("seat", 0, type=int)
    return _page(_practical(session_id, reader()), IncidentForm(formdata=None, seat=seat, category="other"))


@bp.get("/<id:session_id>/incidents/seats/<int:number>")
@requires(None)
def seat(session_id: int, number: int) -> ResponseReturnValue:
    """The list with this seat chosen in the form."""
    return redirect(url_for(".show", session_id=_practical(session_id, reader()).id, seat=number), 303)


@bp.post("/<id:session_id>/incidents")
@requires(None)
def record_incident(session_id: int) -> ResponseReturnValue:
    session, now, exam = db.session(), clock.now(), _practical(session_id, watcher())
    form = IncidentForm()
    form.offer(seat_names(db.session(), exam.id), practical=True)
    if not form.validate_on_submit():
        return _page(exam, form), 422
    try:
        made = incidents.record(session, watcher(), session_id, form.report(Place(exam, None), now), now)
        for file in form.uploads():
            attachments.attach(session, principal().actor, made, file.filename, file.read(), now)
    except Refusal as refusal:
        session.rollback()
        return _page(_practical(session_id, watcher()), form, render(refusal)), refusal.status
    return _done(session_id, _("The incident is recorded. Resolve it when it is settled."))


@bp.post("/incidents/<id:incident_id>/resolve")
@requires(None)
def resolve_incident(incident_id: int) -> ResponseReturnValue:
    exam, form = _of_incident(incident_id, watcher()), ResolveForm(prefix=f"i{incident_id}")
    if not form.validate_on_submit():
        return _page(exam, IncidentForm(formdata=None, category="other"), resolving={incident_id: form}), 422
    incidents.resolve(db.session(), watcher(), incident_id, form.resolution.data, clock.now())
    return _done(exam.id, _("The incident is resolved."))


@bp.post("/incidents/<id:incident_id>/countersign")
@requires(None)
def countersign_incident(incident_id: int) -> ResponseReturnValue:
    exam = _of_incident(incident_id, watcher())
    incidents.countersign(db.session(), principal().actor, incident_id, clock.now())
    return _done(exam.id, _("You have countersigned the incident."))


@bp.post("/incidents/<id:incident_id>/evidence")
@requires(None)
def add_evidence(incident_id: int) -> ResponseReturnValue:
    exam, form, session = _of_incident(incident_id, watcher()), EvidenceForm(), db.session()
    incidents.require_say(session, watcher(), exam.id)
    if not form.validate_on_submit() or not form.uploads():
        flash(_("Choose a file."), "error")
        return redirect(url_for(".show", session_id=exam.id), 303)
    for file in form.uploads():
        incident = session.get_one(Incident, incident_id)
        attachments.attach(session, principal().actor, incident, file.filename, file.read(), clock.now())
    return _done(exam.id, _("The evidence is kept with the incident."))


@bp.get("/incidents/<id:incident_id>/evidence/<id:evidence_id>")
@requires(None)
def evidence(incident_id: int, evidence_id: int) -> Response:
    _of_incident(incident_id, reader())
    return stored_file(attachments.file(db.session(), db.session.get_one(Incident, incident_id), evidence_id))


def _practical(session_id: int, who: Watcher) -> ExamSession:
    """For registrars and the examiners on the roster; auditors read. To everybody else it does not exist."""
    exam = duty.reported_session(db.session(), who, session_id)
    if exam.part != Part.PRACTICAL:
        raise NotFound()
    return exam


def _of_incident(incident_id: int, who: Watcher) -> ExamSession:
    found = db.session.get(Incident, incident_id)
    if found is None:
        raise NotFound()
    return _practical(found.session_id, who)


def _done(session_id: int, said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(".show", session_id=session_id), 303)


def _page(
    exam: ExamSession, form: IncidentForm, refused: str = "", resolving: dict[int, ResolveForm] | None = None
) -> str:
    session, who = db.session(), principal()
    form.offer(seat_names(db.session(), exam.id), practical=True)
    entries = incidents.of_session(session, exam.id)
    forms = {one.incident.id: ResolveForm(prefix=f"i{one.incident.id}", formdata=None) for one in entries if one.open}
    registrar, reads = who.may(Permission.PLAN_SESSIONS), who.may(Permission.READ_SESSIONS)
    return render_template(
        "examiner/incidents.html", exam=exam, form=form, entries=entries, refused=refused, practical=True,
        may_act=registrar or (not reads and duty.assignment_of(session, who.actor, exam.id).present),
        resolve_forms=forms | (resolving or {}), registrar=registrar, me=who.user_id,
        at=Addresses("panel_incidents", exam.id),
        desk=reads or heads.head_of(session, exam.id) == who.user_id,
    )  # fmt: skip
