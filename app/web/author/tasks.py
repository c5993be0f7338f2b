"""The task bank: the list of tasks with what is one's own work first."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from app.accounts.permissions import Permission
from app.core.db import db
from app.core.errors import N_
from app.web.access import principal, requires
from app.web.paging import asked_page
from app.web.state_names import state_name
from app.web.titles import level_choices
from question_bank.tasks.body import KINDS, TRADES
from question_bank.tasks.finding import Sort, WantedTasks, find

bp = Blueprint("tasks", __name__, url_prefix="/bank/tasks")
PAGE = 50
STATES = {
    "in_use": N_("In use"),
    "draft": N_("Being written"),
    "in_review": N_("In review"),
    "approved": N_("Approved, not yet in use"),
    "never": N_("Never used yet"),
    "retired": N_("Retired"),
}
SORTS = {"code": N_("Code"), "drawn": N_("Drawn most"), "changed": N_("Changed last")}


class TaskFilter(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Read from the address, so that a filtered list can be kept as a bookmark."""

    class Meta:
        csrf = False

    words = StringField(_("Code, title or words of the situation"), validators=[Length(max=100)])
    level = SelectField(_("Level"), default="")
    kind = SelectField(_("Kind"), default="")
    trade = SelectField(_("Trade"), default="")
    state = SelectField(_("State"), default="")
    sort = SelectField(_("Order"), default="code")
    mine = BooleanField(_("Written by me"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", gettext("All"))
        self.level.choices = [everything, *level_choices()]
        self.kind.choices = [everything, *kind_choices()]
        self.trade.choices = [everything, *trade_choices()]
        self.state.choices = [everything, *((state, gettext(words)) for state, words in STATES.items())]
        self.sort.choices = [(sort, gettext(words)) for sort, words in SORTS.items()]

    def wanted(self, user_id: int) -> WantedTasks:
        scheme, _sign, level = (self.level.data or "").rpartition("/")
        return WantedTasks(
            scheme=scheme, level=level, kind=self.kind.data or "", trade=self.trade.data or "",
            state=self.state.data or "", words=(self.words.data or "").strip(),
            mine=user_id if self.mine.data else None, sort=cast(Sort, self.sort.data or "code"),
        )  # fmt: skip

    def narrowed(self) -> dict[str, str]:
        """As typed, for links to other pages of the same list."""
        given = {name: request.args.get(name, "").strip() for name in self._fields}
        return {name: text for name, text in given.items() if text and (name, text) != ("sort", "code")}


def kind_choices() -> list[tuple[str, str]]:
    return [(kind, state_name(f"task_{kind}")) for kind in KINDS]


def trade_choices() -> list[tuple[str, str]]:
    return [(trade, state_name(f"trade_{trade}")) for trade in TRADES]


@bp.get("")
@requires(Permission.READ_BANK)
def home() -> ResponseReturnValue:
    form, person = TaskFilter(request.args), principal()
    right = form.validate()
    wanted = form.wanted(person.user_id) if right else WantedTasks()
    answer = render_template(
        "author/tasks.html",
        form=form,
        page=find(db.session(), wanted, asked_page(), PAGE),
        narrowed=form.narrowed(),
        counts=_counts(person.user_id) if person.may(Permission.WORK_ON_ITEMS) else {},
        me=person.user_id,
    )
    return answer, 200 if right else 422


def _counts(user_id: int) -> dict[str, int]:
    lists = {
        "drafts": WantedTasks(mine=user_id, state="draft"),
        "in_review": WantedTasks(state="in_review"),
        "approved": WantedTasks(state="approved"),
    }
    return {name: find(db.session(), wanted, 1, 1).total for name, wanted in lists.items()}
