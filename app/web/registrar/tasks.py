"""The tasks drawn for a practical session: who has which, what is missing, and drawing one anew."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models.registration import ExamSession, Part, SessionState
from app.practical.sittings import locked_sitting, refuse_if_over
from app.practical.tasks import drawing as task_drawing
from app.practical.tasks.drawn import slots_of
from app.practical.tasks.rows import title_of
from app.registration import planning
from app.web.access import principal, requires
from app.web.paging import asked_page, pages_of
from app.web.registrar.views import bp

PAGE = 100


@bp.get("/sessions/<id:session_id>/tasks")
@requires(Permission.READ_SESSIONS)
def session_tasks(session_id: int) -> ResponseReturnValue:
    row = _practical(session_id)
    session, page = db.session(), asked_page()
    drawn, slots = task_drawing.drawn(session, row), slots_of(row.scheme, row.level)
    return render_template(
        "registrar/tasks.html", row=row, slots=slots, candidates=len(drawn), page=page,
        pages=pages_of(len(drawn), PAGE), missing=sum(bool(one.empty) for one in drawn),
        drawn=drawn[(page - 1) * PAGE : page * PAGE],
        lacking=task_drawing.lacking(session, row), over=row.state in (SessionState.CLOSED, SessionState.RELEASED),
    )  # fmt: skip


@bp.post("/sessions/<id:session_id>/tasks")
@requires(Permission.PLAN_SESSIONS)
def draw_tasks(session_id: int) -> ResponseReturnValue:
    """Only what is missing; whatever was drawn stays."""
    session = db.session()
    _practical(session_id)
    sitting = locked_sitting(session, session_id)
    refuse_if_over(sitting)
    task_drawing.draw_tasks(session, principal().actor, sitting, clock.now())
    session.commit()
    flash(_("Drawn. Whatever was there before stayed as it was."), "success")
    return redirect(url_for(".session_tasks", session_id=session_id), 303)


@bp.post("/sessions/<id:session_id>/tasks/redraw")
@requires(Permission.PLAN_SESSIONS)
def redraw_task(session_id: int) -> ResponseReturnValue:
    session = db.session()
    seat, _sign, slot = request.form.get("which", "").partition("/")
    if not seat.isdecimal() or len(seat) > 18 or not slot:
        raise Refusal("task_not_chosen", N_("Choose the candidate's task that is to be drawn anew."))
    made = task_drawing.redraw(
        session, principal().actor, session_id, int(seat), slot, request.form.get("reason", ""), clock.now()
    )
    session.commit()
    flash(_("Seat %(seat)s has another task now: %(task)s.", seat=made.seat.number, task=title_of(made)),
          "success")  # fmt: skip
    return redirect(url_for(".session_tasks", session_id=session_id), 303)


def _practical(session_id: int) -> ExamSession:
    row = planning.exam_session(db.session(), session_id)
    if row.part != Part.PRACTICAL:
        raise Refusal("not_practical", N_("Only a practical session has tasks."), status=404)
    return row
