"""How well the examiners of a panel agree, while it runs and after: for its head, registrars and auditors.

An examiner finds the own figures once the session is closed, and nobody else's.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.models.registration import ExamSession, Part, SessionState
from app.practical import agreeing
from app.practical.agreeing import Agreement
from app.practical.agreement.summary import ExaminerFigures
from app.practical.marking import heads
from app.registration.planning import exam_session
from app.schemes.scheme import scheme
from app.web.access import principal, requires
from app.web.examiner.agreement_charts import bars, drift_lines, scatter
from app.web.examiner.agreement_tables import as_file, tables
from app.web.examiner.agreement_words import told
from app.web.titles import criterion_name

bp = Blueprint("agreement", __name__)
LEAST_PANEL = 3
"""Of two examiners, each one's figure would be the other's."""
SHOWN_APART = 15


@bp.get("/panel/<id:session_id>/agreement")
@requires(None)
def show(session_id: int) -> ResponseReturnValue:
    sitting, is_head = seen_by_viewer(session_id)
    found = agreeing.agreement_of(db.session(), [sitting], principal().user_id)
    return render_template(
        "examiner/agreement.html",
        sitting=sitting,
        is_head=is_head,
        live=sitting.state == SessionState.OPEN,
        now=clock.now(),
        **shown(found),
    )


@bp.get("/panel/<id:session_id>/agreement/file.<kind>")
@requires(None)
def download(session_id: int, kind: str) -> ResponseReturnValue:
    sitting, _is_head = seen_by_viewer(session_id)
    found = agreeing.agreement_of(db.session(), [sitting], principal().user_id)
    return as_file(kind, tables(found, criterion_name), f"agreement-{session_id}")


@bp.get("/examiner/sessions/<id:session_id>/agreement")
@requires(Permission.MARK_PRACTICAL)
def own(session_id: int) -> ResponseReturnValue:
    """After the session, and only where one's figure is not another's with the sign turned."""
    sitting, who = exam_session(db.session(), session_id), principal().user_id
    if sitting.part != Part.PRACTICAL or not agreeing.examines_in(db.session(), session_id, who):
        raise NotFound()
    over = sitting.state in (SessionState.CLOSED, SessionState.RELEASED)
    found = agreeing.agreement_of(db.session(), [sitting], who) if over else None
    figures = _own(found, who) if found else None
    return render_template(
        "examiner/agreement_own.html", sitting=sitting, over=over, found=found, figures=figures,
        limits=scheme(sitting.scheme).level(sitting.level).practical.agreement,
    )  # fmt: skip


def seen_by_viewer(session_id: int) -> tuple[ExamSession, bool]:
    """The practical session, and whether the viewer heads its panel; to others it does not exist."""
    who, sitting = principal(), exam_session(db.session(), session_id)
    is_head = heads.head_of(db.session(), session_id) == who.user_id
    if sitting.part != Part.PRACTICAL or not (is_head or who.may(Permission.READ_SESSIONS)):
        raise NotFound()
    return sitting, is_head


def shown(found: Agreement) -> dict[str, Any]:
    """What the page needs to draw; without figures only how many candidates there are."""
    one = found.summary
    first = found.sittings[0]
    limits = scheme(first.scheme).level(first.level).practical.agreement
    if one is None:
        return {"found": found, "summary": None, "limits": limits}
    furthest = sorted(found.doubles.rows, key=lambda row: -abs(row.first.total - row.second.total))
    drifting = [who for who in one.examiners if who.drift is not None]
    return {
        "found": found,
        "summary": one,
        "limits": limits,
        "flags": [told(flag, found.names) for flag in one.flags],
        "severity_bars": bars((who.severity for who in one.examiners), float(limits.severity)),
        "drifting": drifting,
        "drift_bars": bars((who.drift.slope for who in drifting if who.drift), float(limits.drift)),
        "scatter": scatter(found.doubles, found.gap, found.pass_mark),
        "lines": drift_lines(found.doubles, one),
        "furthest": [row for row in furthest[:SHOWN_APART] if row.first.total != row.second.total],
    }


def _own(found: Agreement, who: int) -> ExaminerFigures | None:
    if found.summary is None:
        return None
    part = next((part for part in found.summary.parts if who in part), ())
    if len(part) < LEAST_PANEL:
        return None
    return next((one for one in found.summary.examiners if one.examiner == who), None)


@bp.app_template_filter("signed_points")
def signed_points(value: float | None) -> str:
    """With its sign, and a real minus."""
    if value is None:
        return str(_("not computable"))
    return f"{value:+.1f}".replace("-", "−") if abs(value) >= 0.05 else "0.0"
