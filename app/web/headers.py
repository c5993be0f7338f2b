"""What the browser is told about every answer: no foreign content, no framing, nothing kept that is personal."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
PICTURES = ("api.media_picture", "api.practice_picture")
"""Found by their content, so that they never change under their address."""


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


def init_app(app: Flask, *, https: bool) -> None:
    told = always(https=https)

    @app.after_request
    def _protect(response: Response) -> Response:
        for name, value in told:
            response.headers.setdefault(name, value)
        if request.endpoint != "static" and not (request.endpoint in PICTURES and response.status_code == 200):
            response.headers["Cache-Control"] = "no-store"  # files of people bring a weaker word along
        return response
