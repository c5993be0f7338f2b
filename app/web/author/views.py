"""The question bank: the list of items with what is one's own work first."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core.db import db
from app.web.access import principal, requires
from app.web.api.items_bulk import NEEDS
from app.web.author.forms import FilterForm
from app.web.paging import asked_page
from question_bank.workshop.finding import find
from question_bank.workshop.wanted import Wanted

bp = Blueprint("author", __name__, url_prefix="/bank")
PAGE = 50


@bp.get("")
@requires(Permission.READ_BANK)
def home() -> ResponseReturnValue:
    form, person = FilterForm(request.args), principal()
    right = form.validate()
    wanted = form.wanted(person.user_id) if right else Wanted()
    answer = render_template(
        "author/bank.html",
        form=form,
        page=find(db.session(), wanted, asked_page(), PAGE),
        narrowed=form.narrowed(),
        counts=_counts(person.user_id) if person.may(Permission.WORK_ON_ITEMS) else {},
        acts=[act for act, needs in NEEDS.items() if person.may(needs)],
    )
    return answer, 200 if right else 422


def _counts(user_id: int) -> dict[str, int]:
    """The work that waits, by who has to do something about it."""
    lists = {
        "drafts": Wanted(mine=user_id, revision="draft"),
        "in_review": Wanted(revision="in_review"),
        "approved": Wanted(revision="approved"),
    }
    return {name: find(db.session(), wanted, 1, 1).total for name, wanted in lists.items()}
