"""Forms about the record of a room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.web.proctor.forms import PageForm
from proctoring.wording import LONGEST_DESCRIPTION


class RemarkForm(PageForm):
    text = TextAreaField(
        _("Remark"), validators=[InputRequired(_("Say what happened.")), Length(max=LONGEST_DESCRIPTION)]
    )


class SignForm(PageForm):
    sha256 = HiddenField(validators=[InputRequired()])
    password = PasswordField(
        _("Your password"), validators=[InputRequired(_("Type your password to sign.")), Length(max=1000)]
    )
