"""Forms about incidents of a room."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.texts import LONGEST_REASON
from app.models.monitoring import IncidentCategory, Severity
from app.registration.facts import BODY_ZONE
from app.web.proctor.forms import PageForm
from app.web.state_names import state_name
from proctoring.incidents import Report
from proctoring.place import Place
from proctoring.wording import LONGEST_DESCRIPTION

SYSTEM_ONLY = (IncidentCategory.TAKEOVER,)
"""Noticed by the system; nobody has to choose it."""


class IncidentForm(PageForm):
    seat = SelectField(_("Who it is about"), coerce=int, validators=[InputRequired()])
    category = SelectField(_("Kind"), validators=[InputRequired()])
    severity = RadioField(_("How grave"), default=Severity.NOTE.value, validators=[Optional()])
    description = TextAreaField(
        _("What happened"),
        validators=[InputRequired(_("Say what happened.")), Length(max=LONGEST_DESCRIPTION)],
    )
    happened = TimeField(_("When it happened"), validators=[Optional()])
    position = IntegerField(_("Number of the item"), validators=[Optional(), NumberRange(1, 1000)])
    files = MultipleFileField(_("Photos or PDF"), validators=[Optional()])
    blocking = BooleanField(_("No certificate until this is resolved"))

    def offer(self, seats: list[tuple[int, str]], *, practical: bool = False) -> None:
        """`seats` as (number, candidate's name); 0 is the room, or the practical, as a whole."""
        self.seat.choices = [
            (0, _("The whole session") if practical else _("The whole room")),
            *((number, _("Seat %(number)s · %(name)s", number=number, name=name)) for number, name in seats),
        ]
        chosen = [one for one in IncidentCategory if one not in SYSTEM_ONLY or self.category.data == one]
        self.category.choices = [(one.value, state_name(one)) for one in chosen]
        self.severity.choices = [(one.value, state_name(f"severity_{one}")) for one in Severity]

    def report(self, place: Place, now: datetime) -> Report:
        seat = self.seat.data or None
        room = place.room.id if place.room and seat is None else None
        return Report(
            self.category.data, self.description.data, self.blocking.data, seat,
            severity=self.severity.data or Severity.NOTE, happened_at=self._moment(now), room=room,
            position=self.position.data,
        )  # fmt: skip

    def uploads(self) -> list[Any]:
        return [one for one in self.files.data or [] if getattr(one, "filename", "")]

    def _moment(self, now: datetime) -> datetime | None:
        """The last time that the clock on the wall showed this."""
        if self.happened.data is None:
            return None
        local = now.astimezone(BODY_ZONE)
        moment = local.replace(hour=self.happened.data.hour, minute=self.happened.data.minute, second=0, microsecond=0)
        return moment - timedelta(days=1) if moment > local + timedelta(minutes=1) else moment


class ResolveForm(PageForm):
    resolution = StringField(
        _("How it was settled"),
        validators=[InputRequired(_("Say how it was settled.")), Length(max=LONGEST_REASON)],
    )


class EvidenceForm(PageForm):
    files = MultipleFileField(_("Photos or PDF"), validators=[InputRequired(_("Choose a file."))])

    def uploads(self) -> list[Any]:
        return [one for one in self.files.data or [] if getattr(one, "filename", "")]
