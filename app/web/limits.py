"""Rate limits. They live in Redis, begin empty when it vanishes, and never stand between a candidate and an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse_many
from limits.storage import RedisStorage

from app.core import store
from app.web import access

View = TypeVar("View", bound=Callable[..., Any])


def _account_and_address() -> str:
    given: Any = request.get_json(silent=True) if request.is_json else request.form
    username = given.get("username", "") if isinstance(given, Mapping) else ""
    return f"{get_remote_address()}|{str(username)[:64]}"


def _number() -> str:
    given: Any = request.get_json(silent=True) if request.is_json else request.form
    number = given.get("number", "") if isinstance(given, Mapping) else ""
    return "".join(one for one in str(number)[:64] if one.isalnum())


def _number_and_address() -> str:
    return f"{get_remote_address()}|{_number()}"


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
_ADMISSION: tuple[tuple[str, Callable[[], str]], ...] = (
    ("600 per minute; 6000 per hour", get_remote_address),
    ("200 per hour", _number),
    ("10 per minute; 60 per hour", _number_and_address),
)
_PARSED = [(one, key) for many, key in _ADMISSION for one in parse_many(many)]


def admission_limits(view: View) -> View:
    """Only failures count, since a whole site may come from one address. What one address may fail at one number is
    few; at one number from everywhere many, so that nobody shuts a candidate out by failing on purpose."""
    for many, key in reversed(_ADMISSION):
        view = cast(View, limiter.limit(many, key_func=key, methods=["POST"], deduct_when=_failed)(view))
    return view


def far_from_admission_limits() -> bool:
    """Whether every one of them would surely let this request pass, by one look at all their counts.

    Both windows of a limit are counted in full here, the older one only in part by the limit itself. Where this says
    no, or the counts cannot be read, the limits are asked one by one.
    """
    if not limiter.enabled:
        return True
    counted = limiter.limiter.storage
    if not isinstance(counted, RedisStorage):
        return False
    keys = [one.key_for(key(), request.endpoint or "") for one, key in _PARSED]
    both = [counted.prefixed_key(name(key)) for key in keys for name in (counted._current_window_key,
                                                                         counted._previous_window_key)]  # fmt: skip
    try:
        found = [int(one or 0) for one in counted.get_connection(readonly=True).mget(both)]
    except store.VANISHED:
        return False
    sums = map(sum, zip(found[::2], found[1::2], strict=True))
    return all(count < one.amount for count, (one, _) in zip(sums, _PARSED, strict=True))


def _person() -> str:
    person = access.principal_or_none()
    return str(person.user_id) if person else get_remote_address()


confirm_limit = limiter.limit("10 per minute; 60 per hour", key_func=_person, methods=["POST"], deduct_when=_failed)
"""For a password that somebody logged in types once more."""
verify_limit = limiter.limit("60 per minute")
