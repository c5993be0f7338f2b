"""What integrity asks of a candidate: shown before the start, checked at it, and only noted while the exam runs."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.delivery import direct
from app.web import access, lockdown
from app.web.api.operation import api
from app.web.candidate.exam import bp
from proctoring import addresses, admittance, captures, signal_log
from proctoring.admittance import Door
from proctoring.lockdown import Mode
from proctoring.signals import MEANINGS, Kind

STARTS = frozenset({"exam.begin", "api.attempts_start"})
HEARD = STARTS | {"exam.show", "api.attempts_changes", "api.attempts_submit", "api.integrity_signals"}
"""Requests that come from where the candidate sits."""
PAGES = frozenset({"exam.show", "exam.ahead"})
PICTURES = "camera=(self), display-capture=(self), microphone=(), geolocation=()"


@bp.before_request
@api.before_request
def _ask_before_the_start() -> None:
    attempt_id = (request.view_args or {}).get("attempt_id")
    if request.endpoint not in STARTS or attempt_id is None or not admittance.asks_anything(direct.line(), attempt_id):
        return
    door = _own_door(attempt_id)
    if door is None:
        return
    refusal = door.obstacle(confirmed=lockdown.confirmed(door))
    if refusal is not None:
        raise refusal
    _note_unconfirmed(door)


@bp.before_request
def _show_what_is_asked() -> ResponseReturnValue | None:
    """The page knows the terms; before the start, and only then, it is not shown to another browser."""
    if request.endpoint not in PAGES:
        return None
    door = g.door = _own_door((request.view_args or {})["attempt_id"])
    if door is None:
        return None
    if door.locked and not door.begun and not lockdown.confirmed(door):
        return render_template("candidate/lockdown.html", door=door, **_links(door)), 403
    _note_unconfirmed(door)
    return None


@bp.after_request
@api.after_request
def _remember_where_from(response: Response) -> Response:
    attempt_id = (request.view_args or {}).get("attempt_id")
    if attempt_id is not None and request.endpoint in HEARD and response.status_code < 400:
        addresses.of_app(current_app._get_current_object()).seen(attempt_id, request.remote_addr or "")  # type: ignore[attr-defined]
    return response


@bp.after_request
def _allow_pictures(response: Response) -> Response:
    """Only the page of an exam whose candidate agreed to pictures may use the camera or see the screen."""
    door: Door | None = g.get("door")
    if door is not None and door.taking_pictures:
        response.headers["Permissions-Policy"] = PICTURES
    return response


@bp.context_processor
def _terms() -> dict[str, Any]:
    door: Door | None = g.get("door")
    if door is None:
        return {"door": None}
    answered = door.terms.pictures and door.consent is not None
    consent = captures.consent_of(db.session(), door.attempt_id) if answered else None
    noticed = door.terms.kinds | {Kind.TAKEOVER} | ({Kind.LOCKDOWN} if door.terms.lockdown == Mode.REQUIRED else set())
    recorded = [MEANINGS[kind].recorded for kind in Kind if kind in noticed]
    return {"door": door, "recorded": recorded, "consent": consent, **_links(door)}


@bp.post("/<id:attempt_id>/consent")
@access.requires(Permission.SIT_EXAM)
def consent(attempt_id: int) -> ResponseReturnValue:
    given = request.form.get("answer") == "agree"
    captures.answer(db.session(), access.principal().actor, attempt_id, given=given, now=clock.now())
    db.session.commit()
    if given:
        flash(_("You have agreed to pictures. You can take that back at any time during the exam."), "success")
    else:
        flash(_("You have not agreed to pictures. The proctor has been told and decides how you sit the exam."), "warn")
    return redirect(url_for("exam.show", attempt_id=attempt_id), 303)


@bp.post("/<id:attempt_id>/lockdown")
@access.requires(Permission.SIT_EXAM)
def confirm_lockdown(attempt_id: int) -> ResponseReturnValue:
    """The key that the browser gave to the page's script, where it sends none in its headers."""
    given: Any = request.get_json(silent=True)
    values = given if isinstance(given, dict) else {}
    presented = [str(values.get(name, ""))[:128] for name in ("config_key", "exam_key")]
    door = admittance.door_of(db.session(), attempt_id, access.principal().user_id)
    return jsonify(confirmed=lockdown.confirm(door, str(values.get("page", ""))[:500], presented))


def _own_door(attempt_id: int) -> Door | None:
    """None where the view itself answers: to nobody, or to somebody who may not sit exams."""
    person = access.principal_or_none()
    if person is None or not person.may(Permission.SIT_EXAM):
        return None
    if person.attempt_id not in (None, attempt_id):
        return None
    return admittance.door_of(db.session(), attempt_id, person.user_id)


def _note_unconfirmed(door: Door) -> None:
    """A running exam goes on; those who watch it are told."""
    if lockdown.watched(door) and not lockdown.confirmed(door):
        signal_log.notice(db.session(), door.attempt_id, Kind.LOCKDOWN, data={"agent": request.user_agent.string[:200]})
        db.session.commit()


def _links(door: Door) -> dict[str, str]:
    if not lockdown.offered(door):
        return {"config_link": "", "config_file": ""}
    return {"config_link": lockdown.file_address(door.session_id, "seb"),
            "config_file": lockdown.file_address(door.session_id)}  # fmt: skip
