"""The desk at the door: one page for a room, one press for each person, the next one comes up by itself."""

from __future__ import annotations

from io import BytesIO

from flask import Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.file import FileField
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.core.texts import LONGEST_REASON
from app.models.attendance import Arrival, Attendance, Comparison, SeenDocument
from app.registration.rooms import rooms_of
from app.web import access
from app.web.errors import render
from app.web.proctor.forms import PageForm
from app.web.proctor.rooms import bp
from app.web.state_names import state_name
from app.web.watching import watcher
from proctoring import attendance as desk
from proctoring import attendance_list, desk_photos, duty, snapshot
from proctoring.attendance import Check
from proctoring.attendance_list import Line
from proctoring.place import Place, place_of
from proctoring.seats import seat_numbered


class CheckForm(PageForm):
    """`press` is the button: how the comparison came out, or that nobody came."""

    press = StringField(validators=[Optional()])
    document = SelectField(validators=[Optional()])
    arrival = SelectField(validators=[Optional()])
    note = StringField(validators=[Optional(), Length(max=LONGEST_REASON)])
    photo = FileField()

    def offer(self, line: Line | None) -> None:
        self.document.choices = [(one.value, state_name(f"document_{one}")) for one in SeenDocument]
        self.arrival.choices = [
            ("", _("by the clock")),
            *((str(one), state_name(f"arrival_{one}")) for one in (Arrival.PRESENT, Arrival.LATE)),
        ]
        if line is not None and not self.is_submitted():
            self.document.data = (line.attendance.document if line.attendance else "") or line.identity_type
            self.note.data = line.attendance.note if line.attendance else ""
            self.arrival.data = line.arrival if line.arrival != Arrival.ABSENT else ""

    def found(self) -> Check:
        note, document = self.note.data or "", self.document.data or ""
        if self.press.data == Arrival.ABSENT:
            return Check(note=note, arrival=Arrival.ABSENT)
        return Check(self.press.data or Comparison.MATCHES, document, note, self.arrival.data or "")


@bp.get("/<id:session_id>/attendance")
@access.requires(Permission.WATCH_SESSION)
def attendance(session_id: int) -> ResponseReturnValue:
    return _page(_place(session_id), CheckForm(formdata=None), request.args.get("seat", 0, type=int))


@bp.post("/<id:session_id>/attendance/<id:number>")
@access.requires(Permission.INTERVENE)
def check_person(session_id: int, number: int) -> ResponseReturnValue:
    session, place, form = db.session(), _place(session_id), CheckForm()
    form.offer(None)
    if not form.validate_on_submit():
        return _page(place, form, number, next(iter(form.errors.values()))[0]), 422
    photo = form.photo.data.read() if form.photo.data else None
    try:
        row = desk.check(session, watcher().actor, session_id, number, form.found(), clock.now(), photo or None)
    except Refusal as refusal:
        session.rollback()
        return _page(_place(session_id), form, number, render(refusal)), refusal.status
    session.commit()
    return _after(_place(session_id), number, row)


@bp.post("/<id:session_id>/attendance/absent")
@access.requires(Permission.INTERVENE)
def mark_absent(session_id: int) -> ResponseReturnValue:
    place = _place(session_id)
    chosen = [int(one) for one in request.form.getlist("number") if one.isascii() and one.isdigit() and len(one) < 10]
    count = desk.mark_absent(db.session(), watcher().actor, session_id, chosen, clock.now())
    db.session.commit()
    snapshot.forget(session_id)
    flash(
        ngettext("%(num)s candidate is marked as absent.", "%(num)s candidates are marked as absent.", count), "success"
    )
    if count < len(set(chosen)):
        flash(_("The others were marked or have begun meanwhile, so they stay as they are."), "warn")
    return redirect(url_for("proctor.attendance", session_id=session_id, room=place.number or None), 303)


@bp.get("/<id:session_id>/seats/<id:number>/desk-photo")
@access.requires(Permission.WATCH_SESSION)
def desk_photo(session_id: int, number: int) -> ResponseReturnValue:
    duty.watched_session(db.session(), watcher(), session_id)
    try:
        seat = seat_numbered(db.session(), session_id, number)
    except Refusal as refusal:
        raise NotFound() from refusal
    return send_file(BytesIO(desk_photos.latest(db.session(), seat.id)), "image/jpeg")


def _place(session_id: int) -> Place:
    return place_of(db.session(), watcher(), session_id, request.args.get("room", type=int))


def _after(place: Place, number: int, row: Attendance) -> ResponseReturnValue:
    """On to the next person; whoever did not match stays on the screen, for something has to be done."""
    snapshot.forget(place.exam.id)
    what = state_name(f"arrival_{row.arrival}")
    stays = row.comparison in (Comparison.DOUBTFUL, Comparison.DIFFERENT)
    if stays:
        what = f"{what} · {state_name(f'comparison_{row.comparison}')}"
    flash(_("Seat %(number)s: %(what)s", number=number, what=what), "warn" if stays else "success")
    found = attendance_list.lines(db.session(), place)
    after = attendance_list.next_after(found, number)
    seat = number if stays or after is None else after.seat
    room = place.number or None
    return redirect(url_for("proctor.attendance", session_id=place.exam.id, room=room, seat=seat), 303)


def _page(place: Place, form: CheckForm, number: int, refused: str = "") -> Response:
    session, person, now = db.session(), watcher(), clock.now()
    everybody = attendance_list.lines(session, place)
    words = request.args.get("q", "")[:100]
    found = attendance_list.sought(everybody, words)
    line = next((one for one in everybody if one.seat == number), None)
    if line is None and (chosen := found if words else everybody):
        line = chosen[0] if words else attendance_list.next_after(everybody, 0)
    form.offer(line)
    on_duty = not person.registrar and duty.assignment_of(session, person.actor, place.exam.id).present
    page = render_template(
        "proctor/attendance.html", place=place, exam=place.exam, lines=found, line=line, form=form, words=words,
        counts=attendance_list.counts(everybody), refused=refused, on_duty=on_duty, registrar=person.registrar,
        entry_over=desk.entry_over(place, now), rooms=rooms_of(session, place.exam.id),
        missing=[one for one in everybody if not one.arrival and not one.started_at],
        unchecked=[one for one in everybody if one.unchecked_at_work],
    )  # fmt: skip
    answer = make_response(page)
    answer.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return answer
