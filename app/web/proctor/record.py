"""The record of a room on the screen: what it says so far, remarks, the signatures, and its PDF."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.registration.rooms import rooms_of
from app.web import access
from app.web.errors import render
from app.web.limits import confirm_limit
from app.web.proctor.record_forms import RemarkForm, SignForm
from app.web.proctor.rooms import bp
from app.web.watching import reader, watcher
from certificates.papers.record import seal as record_seal
from certificates.signing.seals import issuers
from proctoring import record as records
from proctoring.place import Place, place_of
from proctoring.record import Sheet
from proctoring.record_lines import together, told


@bp.get("/<id:session_id>/record")
@access.requires(Permission.READ_RECORDS)
def record(session_id: int) -> ResponseReturnValue:
    return _page(_place(session_id))


@bp.post("/<id:session_id>/record/remarks")
@access.requires(Permission.INTERVENE)
def add_remark(session_id: int) -> ResponseReturnValue:
    place, form = _place(session_id), RemarkForm(prefix="remark")
    if not form.validate_on_submit():
        return _page(place, remark=form), 422
    records.remark(db.session(), watcher().actor, place, form.text.data, clock.now())
    db.session.commit()
    flash(_("The remark stands in the record."), "success")
    return _back(session_id, place)


@bp.post("/<id:session_id>/record/sign")
@access.requires(Permission.INTERVENE)
@confirm_limit
def sign_record(session_id: int) -> ResponseReturnValue:
    place, form = _place(session_id), SignForm(prefix="sign")
    if not form.validate_on_submit():
        return _page(place, sign=form), 422
    try:
        shown = signed(place, form.password.data, form.sha256.data)
    except Refusal as refusal:
        db.session.rollback()
        return _page(_place(session_id), sign=form, refused=render(refusal)), refusal.status
    if shown.missing:
        flash(_("You have signed. Still to sign: %(names)s.", names="、".join(shown.missing)), "success")
    else:
        flash(_("You have signed, and so has everybody. The record is complete."), "success")
    return _back(session_id, place)


@bp.get("/<id:session_id>/record.pdf")
@access.requires(Permission.READ_RECORDS)
def record_pdf(session_id: int) -> Response:
    return pdf_of(_place(session_id), request.args.get("version", type=int))


def signed(place: Place, password: str, sha256: str) -> Sheet:
    """Signs and commits; then seals the document if that was the last signature."""
    session, now, number = db.session(), clock.now(), place.number
    fixed, shown = records.sign(session, watcher().actor, place, password, sha256, now)
    session.commit()
    if record_seal.seal(session, fixed, shown, issuers(current_app.extensions["settings"]), now):
        session.commit()
    return records.sheet(session, place_of(session, watcher(), fixed.session_id, number), now)


def pdf_of(place: Place, version: int | None) -> Response:
    """A signed version, the last if none is named; a draft while there is none."""
    session, now = db.session(), clock.now()
    shown = records.sheet(session, place, now)
    if version is None and not shown.versions:
        body, number = record_seal.draft(shown, now), 0
    else:
        fixed = records.version_of(session, place, version)
        current = fixed.id == shown.versions[0].id and shown.state in (records.SIGNING, records.SIGNED)
        if current and record_seal.seal(session, fixed, shown, issuers(current_app.extensions["settings"]), now):
            session.commit()  # all had signed, and whoever signed last never came to seal it
        body, number = record_seal.document(fixed, shown.missing if current else ()), fixed.version
    answer = Response(body, mimetype="application/pdf")
    room, state = f"-{place.number}" if place.number else "", f"v{number}" if number else "draft"
    name = f"room-record-{place.exam.id}{room}-{state}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _place(session_id: int) -> Place:
    return place_of(db.session(), reader(), session_id, request.args.get("room", type=int))


def _back(session_id: int, place: Place) -> ResponseReturnValue:
    return redirect(url_for("proctor.record", session_id=session_id, room=place.number or None), 303)


def _page(place: Place, remark: RemarkForm | None = None, sign: SignForm | None = None, refused: str = "") -> str:
    session, person = db.session(), reader()
    shown = records.sheet(session, place, clock.now())
    blank = SignForm(prefix="sign", formdata=None)
    form = sign or blank
    form.sha256.data = shown.sha256
    return render_template(
        "proctor/record.html", place=place, exam=place.exam, sheet=shown, content=shown.content, refused=refused,
        acts=together(shown.content["interventions"]), seats_told=told,
        remark=remark or RemarkForm(prefix="remark", formdata=None), sign=form, registrar=person.registrar,
        may_sign=shown.state != records.RUNNING and shown.present(person.actor.user_id)
        and not shown.signed_by(person.actor.user_id),
        rooms=rooms_of(session, place.exam.id),
    )  # fmt: skip
