"""An examiner's own papers: the own part of the roster, and the own blank sheets."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core.db import db
from app.core.errors import NotFound
from app.models.registration import ExamSession
from app.practical.marking import sheets
from app.practical.sittings import practical_session
from app.web.access import principal, requires
from app.web.examiner.views import bp
from app.web.paper_files import excel_of, pdf_of
from app.web.paper_words import OF_EXAMINER, PAPERS
from app.web.registrar.papers import kind_of
from certificates.papers.practical.papers import Kind


@bp.get("/sessions/<id:session_id>/papers")
@requires(Permission.MARK_PRACTICAL)
def papers(session_id: int) -> ResponseReturnValue:
    sitting = _own(session_id)
    told = [one for one in PAPERS if one.kind in OF_EXAMINER]
    return render_template("examiner/papers.html", sitting=sitting, papers=told)


@bp.get("/sessions/<id:session_id>/papers/<kind>.pdf")
@requires(Permission.MARK_PRACTICAL)
def paper_pdf(session_id: int, kind: str) -> Response:
    return pdf_of(_own(session_id).id, _own_kind(kind), principal().user_id)


@bp.get("/sessions/<id:session_id>/papers/<kind>.xlsx")
@requires(Permission.MARK_PRACTICAL)
def paper_excel(session_id: int, kind: str) -> Response:
    return excel_of(_own(session_id).id, _own_kind(kind), principal().user_id)


def _own(session_id: int) -> ExamSession:
    sitting = practical_session(db.session(), session_id)
    if not sheets.own_sheets(db.session(), principal().user_id, session_id):
        raise NotFound()
    return sitting


def _own_kind(name: str) -> Kind:
    kind = kind_of(name)
    if kind not in OF_EXAMINER:
        raise NotFound()
    return kind
