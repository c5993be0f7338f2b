"""Forms of the register."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from app.core.texts import LONGEST_REASON
from app.models.certificate import CertificateStatus
from app.web.state_names import NAMES
from certificates.register.grounds import Ground
from certificates.register.naming import LONGEST_DOCUMENT

MOST_HOURS = 10_000
_NUMBER = _("Enter a whole number.")
_CALLED = {CertificateStatus.REPLACED: "certificate_replaced"}


class SearchForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    class Meta:
        csrf = False

    q = StringField(_("Number or name"), validators=[Length(max=200)])
    status = SelectField(
        _("Status"),
        choices=[
            SelectChoice("", _("All")),
            *(SelectChoice(status.value, _(NAMES[_CALLED.get(status, status)])) for status in CertificateStatus),
        ],
        default="",
    )


def _reason() -> TextAreaField:
    return TextAreaField(
        _("Reason in words, as the holder reads it in the letter"),
        validators=[InputRequired(_("Give the reason.")), Length(max=LONGEST_REASON)],
        render_kw={"rows": 3, "maxlength": LONGEST_REASON},
    )


class StatusForm(FlaskForm):  # type: ignore[misc]
    ground = SelectField(
        _("Ground, shown to whoever verifies"),
        choices=[SelectChoice(ground.value, _(NAMES[ground.value])) for ground in Ground],
        default=Ground.UNSTATED.value,
    )
    reason = _reason()
    final = BooleanField(_("I know that a revocation is final"))
    change = StringField(validators=[AnyOf(["suspend", "reinstate", "revoke"])])
    """The button that was pressed."""

    def validate_final(self, field: BooleanField) -> None:
        if self.change.data == "revoke" and not field.data:
            raise ValidationError(gettext("A revocation cannot be taken back. Tick this if it is meant."))


class ReplaceForm(FlaskForm):  # type: ignore[misc]
    reason = _reason()


class RenewForm(FlaskForm):  # type: ignore[misc]
    training_hours = IntegerField(
        _("Hours of training shown"),
        validators=[InputRequired(_NUMBER), NumberRange(0, MOST_HOURS, _NUMBER)],
        default=0,
        render_kw={"min": 0, "max": MOST_HOURS},
    )
    reason = _reason()


class NameForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _("Right name"), validators=[InputRequired(_("Enter the name.")), Length(max=200)], render_kw={"maxlength": 200}
    )
    document = StringField(
        _("Document that proves it, with its number or date"),
        validators=[InputRequired(_("Name the document.")), Length(max=LONGEST_DOCUMENT)],
        render_kw={"maxlength": LONGEST_DOCUMENT},
    )
    reason = TextAreaField(
        _("Why it was wrong"),
        validators=[InputRequired(_("Give the reason.")), Length(max=LONGEST_REASON)],
        render_kw={"rows": 2, "maxlength": LONGEST_REASON},
    )
