"""Log-in with an admission code as nearly everybody does it: one look at the counts of failures, one statement."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, request

from app.core.errors import Refusal
from app.delivery import direct
from app.registration import admission
from app.web.limits import far_from_admission_limits


def admitted(number: str, code: str) -> tuple[UUID, int] | None:
    """The new log-in and its attempt, committed. None leaves it to the ordinary way, which counts and says why."""
    if not far_from_admission_limits():
        return None
    key = admission.key_of(current_app.config["SECRET_KEY"])
    try:
        return admission.log_in_at_once(
            direct.line().run, key, number, code, request.remote_addr or "", request.user_agent.string
        )
    except Refusal:
        return None  # the number cannot be one; it is told, and counted, there
