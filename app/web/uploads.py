"""Bodies that are refused for their size."""

from __future__ import annotations

import time

from flask import request

MOST_BYTES = 256 * 1024 * 1024
MOST_SECONDS = 30
CHUNK = 256 * 1024


def discard_rest() -> None:
    """Let the sender finish, within reason: a connection cut off in the middle of a body never shows its answer."""
    source = request.environ["wsgi.input"]
    left, until = min(request.content_length or 0, MOST_BYTES), time.monotonic() + MOST_SECONDS
    try:
        while left > 0 and time.monotonic() < until and (got := len(source.read(min(left, CHUNK)))):
            left -= got
    except OSError:
        return
