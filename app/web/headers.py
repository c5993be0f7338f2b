"""What the browser is told about every answer: no foreign content, no framing, nothing kept that is personal."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from flask import Flask, Response, request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
PICTURES = ("api.media_picture", "api.practice_picture")
"""Found by their content, so that they never change under their address."""
_NUMBER = re.compile(r"[0-9a-f]{16,64}")


def always(*, https: bool) -> list[tuple[str, str]]:
    """What every answer carries."""
    told = [
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
    return [*told, ("Strict-Transport-Security", "max-age=31536000")] if https else told


def of_lane(app: Flask, kind: str | None = "application/json") -> list[tuple[str, str]]:
    """What an answer in front of the framework carries, as the framework's do; its length and number come besides."""
    https: bool = app.extensions["settings"].secure_cookies
    told = [*always(https=https), ("Cache-Control", "no-store"), ("Vary", "Cookie")]
    return [("Content-Type", kind), *told] if kind else told


def request_id(environ: WSGIEnvironment) -> str:
    """The number a proxy gave the request, or one made now."""
    given: str = environ.get("HTTP_X_REQUEST_ID", "")
    return given if _NUMBER.fullmatch(given) else secrets.token_hex(8)


def init_app(app: Flask, *, https: bool) -> None:
    told = always(https=https)

    @app.after_request
    def _protect(response: Response) -> Response:
        for name, value in told:
            response.headers.setdefault(name, value)
        if request.endpoint != "static" and not (request.endpoint in PICTURES and response.status_code == 200):
            response.headers["Cache-Control"] = "no-store"  # files of people bring a weaker word along
        return response
