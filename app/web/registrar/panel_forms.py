"""Forms of the panel: which examiner, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.texts import LONGEST_REASON
from app.models.account import User


class ThirdForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    examiner = SelectField(_("Examiner"), coerce=int, validators=[InputRequired(_("Choose an examiner."))])

    def __init__(self, free: Sequence[User], **values: Any) -> None:
        super().__init__(**values)
        self.examiner.choices = [
            (user.id, f"{user.name} · {user.organization}" if user.organization else user.name) for user in free
        ]


class ReplaceForm(ThirdForm):
    reason = TextAreaField(
        _("Reason"), validators=[InputRequired(_("Say why the examiner changes.")), Length(max=LONGEST_REASON)]
    )
