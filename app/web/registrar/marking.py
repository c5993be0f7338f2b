"""How far the marking of a closed session is, and another try if it failed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock, jobs
from app.core.db import db
from app.core.jobs import Job
from app.delivery import marking_job
from app.registration import planning
from app.web.access import principal, requires
from app.web.registrar.views import bp

STALLED = timedelta(seconds=20)


@bp.get("/sessions/<id:session_id>/marking")
@requires(Permission.READ_SESSIONS)
def marking(session_id: int) -> ResponseReturnValue:
    """The piece of the session's page that tells it; nothing once it is over."""
    row = planning.exam_session(db.session(), session_id)
    shown = marking_view(session_id, clock.now())
    if shown["job"] is None:
        return "", 204
    return render_template("registrar/_marking.html", row=row, may=principal().may(Permission.PLAN_SESSIONS), **shown)


@bp.post("/sessions/<id:session_id>/marking")
@requires(Permission.PLAN_SESSIONS)
def mark_again(session_id: int) -> ResponseReturnValue:
    planning.exam_session(db.session(), session_id)
    job = marking_job.job_of(db.session(), session_id)
    if job is not None:
        jobs.again(db.session(), principal().actor, job)
        db.session.commit()
        flash(_("The marking goes on where it stopped."), "success")
    return redirect(url_for("registrar.session", session_id=session_id), 303)


def marking_view(session_id: int, now: datetime) -> dict[str, Any]:
    """The job while it has something to tell."""
    job = marking_job.job_of(db.session(), session_id)
    told: Job | None = job if job is not None and (job.under_way or job.state == jobs.JobState.FAILED) else None
    return {"job": told, "stalled": told is not None and told.under_way and now - told.changed_at > STALLED}
