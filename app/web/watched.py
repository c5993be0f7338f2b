"""Every request counted and told to the log: what kind, how it ended, how long it took; never who, or what was sent."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request
from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

from app.core import metrics
from app.core.db import db
from app.web import headers

log = structlog.get_logger()
SILENT = frozenset({"static", "public.alive", "public.ready", "public.metrics", "api.board_show", "api.board_rooms"})
"""Asked for all the time by machines; told only when it goes wrong. Nor is every single save told: it is counted."""
COUNTED_ALONE = "api.attempts_changes"


def init_app(app: Flask) -> None:
    """To be called before anything else that looks at requests, so that all they do is within the time measured."""
    app.before_request(_begin)
    app.after_request(_end)
    with app.app_context():
        _watch_pool(db.engine)


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = headers.request_id(request.environ)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    if "began" not in g:
        return response
    took, route, status = time.perf_counter() - g.began, _route(), response.status_code
    response.headers["X-Request-Id"] = g.request_id
    metrics.REQUESTS.labels(route, str(status)).inc()
    metrics.REQUEST_SECONDS.observe(took)
    if status >= 500 or not (request.endpoint in SILENT or (request.endpoint == COUNTED_ALONE and status == 200)):
        tell = log.warning if status >= 500 else log.info
        tell(
            "request",
            method=request.method,
            route=route,
            status=status,
            ms=round(took * 1000, 1),
            bytes=_size(response),
        )
    return response


def _route() -> str:
    """The pattern of the address: the address itself may name a person's records."""
    return request.url_rule.rule if request.url_rule else "unknown"


def _size(response: Response) -> int | None:
    return response.content_length if not response.is_streamed else None


def _watch_pool(engine: Engine) -> None:
    if not isinstance(engine.pool, QueuePool):
        return
    metrics.POOL_SIZE.set(engine.pool.size() + max(0, engine.pool._max_overflow))
    event.listen(engine, "checkout", lambda *_: metrics.POOL_IN_USE.inc())
    event.listen(engine, "checkin", lambda *_: metrics.POOL_IN_USE.dec())
