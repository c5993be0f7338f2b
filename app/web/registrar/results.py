"""The results of a session: what each candidate came to, and the button that releases them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.accounts.permissions import Permission
from app.core.db import db
from app.delivery import rescue
from app.models.registration import Part
from app.results.overview import session_overview
from app.results.scores import WAITING, SeatScore
from app.web import releasing
from app.web.access import requires
from app.web.errors import spoken
from app.web.paging import asked_page, pages_of
from app.web.registrar.score_plot import score_plot

bp = Blueprint("results", __name__, url_prefix="/registrar/sessions/<id:session_id>/results")
PAGE = 100


@bp.get("")
@requires(Permission.READ_RESULTS)
def show(session_id: int) -> ResponseReturnValue:
    page = asked_page()
    overview = session_overview(db.session(), session_id, slice((page - 1) * PAGE, page * PAGE))
    part = overview.level.theory if overview.exam.part == Part.THEORY else overview.level.practical
    return render_template(
        "registrar/results.html", overview=overview, exam=overview.exam, waits=_waits, page=page,
        pages=pages_of(len(overview.parts), PAGE), late=rescue.waiting_candidates(db.session(), session_id),
        plot=score_plot(overview.scores, part.pass_mark, part.full_marks),
    )  # fmt: skip


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
