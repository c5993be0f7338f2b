"""Who asks, told in front of the framework: by bearer token or cookie, the signature checked and no row read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import same_origin
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.http import parse_cookie

from app.delivery.delivered import Kept
from app.web import access, attempt_token

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Asker(NamedTuple):
    login_id: UUID
    via: str
    forgery_word: str | None = None
    """What the page's token must hold where a cookie travelled by itself; None for a bearer token."""


_cookies: Kept[tuple[str, str], Asker] = Kept(50_000)


def asker(app: Flask, environ: WSGIEnvironment, attempt_id: int | None = None) -> Asker | None:
    """None where nobody can be told: the ordinary way looks properly. An attempt's token says something of it alone."""
    proof: str = environ.get("HTTP_AUTHORIZATION", "")
    if proof.startswith("Bearer "):  # then the cookie says nothing, here as there
        login_id = _of_token(proof.removeprefix("Bearer ").strip(), attempt_id, app.config["SECRET_KEY"])
        return Asker(login_id, "api") if login_id else None
    name = app.config["SESSION_COOKIE_NAME"]
    given: str = environ.get("HTTP_COOKIE", "")
    value = parse_cookie(given).get(name) if name in given else None
    return _of_cookie(app, value) if value else None


def may_change(app: Flask, environ: WSGIEnvironment, who: Asker) -> bool:
    """Whether the page's token came along, as for whatever changes something by a cookie alone."""
    if who.via == "api":
        return True
    secure = environ["wsgi.url_scheme"] == "https"
    if secure and not same_origin(environ.get("HTTP_REFERER", ""), f"https://{environ.get('HTTP_HOST', '')}/"):
        return False
    try:
        said = _tokens(app).loads(environ.get("HTTP_X_CSRFTOKEN", ""))
    except BadData:
        return False
    return who.forgery_word is not None and said == who.forgery_word


def _of_token(token: str, attempt_id: int | None, secret: str) -> UUID | None:
    claims = attempt_token.read(token, secret)
    if claims is None:
        return access.login_of_token(token, secret)
    return claims.login_id if claims.attempt_id == attempt_id else None


def _of_cookie(app: Flask, value: str) -> Asker | None:
    key = (app.config["SECRET_KEY"], value)
    return _cookies.get(key) or _read(app, key)


def _read(app: Flask, key: tuple[str, str]) -> Asker | None:
    interface: Any = app.session_interface
    signer = interface.get_signing_serializer(app) if isinstance(interface, SecureCookieSessionInterface) else None
    try:
        said = signer.loads(key[1]) if signer else {}
        return _cookies.put(key, Asker(UUID(said["_user_id"]), "screen", said.get("csrf_token")))
    except (BadData, KeyError, TypeError, ValueError, AttributeError):
        return None


def _tokens(app: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
