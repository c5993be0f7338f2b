"""Log-in with an admission code as nearly everybody does it: the code is computed, and one statement lets in."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, request

from app.core.errors import Refusal
from app.delivery import direct
from app.registration import admission


def admitted(number: str, code: str) -> tuple[UUID, int] | None:
    """The new log-in and its attempt, committed. None leaves it to the ordinary way, which counts and says why.

    No limit stands before the right code, or a neighbour who fails at it on purpose would keep a candidate out.
    """
    key = admission.key_of(current_app.config["SECRET_KEY"])
    try:
        return admission.log_in_at_once(
            direct.line().run, key, number, code, request.remote_addr or "", request.user_agent.string
        )
    except Refusal:
        return None  # the number cannot be one; it is told, and counted, there
