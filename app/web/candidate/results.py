"""A candidate's released results and certificates: scores and marks by row, never an item."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.registration.facts import day_of
from app.results.history import candidate_results
from app.web.access import principal, requires
from app.web.api.certificates import download
from certificates.register import entries as register

bp = Blueprint("candidate_results", __name__, url_prefix="/results")


@bp.get("")
@requires(Permission.READ_OWN)
def index() -> ResponseReturnValue:
    results = candidate_results(db.session(), principal().user_id)
    return render_template("candidate/results.html", results=results, today=day_of(clock.now()),
                           worth=register.worth)  # fmt: skip


@bp.get("/certificates/<serial>")
@requires(Permission.READ_OWN)
def pdf(serial: str) -> Response:
    """Only one's own; another's is no more there than one that does not exist."""
    own = {one.serial for level in candidate_results(db.session(), principal().user_id) for one in level.certificates}
    if serial not in own:
        raise NotFound()
    return download(register.entry(db.session(), serial, with_pdf=True))
