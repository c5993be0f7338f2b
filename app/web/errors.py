"""Every refusal and fault becomes words once, here: JSON for the API, a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import psycopg
import structlog
from flask import Flask, flash, g, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from app.core import logs, metrics
from app.core.db import db
from app.core.errors import N_, Refusal
from app.web import access
from app.web.state_names import state_name
from app.web.uploads import discard_rest

log = structlog.get_logger()

_HTTP = {
    400: ("bad_request", N_("The request could not be read. Go back, check what you sent and try again.")),
    404: ("not_found", N_("There is nothing here that you may see. Check the address or number.")),
    405: ("method_not_allowed", N_("This address does not take that kind of request.")),
    413: ("too_large", N_("What you sent is too large. Send a smaller file or fewer entries at once.")),
    415: ("json_required", N_("Send JSON, with the header Content-Type: application/json.")),
    429: ("too_many_requests", N_("Too many tries in a short time. Wait a minute, then try again.")),
    503: ("unavailable", N_("The service cannot reach its records just now. Nothing was lost; try again in a moment.")),
    500: ("fault", N_("Something went wrong on our side. Nothing was half done; please try again.")),
}


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.path.startswith("/api/") or best == "application/json"


def render(refusal: Refusal) -> str:
    """The sentence in the language of whoever asks."""
    return spoken(refusal.message, refusal.params)


def spoken(message: str, params: Mapping[str, Any]) -> str:
    """A msgid with what it is about, states and kinds by their names."""
    sentence = str(gettext(message))
    return sentence % {name: _shown(value) for name, value in params.items()} if params else sentence


def _shown(value: Any) -> Any:
    return "、".join(state_name(str(one)) for one in value) if isinstance(value, list | tuple) else value


def told(details: dict[str, Any]) -> dict[str, Any]:
    """Details whose problems carry a reason get it in the language of whoever asks."""
    problems = [_told_problem(one) for one in details.get("problems", ())]
    return {**details, "problems": problems} if problems else details


def _told_problem(problem: Any) -> Any:
    reason = problem.get("reason") if isinstance(problem, dict) else None
    if not reason:
        return problem
    params = problem.get("params")
    return {**problem, "reason": gettext(reason) % params if params else gettext(reason)}


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DataError, _unstorable)
    for lost in (OperationalError, InterfaceError, PoolExhausted, psycopg.OperationalError):
        app.register_error_handler(lost, _unavailable)
    app.register_error_handler(Exception, _fault)


def _answer(code: str, message: str, status: int, details: dict[str, Any] | None = None) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error={"code": code, "message": message, "details": details or {}}), status
    return render_template("error.html", code=code, message=message, status=status, details=details or {}), status


def _refused(refusal: Refusal) -> ResponseReturnValue:
    metrics.REFUSED.labels(refusal.code).inc()
    db.session.rollback()
    if refusal.code == "login_required" and not wants_json():
        return access.to_login()  # type: ignore[no-any-return]
    if request.method == "POST" and not wants_json() and (page := _page_before()):
        flash(render(refusal), "error")
        return redirect(page, 303)
    return _answer(refusal.code, render(refusal), refusal.status, told(refusal.details))


def _page_before() -> str | None:
    """The page of ours whose button was pressed, to say the refusal there."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host or before.path == request.path or before.path.startswith("//"):
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
    log.warning("unstorable", error=logs.said(error), route=_route())
    message = N_("Something you sent holds characters or figures that cannot be kept. Check it and send again.")
    return _answer("unstorable", gettext(message), 422)


def _unavailable(error: Exception) -> ResponseReturnValue:
    """The database, or a free connection to it, is out of reach for the moment; nobody is asked who this is."""
    g.setdefault("principal", None)
    db.session.rollback()
    log.error("unavailable", error=logs.said(error), route=_route(), method=request.method)
    code, message = _HTTP[503]
    response = make_response(_answer(code, gettext(message), 503))
    response.headers["Retry-After"] = "5"
    return response


def _fault(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.exception("fault", route=_route(), method=request.method)
    code, message = _HTTP[500]
    return _answer(code, gettext(message), 500)


def _route() -> str:
    """The pattern of the address, for the log; the address itself may name a person's records."""
    return request.url_rule.rule if request.url_rule else "unknown"
