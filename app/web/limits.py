"""Rate limits. They live in Redis, begin empty when it vanishes, and never stand between a candidate and an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address


def _account_and_address() -> str:
    given: Any = request.get_json(silent=True) if request.is_json else request.form
    username = given.get("username", "") if isinstance(given, Mapping) else ""
    return f"{get_remote_address()}|{str(username)[:64]}"


def _failed(response: Response) -> bool:
    return response.status_code >= 400


limiter = Limiter(
    key_func=get_remote_address,
    strategy="sliding-window-counter",
    swallow_errors=True,
    in_memory_fallback_enabled=True,
)

login_limit = limiter.limit(
    "10 per minute; 60 per hour", key_func=_account_and_address, deduct_when=_failed, override_defaults=True
)
join_limit = limiter.limit("200 per hour", methods=["POST"])
verify_limit = limiter.limit("60 per minute")
