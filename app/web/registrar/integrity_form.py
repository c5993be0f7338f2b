"""The form of a session's terms of integrity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from proctoring.lockdown import Mode
from proctoring.seb_file import MOST_BYTES
from proctoring.signals import CHOSEN, MEANINGS
from proctoring.terms import LEAST_SECONDS, LONGEST_PURPOSE, MOST_DAYS, MOST_KEYS, MOST_SECONDS, Terms, Wish

_NUMBER = _("Enter a whole number.")
_SECONDS = _("Enter a figure from %(least)s to %(most)s.", least=LEAST_SECONDS, most=MOST_SECONDS)
_DAYS = _("Enter a figure from %(least)s to %(most)s.", least=1, most=MOST_DAYS)


class IntegrityForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    signals = SelectMultipleField(_("What is recorded"), validators=[Optional()])
    full_screen = BooleanField(_("Ask for full screen, and record when it is left"))
    lockdown = RadioField(_("In this session"), validators=[InputRequired()])
    quit_password = PasswordField(_("New password to end Safe Exam Browser"), validators=[Length(max=100)])
    no_quit_password = BooleanField(_("Anybody may end Safe Exam Browser, without a password"))
    extra_keys = TextAreaField(_("Further keys"), validators=[Length(max=MOST_KEYS * 80)])
    config = FileField(_("Take the key from a configuration of your own"))
    camera = BooleanField(_("Pictures by the camera"))
    screen = BooleanField(_("Pictures of the screen"))
    capture_seconds = IntegerField(
        _("Seconds between two pictures"),
        validators=[InputRequired(_NUMBER), NumberRange(LEAST_SECONDS, MOST_SECONDS, _SECONDS)],
    )
    keep_days = IntegerField(
        _("Days the pictures are kept after the release"),
        validators=[InputRequired(_NUMBER), NumberRange(1, MOST_DAYS, _DAYS)],
    )
    purpose = TextAreaField(_("What the pictures are for"), validators=[Length(max=LONGEST_PURPOSE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signals.choices = [(str(kind), MEANINGS[kind].name) for kind in CHOSEN]
        self.lockdown.choices = [
            (str(Mode.OFF), _("not used")),
            (str(Mode.ALLOWED), _("offered: candidates may use it")),
            (str(Mode.REQUIRED), _("required: the exam begins in it only")),
        ]

    @classmethod
    def showing(cls, terms: Terms) -> IntegrityForm:
        return cls(
            formdata=None, signals=list(terms.signals), full_screen=terms.full_screen, lockdown=terms.lockdown,
            extra_keys="\n".join(terms.extra_keys), camera=terms.camera, screen=terms.screen,
            capture_seconds=terms.capture_seconds, keep_days=terms.keep_days, purpose=terms.purpose,
        )  # fmt: skip

    def wish(self, present: Terms, *, opened: bool) -> Wish:
        """Once the doors are open the page offers Safe Exam Browser alone, and the rest stays as it is."""
        told = present if opened else self._told(present)
        terms = replace(told, lockdown=self.lockdown.data, extra_keys=tuple((self.extra_keys.data or "").split()))
        password = "" if self.no_quit_password.data else self.quit_password.data or None
        files = [self.config.data.stream.read(MOST_BYTES + 1)] if self.config.data else []
        return Wish(terms, password, files)

    def _told(self, present: Terms) -> Terms:
        return replace(
            present, signals=tuple(self.signals.data or ()), full_screen=self.full_screen.data, camera=self.camera.data,
            screen=self.screen.data, capture_seconds=self.capture_seconds.data, keep_days=self.keep_days.data,
            purpose=self.purpose.data or "",
        )  # fmt: skip
