"""The stations of a practical, the rules its timetable keeps, and the head of the panel."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models.registration import ExamSession, SessionState
from app.practical.marking.heads import head_of
from app.practical.panels import assigning, stations
from app.practical.panels.stations import RulesStanding, RulesWanted, StationWanted
from app.practical.sittings import examiners_of, practical_part
from app.registration.queries import seat_counts
from app.web.access import principal, requires
from app.web.errors import render
from app.web.registrar.panel import bp, practical

SPARE_ROWS = 3


@bp.get("/stations")
@requires(Permission.READ_SESSIONS)
def stations_page(session_id: int) -> ResponseReturnValue:
    sitting = practical(session_id)
    rows = [
        StationWanted(one.name, tuple(one.slots), one.places) for one in stations.stations_of(db.session(), sitting.id)
    ]
    return _page(sitting, rows, stations.rules_of(db.session(), sitting))


@bp.post("/stations")
@requires(Permission.PLAN_SESSIONS)
def save_stations(session_id: int) -> ResponseReturnValue:
    sitting = practical(session_id)
    rows, rules = _typed_rows(), stations.rules_of(db.session(), sitting)
    try:
        rules = _typed_rules()
        stations.set_stations(db.session(), principal().actor, session_id, rows, clock.now())
        stations.set_rules(db.session(), principal().actor, session_id, RulesWanted(**asdict(rules)))
    except Refusal as refusal:
        db.session.rollback()
        return _page(practical(session_id), rows, rules, refused=render(refusal)), refusal.status
    db.session.commit()
    flash(_("The stations stand. Next: allocate, so that everybody gets examiners, stations and times."), "success")
    return redirect(url_for(".show", session_id=sitting.id), 303)


@bp.post("/stations/suggested")
@requires(Permission.PLAN_SESSIONS)
def suggest_stations(session_id: int) -> ResponseReturnValue:
    sitting, session = practical(session_id), db.session()
    count = seat_counts(session, [session_id]).get(session_id, 0)
    rows = stations.suggested(sitting, count, len(examiners_of(session, sitting)))
    stations.set_stations(session, principal().actor, session_id, rows, clock.now())
    session.commit()
    flash(
        _("One station for each pair of examiners, and a computer room. Change what is different at your site."),
        "success",
    )
    return redirect(url_for(".stations_page", session_id=session_id), 303)


@bp.post("/head")
@requires(Permission.PLAN_SESSIONS)
def name_head(session_id: int) -> ResponseReturnValue:
    chosen = request.form.get("user", type=int)
    assigning.set_head(db.session(), principal().actor, session_id, chosen)
    db.session.commit()
    said = _("The head of the panel is named. They sign the score register before release.")
    flash(said if chosen else _("Nobody heads this panel now."), "success")
    return redirect(url_for(".show", session_id=session_id), 303)


def _page(sitting: ExamSession, rows: list[StationWanted], rules: RulesStanding, refused: str = "") -> str:
    tasks = practical_part(sitting).tasks
    fixed = sitting.state not in (SessionState.PLANNED, SessionState.PREPARED)
    spare = [] if fixed else [StationWanted("", (), 1)] * SPARE_ROWS
    return render_template(
        "registrar/panel_stations.html", sitting=sitting, rows=[*rows, *spare], stands=bool(rows), rules=rules,
        tasks=tasks, fixed=fixed, refused=refused, most=stations.MOST_PLACES, longest=stations.LONGEST_NAME,
        head=head_of(db.session(), sitting.id),
    )  # fmt: skip


def _typed_rows() -> list[StationWanted]:
    """The rows of the form; one without a name is none."""
    names = [(key[5:], text.strip()) for key, text in request.form.items() if key.startswith("name-")]
    return [
        StationWanted(name, tuple(request.form.getlist(f"slots-{row}")), request.form.get(f"places-{row}", 0, type=int))
        for row, name in names[: stations.MOST_STATIONS]
        if name
    ]


def _typed_rules() -> RulesStanding:
    figures = [request.form.get(name, type=int) for name in ("attend", "rest", "gap")]
    people = request.form.get("people", "").strip()
    if None in figures or (people and not people.isdecimal()):
        raise Refusal("panel_rules_unread", N_("Rests, gaps and numbers of people are whole numbers. Mend them."))
    attend, rest, gap = (figure or 0 for figure in figures)
    return RulesStanding(attend, rest, gap, int(people) if people else None)
