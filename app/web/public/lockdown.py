"""The configuration file of Safe Exam Browser, fetched by the browser itself before anybody has logged in."""

from __future__ import annotations

from flask import Response

from app.core.db import db
from app.web.lockdown import session_of_token
from app.web.public.views import bp
from proctoring.terms import config_file

MEDIA_TYPE = "application/seb"


@bp.get("/lockdown/<token>.seb")
def lockdown_file(token: str) -> Response:
    return as_file(session_of_token(token))


def as_file(session_id: int) -> Response:
    answer = Response(config_file(db.session(), session_id), content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="session-{session_id}.seb"'
    return answer
