"""The timetable of a practical on one page: who, where, when."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core.db import db
from app.practical.marking.standing import session_standings
from app.practical.panels.stations import stations_of, turns_of_session
from app.web.access import requires
from app.web.registrar.panel import bp, practical
from app.web.registrar.timetable_rows import grid

LONGEST_FILTER = 60


@bp.get("/timetable")
@requires(Permission.READ_SESSIONS)
def timetable(session_id: int) -> ResponseReturnValue:
    sitting, session = practical(session_id), db.session()
    by = "examiner" if request.args.get("by") == "examiner" else "station"
    wanted = request.args.get("q", "").strip()[:LONGEST_FILTER]
    standings, turns = session_standings(session, session_id), turns_of_session(session, session_id)
    own: dict[int, list[object]] = {}
    for turn in turns:
        own.setdefault(turn.seat_id, []).append(turn)
    folded = wanted.casefold()
    listed = [
        one
        for one in standings
        if not folded or folded == str(one.seat.number) or folded in one.seat.application.candidate.name.casefold()
    ]
    return render_template(
        "registrar/panel_timetable.html", sitting=sitting, by=by, wanted=wanted, standings=listed, turns=own,
        grid=grid(sitting, standings, turns, by, folded), stations=stations_of(session, session_id),
    )  # fmt: skip
