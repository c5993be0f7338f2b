"""Papers of a practical's day as files, for the pages and the API."""

from __future__ import annotations

from flask import Response, current_app, url_for

from app.config import Settings
from app.core.db import db
from app.web.access import principal
from certificates.papers.practical import papers as practical_papers
from certificates.papers.practical.papers import Kind, Wanted

PDF = "application/pdf"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pdf_of(session_id: int, kind: Kind, examiner_id: int | None = None) -> Response:
    content = practical_papers.pdf(db.session(), _wanted(session_id, kind, examiner_id))
    return _file(content, PDF, f"{kind}-{session_id}.pdf")


def excel_of(session_id: int, kind: Kind, examiner_id: int | None = None) -> Response:
    content = practical_papers.workbook(db.session(), _wanted(session_id, kind, examiner_id))
    return _file(content, EXCEL, f"{kind}-{session_id}.xlsx")


def _wanted(session_id: int, kind: Kind, examiner_id: int | None) -> Wanted:
    settings: Settings = current_app.extensions["settings"]
    address = f"{settings.public_url}{url_for('papers.find_sheet', session_id=session_id)}"
    return Wanted(kind, session_id, principal().user_id, address, examiner_id)


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
