"""Agreement over all practical sessions of a level in a span of time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.models.registration import ExamSession
from app.practical import agreeing
from app.web.access import principal, requires
from app.web.examiner.agreement import shown
from app.web.examiner.agreement_tables import as_file, tables
from app.web.titles import criterion_name, level_choices

bp = Blueprint("agreements", __name__, url_prefix="/registrar/agreement")
USUAL_SPAN = timedelta(days=365)
MOST_SESSIONS = 100


@bp.get("")
@requires(Permission.READ_SESSIONS)
def show() -> ResponseReturnValue:
    level, since, until, sittings = _asked()
    session, who = db.session(), principal().user_id
    found = agreeing.agreement_of(session, sittings, who) if sittings else None
    each = [agreeing.agreement_of(session, [sitting], who) for sitting in sittings]
    whole: dict[str, Any] = shown(found) if found else {"found": None, "summary": None}
    return render_template(
        "registrar/agreements.html", level=level, since=since, until=until, levels=level_choices(), each=each,
        **whole,
    )  # fmt: skip


@bp.get("/file.<kind>")
@requires(Permission.READ_SESSIONS)
def download(kind: str) -> ResponseReturnValue:
    level, since, until, sittings = _asked()
    if not sittings:
        raise NotFound()
    found = agreeing.agreement_of(db.session(), sittings, principal().user_id)
    return as_file(kind, tables(found, criterion_name), f"agreement-{level.replace('/', '-')}-{since}-{until}")


def _asked() -> tuple[str, date, date, list[ExamSession]]:
    """The level and the days asked for; a year to today if nothing is."""
    known = [value for value, _label in level_choices()]
    level = request.args.get("level", known[0])
    until = _day("until", clock.now().date())
    since = _day("since", until - USUAL_SPAN)
    if level not in known:
        raise NotFound()
    code, _slash, name = level.partition("/")
    found = agreeing.sessions_between(db.session(), code, name, since, until)
    return level, since, until, found[:MOST_SESSIONS]


def _day(field: str, usual: date) -> date:
    given = request.args.get(field, "").strip()
    try:
        return date.fromisoformat(given) if given else usual
    except ValueError as error:
        message = N_("“%(given)s” is no day. Write it as year-month-day, for example 2026-05-31.")
        raise Refusal("day_invalid", message, given=given[:20]) from error
