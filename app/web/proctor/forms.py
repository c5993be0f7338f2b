"""Forms of the room. The check against forgery is the page's own, so several forms may stand on one page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.core.texts import LONGEST_REASON
from proctoring.interventions import MOST_SECONDS

MOST_MINUTES = MOST_SECONDS // 60


class PageForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    class Meta:
        csrf = False


class ReasonForm(PageForm):
    """Why, about which attempt: the one that was on the screen, should the seat get another meanwhile."""

    attempt = HiddenField(validators=[InputRequired()])
    reason = StringField(
        _("Reason"),
        validators=[InputRequired(_("Give the reason. It is kept in the log.")), Length(max=LONGEST_REASON)],
    )

    @property
    def attempt_id(self) -> int:
        """0, which no attempt has, for anything that is no number of ours."""
        given = str(self.attempt.data or "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


class ExtendForm(ReasonForm):
    minutes = IntegerField(
        _("Minutes more"),
        validators=[
            InputRequired(_("Give the minutes, from 1 to %(most)s.", most=MOST_MINUTES)),
            NumberRange(1, MOST_MINUTES, _("Give the minutes, from 1 to %(most)s.", most=MOST_MINUTES)),
        ],
    )


class VoidForm(ReasonForm):
    sure = BooleanField(
        _("I know that this ends the exam at once and cannot be undone."),
        validators=[InputRequired(_("Tick this to confirm."))],
    )
