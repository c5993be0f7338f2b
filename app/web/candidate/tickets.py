"""The candidate's own admission ticket, to be printed at home."""

from __future__ import annotations

from flask import Response, current_app

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.models.registration import Seat
from app.registration import admission, tickets
from app.web.access import principal, requires
from app.web.candidate.home import bp
from app.web.ticket_files import pdf_of


@bp.get("/places/<id:seat_id>/ticket.pdf")
@requires(Permission.READ_OWN)
def ticket(seat_id: int) -> Response:
    key = admission.key_of(current_app.config["SECRET_KEY"])
    own = tickets.of_seat(db.session(), key, seat_id, principal().user_id)
    row = db.session.get_one(Seat, seat_id).session
    tickets.refuse_without(row, clock.now())
    return pdf_of(row, [own], "admission-ticket.pdf")
