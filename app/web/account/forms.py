"""Forms of the log-in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from app.accounts.passwords import MINIMUM_LENGTH

_USER_NAME = _("Take a user name of 3 to 64 characters.")
_PASSWORD = _("Take a password of at least %(min)d characters.")
_TWICE = _("The two passwords differ. Type the same one twice.")


class LoginForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    username = StringField(_("User name"), validators=[InputRequired(_("Enter your user name.")), Length(max=200)])
    password = PasswordField(_("Password"), validators=[InputRequired(_("Enter your password.")), Length(max=1000)])


class JoinForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    name = StringField(
        _("Full name"), validators=[InputRequired(_("Enter your name as on your identity document.")), Length(max=200)]
    )
    username = StringField(
        _("User name"), validators=[InputRequired(_("Choose a user name.")), Length(min=3, max=64, message=_USER_NAME)]
    )
    password = PasswordField(
        _("Password"),
        validators=[InputRequired(_("Choose a password.")), Length(min=MINIMUM_LENGTH, max=1000, message=_PASSWORD)],
    )
    again = PasswordField(_("Password again"), validators=[InputRequired(_TWICE), EqualTo("password", _TWICE)])
