"""The list that an employer sends."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length, Optional


class CheckForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    file = FileField(
        _("List as a workbook or CSV"),
        render_kw={
            "accept": ".xlsx,.csv,.txt,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        },
    )
    pasted = TextAreaField(
        _("Or lines pasted here"),
        validators=[Optional(), Length(max=200_000)],
        render_kw={"rows": 6, "spellcheck": "false"},
    )

    def content(self) -> bytes:
        if self.file.data and self.file.data.filename:
            return bytes(self.file.data.read())
        return (self.pasted.data or "").encode()

    def sent_workbook(self) -> bool:
        return bool(self.file.data and str(self.file.data.filename).lower().endswith(".xlsx"))
