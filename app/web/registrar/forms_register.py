"""Forms of the register."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length

from app.core.texts import LONGEST_REASON
from app.models.certificate import CertificateStatus
from app.web.state_names import NAMES
from certificates.register.grounds import Ground


class SearchForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    class Meta:
        csrf = False

    q = StringField(_("Number or name"), validators=[Length(max=200)])
    status = SelectField(
        _("Status"),
        choices=[
            SelectChoice("", _("All")),
            *(SelectChoice(status.value, _(NAMES[status.value])) for status in CertificateStatus),
        ],
        default="",
    )


class StatusForm(FlaskForm):  # type: ignore[misc]
    ground = SelectField(
        _("Ground, shown to whoever verifies"),
        choices=[SelectChoice(ground.value, _(NAMES[ground.value])) for ground in Ground],
        default=Ground.UNSTATED.value,
    )
    reason = TextAreaField(
        _("Reason in words, kept in the register"),
        validators=[InputRequired(_("Give the reason.")), Length(max=LONGEST_REASON)],
        render_kw={"rows": 3, "maxlength": LONGEST_REASON},
    )
    final = BooleanField(_("I know that a revocation is final"))
    change = StringField(validators=[AnyOf(["suspend", "reinstate", "revoke"])])
    """The button that was pressed."""

    def validate_final(self, field: BooleanField) -> None:
        if self.change.data == "revoke" and not field.data:
            raise ValidationError(gettext("A revocation cannot be taken back. Tick this if it is meant."))
