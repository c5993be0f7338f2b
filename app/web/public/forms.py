"""Forms of the verification page. Strangers send them without a cookie, and they change nothing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class SerialForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    class Meta:
        csrf = False

    serial = StringField(
        _("Number of the certificate"),
        validators=[InputRequired(_("Enter the number that stands on the certificate.")), Length(max=200)],
        render_kw={"spellcheck": "false", "autocapitalize": "characters"},
    )


class FileForm(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False

    file = FileField(
        _("PDF file of the certificate"),
        validators=[FileRequired(_("Choose the PDF file."))],
        render_kw={"accept": "application/pdf,.pdf"},
    )
