"""Forms of planning and admission."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.texts import LONGEST_REASON
from app.models.registration import ApplicationStatus, Part, Site
from app.registration.facts import BODY_ZONE
from app.registration.planning import Plan
from app.registration.seating import MOST_EXTRA
from app.registration.sites import MOST_PLACES, SiteFacts
from app.web.state_names import state_name
from app.web.titles import level_choices

_NUMBER = _("Enter a whole number.")


class FilterForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Read from the address, so that a filtered list can be kept as a bookmark."""

    class Meta:
        csrf = False

    status = SelectField(_("State"), validate_choice=False)
    level = SelectField(_("Level"), validate_choice=False)
    text = StringField(_("Name, employer or school"), validators=[Optional(), Length(max=100)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [status for status in ApplicationStatus if status != ApplicationStatus.DRAFT]
        self.status.choices = [("", _("All"))] + [(status.value, state_name(status)) for status in shown]
        self.level.choices = [("", _("All")), *level_choices()]


class DecisionForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(_("Reason"), validators=[Length(max=LONGEST_REASON)])


class SiteForm(FlaskForm):  # type: ignore[misc]
    name = StringField(_("Name of the site"), validators=[InputRequired(_("Give the site a name.")), Length(max=200)])
    address = StringField(_("Address"), validators=[Optional(), Length(max=500)])
    capacity = IntegerField(
        _("Places"), validators=[InputRequired(_NUMBER), NumberRange(1, MOST_PLACES, _("Enter at least 1."))]
    )
    has_network = BooleanField(_("Has a network"))
    has_monitoring = BooleanField(_("Has video monitoring"))

    def facts(self) -> SiteFacts:
        return SiteFacts(
            name=self.name.data, address=self.address.data or "", capacity=self.capacity.data,
            has_network=self.has_network.data, has_monitoring=self.has_monitoring.data,
        )  # fmt: skip


class SessionForm(FlaskForm):  # type: ignore[misc]
    level = SelectField(_("Level"), validators=[InputRequired(_("Choose a level."))])
    part = SelectField(_("Part"), validators=[InputRequired(_("Choose a part."))])
    site = SelectField(_("Site"), coerce=int, validators=[InputRequired(_("Choose a site."))])
    opens_at = DateTimeLocalField(_("Opens"), validators=[InputRequired(_("Enter date and time."))])
    closes_at = DateTimeLocalField(_("Closes"), validators=[InputRequired(_("Enter date and time."))])

    def __init__(self, sites: list[Site], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = level_choices()
        self.part.choices = [(part.value, state_name(part)) for part in Part]
        self.site.choices = [(site.id, f"{site.name} ({site.capacity})") for site in sites]

    def plan(self) -> Plan:
        scheme, level = self.level.data.rsplit("/", 1)
        return Plan(scheme, level, self.part.data, self.site.data, _zoned(self.opens_at.data),
                    _zoned(self.closes_at.data))  # fmt: skip


class ExtraTimeForm(FlaskForm):  # type: ignore[misc]
    minutes = IntegerField(_("Extra minutes"), validators=[InputRequired(_NUMBER), NumberRange(0, MOST_EXTRA // 60)])
    reason = StringField(_("Reason"), validators=[InputRequired(_("Give the reason.")), Length(max=LONGEST_REASON)])


class ConflictForm(FlaskForm):  # type: ignore[misc]
    examiner = SelectField(_("Examiner or registrar"), coerce=int)
    tie = SelectField(_("Tie"))
    note = StringField(_("Note"), validators=[Optional(), Length(max=LONGEST_REASON)])


def _zoned(local: datetime) -> datetime:
    """Times are typed in the zone of the certifying body."""
    return local.replace(tzinfo=BODY_ZONE)
