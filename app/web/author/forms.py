"""The filters of the list of items, and what begins a new one."""

from __future__ import annotations

from typing import Any, cast

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DecimalField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.core.errors import N_
from app.schemes.scheme import schemes
from app.web.language import chosen as language
from app.web.titles import level_choices
from question_bank.item_types import ITEM_TYPES
from question_bank.workshop.wanted import Sort, Wanted

STATES = {
    "in_use": N_("In use"),
    "draft": N_("Never used yet"),
    "retired": N_("Retired"),
    "compromised": N_("Compromised"),
    "revision-draft": N_("Being written"),
    "revision-in_review": N_("In review"),
    "revision-approved": N_("Approved, not yet in use"),
}
SORTS = {
    "code": N_("Code"),
    "-changed": N_("Changed last"),
    "changed": N_("Changed first"),
    "share": N_("Hardest in fact"),
    "-share": N_("Easiest in fact"),
    "correlation": N_("Tells apart least"),
    "-papers": N_("Used most"),
    "papers": N_("Used least"),
    "-last_used": N_("Used last"),
}
_SHARE = [Optional(), NumberRange(0, 1, _("A share lies between 0 and 1."))]
_COUNT = [Optional(), NumberRange(0, 2**31 - 1, _("Enter a whole number."))]


class FilterForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Read from the address, so that a filtered list can be kept as a bookmark."""

    class Meta:
        csrf = False

    words = StringField(_("Code, point or words of the stem"), validators=[Length(max=100)])
    level = SelectField(_("Level"), default="")
    row = SelectField(_("Row"), default="")
    content = SelectField(_("Work content"), default="")
    type = SelectField(_("Type"), default="")
    state = SelectField(_("State"), default="")
    author = StringField(_("Author"), validators=[Length(max=100)])
    reviewer = StringField(_("Reviewer"), validators=[Length(max=100)])
    point = StringField(_("Knowledge point"), validators=[Length(max=40)])
    stimulus = StringField(_("Code of the shared material"), validators=[Length(max=60)])
    share_from = DecimalField(_("p from"), validators=_SHARE)
    share_to = DecimalField(_("p to"), validators=_SHARE)
    correlation_to = DecimalField(_("r at most"), validators=[Optional(), NumberRange(-1, 1)])
    papers_from = IntegerField(_("Papers from"), validators=_COUNT)
    papers_to = IntegerField(_("Papers to"), validators=_COUNT)
    case = BooleanField(_("Cases only"))
    mine = BooleanField(_("Begun by me"))
    sort = SelectField(_("Order"), default="code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", gettext("All"))
        levels = [level for scheme in schemes().values() for level in scheme.levels]
        english = language() == "en"
        rows = {row.no: row.name_en if english else row.name for level in levels for row in level.theory.rows}
        contents = dict.fromkeys(name for level in levels for row in level.theory.rows for name in row.contents)
        self.level.choices = [everything, *level_choices()]
        self.row.choices = [everything, *((no, f"{no} {name}") for no, name in rows.items())]
        self.content.choices = [everything, *((name, name) for name in contents)]
        self.type.choices = [everything, *((kind, gettext(one.name)) for kind, one in ITEM_TYPES.items())]
        self.state.choices = [everything, *((state, gettext(words)) for state, words in STATES.items())]
        self.sort.choices = [(sort, gettext(words)) for sort, words in SORTS.items()]

    def wanted(self, user_id: int) -> Wanted:
        scheme, _sign, level = (self.level.data or "").rpartition("/")
        state, revision = _states(self.state.data or "")
        sort = self.sort.data or "code"
        texts = ("words", "author", "reviewer", "point", "stimulus")
        typed: dict[str, Any] = {name: (self[name].data or "").strip() for name in texts}
        bounds = ("share_from", "share_to", "correlation_to", "papers_from", "papers_to")
        typed |= {name: self[name].data for name in bounds}
        return Wanted(
            **typed, scheme=scheme, level=level,
            row=self.row.data or "", content=self.content.data or "", type=self.type.data or "",
            state="" if state == "compromised" else state, revision=revision,
            compromised=True if state == "compromised" else None,
            case=True if self.case.data else None, mine=user_id if self.mine.data else None,
            sort=cast(Sort, sort.lstrip("-")), descending=sort.startswith("-"),
        )  # fmt: skip

    def narrowed(self) -> dict[str, str]:
        """As typed, for links to other pages of the same list; what does not narrow is left out."""
        given = {name: request.args.get(name, "").strip() for name in self._fields}
        return {name: text for name, text in given.items() if text and (name, text) != ("sort", "code")}

    def further(self) -> bool:
        """Whether any of the rarer filters is in use."""
        seldom = ("author", "reviewer", "point", "stimulus", "share_from", "share_to", "correlation_to", "papers_from",
                  "papers_to", "case", "mine")  # fmt: skip
        return any(name in self.narrowed() for name in seldom)


class NewItemForm(FlaskForm):  # type: ignore[misc]
    """The code and the level are for ever; everything else is written in the editor."""

    level = SelectField(_("Level"), validators=[InputRequired(_("Choose a level."))])
    type = SelectField(_("Type"), validators=[InputRequired(_("Choose a type."))])
    code = StringField(
        _("Code"),
        validators=[
            InputRequired(_("Give the item a code.")),
            Length(max=60),
            Regexp(r"[A-Za-z0-9][A-Za-z0-9._-]*$", message=_("Letters, figures, dots and hyphens, as J5-JQ-001.")),
        ],
    )
    row = StringField(validators=[Length(max=40)])
    content = StringField(validators=[Length(max=80)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = level_choices()
        self.type.choices = [(kind, gettext(one.name)) for kind, one in ITEM_TYPES.items()]


def _states(chosen: str) -> tuple[str, str]:
    """(state of the item, state of its open revision)"""
    return ("", chosen.removeprefix("revision-")) if chosen.startswith("revision-") else (chosen, "")
