"""The connection to Redis, which holds only what may vanish: presence, rate limits, cached pictures."""

from __future__ import annotations

from typing import Any, cast

import redis
from flask import Flask, current_app
from redis.backoff import NoBackoff
from redis.retry import Retry

VANISHED = (redis.RedisError, OSError)
"""What callers catch and go on without: the store may be gone at any moment."""

PATIENCE: dict[str, Any] = {
    "socket_timeout": 0.5, "socket_connect_timeout": 0.5,
    "retry": Retry(NoBackoff(), 1, (redis.ConnectionError,)),
}  # fmt: skip
"""A server that was restarted is asked again at once. One that says nothing is not: people wait behind it."""


def init_app(app: Flask, url: str) -> None:
    app.extensions["store"] = redis.Redis.from_url(url, decode_responses=True, **PATIENCE)


def client() -> Any:
    """The client of the running application (typed loosely: the library's stubs mix sync and async)."""
    return cast(Any, current_app.extensions["store"])
