"""What the short ways in front of the framework share: which row a path is about, and a body read without losing it."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from time import perf_counter
from typing import TYPE_CHECKING, Any

from app.core import metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ATTEMPTS = "/api/v1/attempts/"
ATTEMPT_RULE = "/api/v1/attempts/<id:attempt_id>"
JSON = frozenset({"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"})


def number_in(path: str, begin: str, end: str) -> int | None:
    """The row's number between the two."""
    number = path[len(begin) : -len(end)]
    fits = number.isdecimal() and number.isascii() and len(number) < 19
    return int(number) if fits and path.startswith(begin) and path.endswith(end) else None


def body_of(environ: WSGIEnvironment, most: int) -> bytes:
    """The whole body, put back for whoever reads it next; empty where this is not the way for it."""
    length: str = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") not in JSON or not length.isdecimal() or not 0 < int(length) <= most:
        return b""
    if "HTTP_TRANSFER_ENCODING" in environ or environ["QUERY_STRING"]:
        return b""
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body if len(body) == int(length) and b"\\u0000" not in body else b""


def counted(route: str, status: str, began: float) -> None:
    """As watched.py counts what the framework answers: the pattern of the address, never the address."""
    _requests(route, status).inc()
    metrics.REQUEST_SECONDS.observe(perf_counter() - began)


@cache
def _requests(route: str, status: str) -> Any:
    return metrics.REQUESTS.labels(route, status)
