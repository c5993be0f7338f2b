"""Forms of the administration of accounts."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.models.account import Role
from app.web.state_names import state_name


class FindForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    class Meta:
        csrf = False

    role = SelectField(_("Role"), validate_choice=False)
    text = StringField(_("Name, user name or organization"), validators=[Optional(), Length(max=100)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [("", _("All")), *_roles()]


class RolesForm(FlaskForm):  # type: ignore[misc]
    organization = StringField(_("Employer or school"), validators=[Optional(), Length(max=200)])
    roles = SelectMultipleField(_("Roles"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = _roles()

    def chosen(self) -> list[Role]:
        return [Role(role) for role in self.roles.data or []]


class AccountForm(RolesForm):
    name = StringField(_("Full name"), validators=[InputRequired(_("Enter the name.")), Length(max=200)])
    username = StringField(_("User name"), validators=[InputRequired(_("Choose a user name.")), Length(min=3, max=64)])


def _roles() -> list[tuple[str, str]]:
    return [(role.value, state_name(role)) for role in Role]
