"""Rate limits. They live in Redis, begin empty when it vanishes, and never stand between a candidate and an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, TypeVar, cast

from flask import Response, g, request
from flask_limiter import Limiter

from app.registration import admission_code
from app.web import access
from certificates.register.serials import normalised

View = TypeVar("View", bound=Callable[..., Any])


def _address() -> str:
    """Of IPv6 the network of one subscriber (/64), who could send each request from another address of it."""
    given = request.remote_addr or "127.0.0.1"
    try:
        address = ip_address(given.partition("%")[0])
    except ValueError:
        return given
    if not isinstance(address, IPv6Address):
        return given
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False).network_address)


def _account_and_address() -> str:
    given: Any = request.get_json(silent=True) if request.is_json else request.form
    username = given.get("username", "") if isinstance(given, Mapping) else ""
    return f"{_address()}|{str(username)[:64]}"


def _number() -> str:
    given: Any = request.get_json(silent=True) if request.is_json else request.form
    number = given.get("number", "") if isinstance(given, Mapping) else ""
    return admission_code.plain(str(number))


def _number_and_address() -> str:
    return f"{_address()}|{_number()}"


def _failed(response: Response) -> bool:
    return response.status_code >= 400


limiter = Limiter(
    key_func=_address,
    strategy="sliding-window-counter",
    swallow_errors=True,
    in_memory_fallback_enabled=True,
)

login_limit = limiter.limit(
    "10 per minute; 60 per hour", key_func=_account_and_address, deduct_when=_failed, override_defaults=True
)
join_limit = limiter.limit("200 per hour", methods=["POST"])
_ADMISSION: tuple[tuple[str, Callable[[], str]], ...] = (
    ("600 per minute; 6000 per hour", _address),
    ("200 per hour", _number),
    ("10 per minute; 60 per hour", _number_and_address),
)


def admission_limits(view: View) -> View:
    """Only failures come this way and count (quick_admission.py lets the right code in before). What one address may
    fail at one number is few; at one number from everywhere many, and at all numbers too: a whole site may share it."""
    for many, key in reversed(_ADMISSION):
        view = cast(View, limiter.limit(many, key_func=key, methods=["POST"], deduct_when=_failed)(view))
    return view


def _person() -> str:
    person = access.principal_or_none()
    return str(person.user_id) if person else _address()


confirm_limit = limiter.limit("10 per minute; 60 per hour", key_func=_person, methods=["POST"], deduct_when=_failed)
"""For a password that somebody logged in types once more."""
verify_limit = limiter.limit("60 per minute")
log_limit = limiter.limit("240 per minute")
"""For the public log: who watches it reads a page of a thousand entries with each request."""
check_limit = limiter.limit("30 per minute", key_func=_person)
"""For the check of many certificates at once, which the day's quota bounds as well."""


def _given(*names: str) -> str:
    given: Any = request.get_json(silent=True) if request.is_json else request.form
    held = given if isinstance(given, Mapping) else {}
    return next((str(value) for name in names if (value := held.get(name) or request.args.get(name))), "")


def _name_given() -> str:
    """Under each of the names that verification.py reads it by."""
    return _given("of_name", "name")


def _number_looked_up() -> str:
    typed = str((request.view_args or {}).get("serial") or _given("of_serial", "serial"))
    return normalised(typed) or _address()


name_limit = limiter.limit(
    "30 per hour", key_func=_number_looked_up, exempt_when=lambda: not _name_given(),
    deduct_when=lambda _: bool(g.get("name_differs")),
)  # fmt: skip
"""For names tried at one number, from wherever: only wrong ones count, and only who gives a name is stopped."""
