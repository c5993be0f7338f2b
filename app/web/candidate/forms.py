"""Forms of the application, one for each step."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.models.registration import DocumentKind, IdentityType
from app.registration.applications import MOST_HOURS, Statement
from app.registration.profiles import MOST_CHARACTERS, Profile
from app.schemes.scheme import Level
from app.web.state_names import state_name

_SHORT = Length(max=MOST_CHARACTERS, message=_("At most 200 characters."))


class IdentityForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    name = StringField(_("Full name"), validators=[InputRequired(_("Enter your name as on your document.")), _SHORT])
    identity_type = RadioField(_("Kind of document"), validators=[InputRequired(_("Choose your document."))])
    identity_number = StringField(_("Document number"), validators=[Length(max=40)])
    phone = StringField(_("Telephone"), validators=[Optional(), _SHORT])
    employer = StringField(_("Employer"), validators=[Optional(), _SHORT])
    school = StringField(_("School"), validators=[Optional(), _SHORT])
    understood = StringField(validators=[Length(max=MOST_CHARACTERS)])
    """The name the person ticked as understood rightly; only asked where theirs was read otherwise than typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.identity_type.choices = [(kind.value, state_name(kind)) for kind in IdentityType]

    def profile(self) -> Profile:
        return Profile(
            name=self.name.data or "",
            identity_type=self.identity_type.data or "",
            identity_number=self.identity_number.data or "",
            employer=self.employer.data or "",
            school=self.school.data or "",
            phone=self.phone.data or "",
            understood=self.understood.data or "",
        )


class PhotoForm(FlaskForm):  # type: ignore[misc]
    photo = FileField(_("Photo file"), validators=[FileRequired(_("Choose a photo file first."))])


class StatementForm(FlaskForm):  # type: ignore[misc]
    """Offers what the level asks for, and nothing else."""

    occupation = RadioField(_("Which applies to you?"))
    training_hours = IntegerField(
        _("Hours of training completed"),
        validators=[
            InputRequired(_("Enter a whole number of hours.")),
            NumberRange(0, MOST_HOURS, _("Enter a whole number of hours.")),
        ],
    )
    training_mode = RadioField(
        _("How was the training held?"), validators=[InputRequired(_("Choose how the training was held."))]
    )
    training_provider = StringField(_("Who held the training"), validators=[Optional(), _SHORT])
    trainers = StringField(_("Names of your trainers"), validators=[Optional(), _SHORT])
    recommending_employer = StringField(_("Employer who recommends you"), validators=[Optional(), _SHORT])
    recommended_on = DateField(_("Date of the recommendation"), validators=[Optional()])

    def __init__(self, level: Level, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.training_mode.choices = [(mode, state_name(mode)) for mode in level.training_modes]
        self.occupation.choices = [(status, state_name(status)) for status in level.eligibility.any_of]
        if not level.eligibility.any_of:
            del self.occupation
        if not level.needs_recommendation:
            del self.recommending_employer
            del self.recommended_on

    def statement(self) -> Statement:
        occupation = self._data.get("occupation") or ""
        return Statement(
            occupation="" if occupation == "None" else occupation,
            training_hours=self.training_hours.data,
            training_mode=self.training_mode.data or "",
            training_provider=self.training_provider.data or "",
            trainers=self.trainers.data or "",
            recommending_employer=self._data.get("recommending_employer") or "",
            recommended_on=self._data.get("recommended_on"),
        )

    @property
    def _data(self) -> dict[str, Any]:
        return dict(self.data)


class DocumentForm(FlaskForm):  # type: ignore[misc]
    kind = SelectField(_("What does it prove?"))
    file = FileField(_("File"), validators=[FileRequired(_("Choose a file first."))])

    def __init__(self, level: Level, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = [DocumentKind.TRAINING, *([DocumentKind.RECOMMENDATION] if level.needs_recommendation else [])]
        self.kind.choices = [(kind.value, state_name(kind)) for kind in wanted]
