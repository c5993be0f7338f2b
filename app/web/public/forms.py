"""Forms of the verification page. Strangers send them without a cookie, and they change nothing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from certificates.register.serials import MOST_TYPED


class SerialForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    class Meta:
        csrf = False

    serial = StringField(
        _("Number of the certificate"),
        validators=[InputRequired(_("Enter the number that stands on the certificate.")), Length(max=MOST_TYPED)],
        render_kw={"spellcheck": "false", "autocapitalize": "characters"},
    )
    name = StringField(_("Name on the certificate"), validators=[Optional(), Length(max=200)])


class FileForm(FlaskForm):  # type: ignore[misc]
    """The file, and what it is held to be by whoever wants that compared as well."""

    class Meta:
        csrf = False

    file = FileField(
        _("PDF file of the certificate"),
        validators=[FileRequired(_("Choose the PDF file."))],
        render_kw={"accept": "application/pdf,.pdf"},
    )
    of_serial = StringField(
        _("Number it should have"),
        validators=[Optional(), Length(max=60)],
        render_kw={"spellcheck": "false", "autocapitalize": "characters"},
    )
    of_name = StringField(_("Name it should bear"), validators=[Optional(), Length(max=200)])
