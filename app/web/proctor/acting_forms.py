"""Forms of the board: a message, an act on several at once, and the time that was lost."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateTimeLocalField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.texts import LONGEST_REASON
from app.web.proctor.forms import MOST_MINUTES, PageForm, ReasonForm
from proctoring import notices
from proctoring.interventions import ACTIONS

MOMENT = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]


class MessageForm(ReasonForm):
    """The message is its own reason."""

    reason = StringField(_("Message"), validators=[InputRequired(_("Write the message.")), Length(max=notices.LONGEST)])


class ActForm(PageForm):
    """An act on those that are chosen, on a view of the board, or on everybody."""

    view = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    target = RadioField(
        _("For"),
        choices=[
            SelectChoice("chosen", _("Those chosen")),
            SelectChoice("view", _("This room")),
            SelectChoice("all", _("The whole session")),
        ],
        default="chosen",
    )
    action = SelectField(choices=[SelectChoice(one) for one in ACTIONS], validators=[InputRequired()])
    reason = StringField(_("Reason"), validators=[Length(max=LONGEST_REASON)])
    minutes = IntegerField(_("Minutes"), validators=[Optional(), NumberRange(1, MOST_MINUTES)])
    text = StringField(_("Message"), validators=[Length(max=notices.LONGEST)])
    sure = BooleanField(_("I know that this ends the exam at once and cannot be undone."))


class WindowForm(PageForm):
    """The time that is looked at, in the reader's own time zone."""

    start = DateTimeLocalField(_("From"), format=MOMENT, validators=[InputRequired()], render_kw={"step": "1"})
    end = DateTimeLocalField(_("Until"), format=MOMENT, validators=[InputRequired()], render_kw={"step": "1"})
