"""A candidate's released results and certificates: scores and marks by row, never an item."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.models.certificate import Certificate
from app.registration.facts import day_of
from app.results.history import candidate_results
from app.web.access import principal, requires
from app.web.api.certificates import download
from app.web.registrar.succession import letter_file
from certificates.batches import progress
from certificates.register import entries as register
from certificates.register.standing import standing_of

bp = Blueprint("candidate_results", __name__, url_prefix="/results")


@bp.get("")
@requires(Permission.READ_OWN)
def index() -> ResponseReturnValue:
    results = candidate_results(db.session(), principal().user_id)
    ordered = progress.of_person(db.session(), principal().user_id)
    today = day_of(clock.now())
    standings = {one.id: standing_of(db.session(), one, today) for level in results for one in level.certificates}
    return render_template("candidate/results.html", results=results, ordered=ordered, standings=standings)


@bp.get("/certificates/<serial>")
@requires(Permission.READ_OWN)
def pdf(serial: str) -> Response:
    return download(_own(serial))


@bp.get("/certificates/<serial>/letters/<id:event_id>")
@requires(Permission.READ_OWN)
def letter(serial: str, event_id: int) -> Response:
    return letter_file(_own(serial), event_id)


def _own(serial: str) -> Certificate:
    """Only one's own; another's is no more there than one that does not exist."""
    own = {one.serial for level in candidate_results(db.session(), principal().user_id) for one in level.certificates}
    if serial not in own:
        raise NotFound()
    return register.entry(db.session(), serial, with_pdf=True)
