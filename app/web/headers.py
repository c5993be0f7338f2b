"""What the browser is told about every answer: no foreign content, no framing, nothing kept that is personal."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
PICTURE = "api.media_picture"
"""Found by its content, so that it never changes under its address."""


def init_app(app: Flask, *, https: bool) -> None:
    @app.after_request
    def _protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static" and not (request.endpoint == PICTURE and response.status_code == 200):
            response.headers["Cache-Control"] = "no-store"  # files of people bring a weaker word along
        return response
