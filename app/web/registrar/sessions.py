"""Sessions: the list, planning one, and one with its candidates, staff and next step."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.delivery import marking_job, redrawing
from app.delivery.open_marks import waiting_answers
from app.models.account import User
from app.models.exam import SessionSeal
from app.models.registration import ExamSession, Part, SessionState, StaffRole
from app.practical.panels.panels import unaccounted
from app.registration import planning, queries, rooms, roster, sites
from app.registration.overview import overview
from app.registration.queries import PAGE
from app.results import conduct
from app.schemes.scheme import scheme as scheme_of
from app.web.access import principal, requires
from app.web.errors import render
from app.web.paging import asked_page, pages_of
from app.web.registrar.forms import SessionForm
from app.web.registrar.marking import marking_view
from app.web.registrar.views import bp
from question_bank.sealing import hash_of

SEATS = 100
"""So many of the candidates on one page."""
LATE = (Part.THEORY, StaffRole.EXAMINER)
"""Whoever marks open answers has work left when the doors are closed."""
STEPS = {
    "prepare": conduct.prepare,
    "open": conduct.open_doors,
    "close": conduct.close,
}


@bp.get("/sessions")
@requires(Permission.READ_SESSIONS)
def sessions() -> ResponseReturnValue:
    state, part = request.args.get("state", ""), request.args.get("part", "")
    page = asked_page()
    rows = queries.sessions(db.session(), state=state, part=part, page=page)
    total = queries.sessions_count(db.session(), state=state, part=part)
    counts = queries.seat_counts(db.session(), [row.id for row in rows])
    return render_template(
        "registrar/sessions.html", rows=rows, counts=counts, state=state, part=part, states=list(SessionState),
        parts=list(Part), page=page, pages=pages_of(total, PAGE),
    )  # fmt: skip


@bp.route("/sessions/new", methods=["GET", "POST"])
@requires(Permission.PLAN_SESSIONS)
def new_session() -> ResponseReturnValue:
    known = list(sites.all_sites(db.session()))
    form, refused = SessionForm(known), ""
    if form.validate_on_submit():
        try:
            row = planning.plan_session(db.session(), principal().actor, form.plan(), clock.now())
        except Refusal as refusal:
            db.session.rollback()
            refused = render(refusal)
        else:
            db.session.commit()
            flash(_("The session is planned. Next: add candidates and staff."), "success")
            return redirect(url_for("registrar.session", session_id=row.id), 303)
    page = render_template("registrar/session_new.html", form=form, sites=known, refused=refused)
    return page, 422 if request.method == "POST" else 200


@bp.get("/sessions/<id:session_id>")
@requires(Permission.READ_SESSIONS)
def session(session_id: int) -> ResponseReturnValue:
    row = planning.exam_session(db.session(), session_id)
    plannable = row.state in (SessionState.PLANNED, SessionState.PREPARED)
    may_plan, page = principal().may(Permission.PLAN_SESSIONS), asked_page()
    seated = queries.seat_counts(db.session(), [row.id]).get(row.id, 0)
    return render_template(
        "registrar/session.html",
        row=row,
        seats=queries.seats_of(db.session(), row.id, page=page, size=SEATS),
        seated=seated,
        page=page,
        pages=pages_of(seated, SEATS),
        figures=overview(db.session(), row),
        gate=roster.gate_of(db.session(), row),
        seatable=queries.seatable(db.session(), row) if plannable and may_plan else [],
        staffable=_staffable(row) if may_plan else {},
        waiting=waiting_answers(db.session(), row.id),
        redrawable=len({use.attempt for use in redrawing.waiting(db.session(), row.id)})
        if plannable or row.state == SessionState.OPEN
        else 0,
        seal=(seal := db.session.get(SessionSeal, row.id)),
        seal_hash=hash_of(seal.secret) if seal else "",
        plannable=plannable,
        unaccounted=unaccounted(db.session(), row.id)
        if row.part == Part.PRACTICAL and row.state == SessionState.OPEN
        else [],
        rooms=rooms.rooms_of(db.session(), row.id),
        proctor_ratio=scheme_of(row.scheme).level(row.level).theory.proctor_ratio,
        next=_next_step(row),
        over=row.state in (SessionState.CLOSED, SessionState.RELEASED),
        **marking_view(row.id, clock.now()),
    )


def _staffable(row: ExamSession) -> dict[StaffRole, Sequence[User]]:
    """Who could still be put on the roster, by role; the examiners of open answers also after the doors have closed."""
    if row.state == SessionState.RELEASED:
        return {}
    over = row.state == SessionState.CLOSED
    roles = [role for role in roster.fitting_roles(row) if not over or (row.part, role) == LATE]
    return {role: queries.staffable(db.session(), row, role) for role in roles}


@bp.post("/sessions/<id:session_id>/<any(prepare, open, close):step>")
@requires(Permission.PLAN_SESSIONS)
def run_session(session_id: int, step: str) -> ResponseReturnValue:
    row = STEPS[step](db.session(), principal().actor, session_id, clock.now())
    db.session.commit()
    flash(_done(row, step), "success")
    return redirect(url_for("registrar.session", session_id=session_id), 303)


def _next_step(row: ExamSession) -> str:
    """Which of prepare, open, close, release comes next."""
    order = {
        SessionState.PLANNED: "prepare",
        SessionState.PREPARED: "open",
        SessionState.OPEN: "close",
        SessionState.CLOSED: "release",
    }
    return order.get(SessionState(row.state), "")


def _done(row: ExamSession, step: str) -> str:
    said: dict[str, str] = {
        "prepare": _("Every seat has its paper. Next: mark the proctors as present, then open the session."),
        "open": _("The session is open. Candidates can begin."),
        "close": _("The session is closed. Next: check the results and release them."),
    }
    job = marking_job.job_of(db.session(), row.id) if step == "close" else None
    if job is not None and job.under_way:
        said["close"] = _("The session is closed for everybody. The papers are being marked; see below how far it is.")
    if step == "prepare" and row.part == Part.PRACTICAL:
        said["prepare"] = _(
            "Every candidate has two examiners. Next: mark the examiners as present, then open the session."
        )
    return said[step]
