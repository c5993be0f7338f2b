"""Every refusal and fault becomes words once, here: JSON for the API, a page for people."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, flash, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from app.core.db import db
from app.core.errors import N_, Refusal
from app.web import access
from app.web.uploads import discard_rest

log = structlog.get_logger()

_HTTP = {
    400: ("bad_request", N_("The request could not be read. Go back, check what you sent and try again.")),
    404: ("not_found", N_("There is nothing here that you may see. Check the address.")),
    405: ("method_not_allowed", N_("This address does not take that kind of request.")),
    413: ("too_large", N_("What you sent is too large. Send a smaller file or fewer entries at once.")),
    415: ("json_required", N_("Send JSON, with the header Content-Type: application/json.")),
    429: ("too_many_requests", N_("Too many tries in a short time. Wait a minute, then try again.")),
    500: ("fault", N_("Something went wrong on our side. Nothing was half done; please try again.")),
}


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.path.startswith("/api/") or best == "application/json"


def render(refusal: Refusal) -> str:
    """The sentence in the language of whoever asks."""
    sentence = str(gettext(refusal.message))
    return sentence % refusal.params if refusal.params else sentence


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(Exception, _fault)


def _answer(code: str, message: str, status: int, details: dict[str, Any] | None = None) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error={"code": code, "message": message, "details": details or {}}), status
    return render_template("error.html", code=code, message=message, status=status, details=details or {}), status


def _refused(refusal: Refusal) -> ResponseReturnValue:
    db.session.rollback()
    if refusal.code == "login_required" and not wants_json():
        return access.to_login()  # type: ignore[no-any-return]
    if request.method == "POST" and not wants_json() and (page := _page_before()):
        flash(render(refusal), "error")
        return redirect(page, 303)
    return _answer(refusal.code, render(refusal), refusal.status, refusal.details)


def _page_before() -> str | None:
    """The page of ours whose button was pressed, to say the refusal there."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host or before.path == request.path:
        return None
    return before.path + (f"?{before.query}" if before.query else "")


def _csrf(error: CSRFError) -> ResponseReturnValue:
    message = N_("This page was open too long or in two places. Reload it and send again; nothing was changed.")
    return _answer("csrf", gettext(message), 400)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error
    if error.code == 413:
        discard_rest()
    code, message = _HTTP.get(error.code or 500, _HTTP[400])
    answer = _answer(code, gettext(message), error.code or 500)
    response = make_response(answer)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _unstorable(error: DataError) -> ResponseReturnValue:
    db.session.rollback()
    log.warning("unstorable", error=str(error.orig), path=request.path)
    message = N_("Something you sent holds characters or figures that cannot be kept. Check it and send again.")
    return _answer("unstorable", gettext(message), 422)


def _fault(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.exception("fault", path=request.path, method=request.method)
    code, message = _HTTP[500]
    return _answer(code, gettext(message), 500)
