"""The results of a session: what each candidate came to, and the button that releases them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.accounts.permissions import Permission
from app.core.db import db
from app.delivery import rescue
from app.results.overview import session_overview
from app.results.scores import WAITING, SeatScore
from app.web import releasing
from app.web.access import requires
from app.web.errors import spoken

bp = Blueprint("results", __name__, url_prefix="/registrar/sessions/<id:session_id>/results")


@bp.get("")
@requires(Permission.READ_RESULTS)
def show(session_id: int) -> ResponseReturnValue:
    overview = session_overview(db.session(), session_id)
    late = rescue.waiting_candidates(db.session(), session_id)
    return render_template("registrar/results.html", overview=overview, exam=overview.exam, waits=_waits, late=late)


def _waits(one: SeatScore) -> str:
    """What a seat without a score waits for."""
    return spoken(WAITING[one.standing], {"groups": one.waits_for}) if one.standing.waits else ""


@bp.post("/release")
@requires(Permission.RELEASE_RESULTS)
def release(session_id: int) -> ResponseReturnValue:
    done = releasing.released(session_id)
    db.session.commit()
    said = ngettext(
        "%(num)s result is released, %(passed)s of it a pass. The candidate sees it; issue the certificates next.",
        "%(num)s results are released, %(passed)s of them passes. Candidates see them; issue the certificates next.",
        done.results,
        passed=done.passed,
    )
    flash(said, "success")
    return redirect(url_for("results.show", session_id=session_id), 303)
