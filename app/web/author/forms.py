"""The filters of the list of items."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import Length

from app.schemes.scheme import schemes
from app.web.language import chosen as language
from app.web.state_names import state_name
from question_bank.item_types import ITEM_TYPES
from question_bank.search import Wanted


class FilterForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    class Meta:
        csrf = False

    words = StringField(_("Code, knowledge point or words of the stem"), validators=[Length(max=100)])
    level = SelectField(_("Level"), default="")
    row = SelectField(_("Row"), default="")
    content = SelectField(_("Work content"), default="")
    type = SelectField(_("Type"), default="")

    def offer(self) -> None:
        """What the schemes know, in their order."""
        everything = ("", gettext("All"))
        levels = [level for scheme in schemes().values() for level in scheme.levels]
        english = language() == "en"
        rows = {row.no: row.name_en if english else row.name for level in levels for row in level.theory.rows}
        contents = dict.fromkeys(name for level in levels for row in level.theory.rows for name in row.contents)
        self.level.choices = [everything, *((one.code, one.name_en if english else one.name) for one in levels)]
        self.row.choices = [everything, *((no, f"{no} {name}") for no, name in rows.items())]
        self.content.choices = [everything, *((name, name) for name in contents)]
        self.type.choices = [everything, *((kind, state_name(kind)) for kind in ITEM_TYPES)]

    def wanted(self) -> Wanted:
        return Wanted(
            level=self.level.data or "", row=self.row.data or "", content=self.content.data or "",
            type=self.type.data or "", words=(self.words.data or "").strip(),
        )  # fmt: skip
