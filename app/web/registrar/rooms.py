"""Rooms, who watches which, and the admission tickets of a session."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.models.registration import Room, Seat
from app.registration import admission, admission_code, planning, rooms, tickets
from app.web.access import principal, requires
from app.web.registrar.views import bp
from app.web.ticket_files import pdf_of

GATES = ("keep", "new", "none")


@bp.post("/sessions/<id:session_id>/rooms")
@requires(Permission.PLAN_SESSIONS)
def divide_rooms(session_id: int) -> ResponseReturnValue:
    size = request.form.get("size", type=int)
    if size is None:
        raise Refusal("room_size", N_("A room has 1 to 1000 seats. Give a size between them, or 0 for no rooms."))
    gated = "gated" in request.form
    made = rooms.divide(db.session(), principal().actor, session_id, size=size, gated=gated)
    db.session.commit()
    said = ngettext("The session has %(num)s room. Next: say who watches it.",
                    "The session has %(num)s rooms. Next: say who watches which.", len(made))  # fmt: skip
    flash(said if made else _("The session has no rooms any more: everybody starts when it opens."), "success")
    return _back(session_id)


@bp.post("/sessions/<id:session_id>/rooms/<id:room_id>")
@requires(Permission.PLAN_SESSIONS)
def change_room(session_id: int, room_id: int) -> ResponseReturnValue:
    room = _room(session_id, room_id)
    gate = request.form.get("gate", "keep")
    name = request.form.get("name", room.name)
    gate = gate if gate in GATES else "keep"
    room = rooms.change_room(db.session(), principal().actor, room_id, name=name, gate=gate)
    db.session.commit()
    said = {
        "new": _("Room %(name)s has a new gate code. Its proctors see it.", name=room.name),
        "none": _("Room %(name)s asks for no gate code any more.", name=room.name),
    }
    flash(said.get(gate, _("The room is called %(name)s now.", name=room.name)), "success")
    return _back(session_id)


@bp.post("/sessions/<id:session_id>/staff/room")
@requires(Permission.PLAN_SESSIONS)
def assign_room(session_id: int) -> ResponseReturnValue:
    person, chosen = request.form.get("user", 0, type=int), request.form.get("room", type=int) or None
    assignment = rooms.assign_room(db.session(), principal().actor, session_id, person, chosen)
    db.session.commit()
    room = db.session.get(Room, chosen) if chosen else None
    name = assignment.user.name
    said = _("%(name)s watches room %(room)s.", name=name, room=room.name) if room else _(
        "%(name)s watches the session as a whole.", name=name
    )  # fmt: skip
    flash(said, "success")
    return _back(session_id)


@bp.get("/sessions/<id:session_id>/tickets.pdf")
@requires(Permission.PLAN_SESSIONS)
def session_tickets(session_id: int) -> Response:
    row = planning.exam_session(db.session(), session_id)
    tickets.refuse_without(row, clock.now())
    number = request.args.get("room", type=int)
    room = _room(session_id, number) if number else None
    found = tickets.of_session(db.session(), _key(), row, room)
    if not found:
        raise Refusal("session_empty", N_("The session has no candidates. Add candidates, then print."), status=409)
    return pdf_of(row, found, f"admission-tickets-{session_id}{f'-{room.id}' if room else ''}.pdf")


@bp.post("/sessions/<id:session_id>/code")
@requires(Permission.PLAN_SESSIONS)
def renew_code(session_id: int) -> ResponseReturnValue:
    """The new code is shown once, to be written on the ticket or printed anew."""
    place, reason = request.form.get("seat", type=int), request.form.get("reason", "")
    seat_id = db.session.scalar(select(Seat.id).where(Seat.session_id == session_id, Seat.number == place))
    if seat_id is None:
        raise Refusal("seat_unknown", N_("This session has no such seat. Look up its number in the list."))
    seat = admission.renew(db.session(), principal().actor, session_id, seat_id, reason)
    db.session.commit()
    number, code = admission_code.number_of(seat.id), admission_code.code_of(_key(), seat.id, seat.code_issue)
    said = _("Seat %(seat)s, admission number %(number)s: the new code is %(code)s. The old one is dead.",
             seat=seat.number, number=number, code=code)  # fmt: skip
    flash(said, "success")
    return _back(session_id)


def _room(session_id: int, room_id: int) -> Room:
    room = db.session.get(Room, room_id)
    if room is None or room.session_id != session_id:
        raise NotFound()
    return room


def _key() -> bytes:
    return admission.key_of(current_app.config["SECRET_KEY"])


def _back(session_id: int) -> ResponseReturnValue:
    return redirect(url_for("registrar.session", session_id=session_id, _anchor="rooms"), 303)
