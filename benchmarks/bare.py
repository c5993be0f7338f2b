"""The least a server can do: read a request, store one row durably, answer. No framework, no check of anything."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from sqlalchemy import make_url

from app.config import Settings

TABLE = (
    "CREATE TABLE IF NOT EXISTS bare_answer (attempt bigint, item bigint, answer text[], seq bigint,"
    " saved_at timestamptz DEFAULT clock_timestamp(), PRIMARY KEY (attempt, item))"
)
UPSERT = (
    "INSERT INTO bare_answer (attempt, item, answer, seq) VALUES (%s, %s, %s, %s) ON CONFLICT (attempt, item)"
    " DO UPDATE SET answer = excluded.answer, seq = excluded.seq, saved_at = excluded.saved_at"
)
_url = make_url(Settings.from_env().database_url).set(drivername="postgresql").render_as_string(hide_password=False)
_idle = deque[psycopg.Connection[Any]]()
_room = threading.BoundedSemaphore(16)
_making = threading.Lock()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "POST":
        sent = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        with _room:
            connection = _idle.pop() if _idle else _new()
            connection.execute(UPSERT, (sent["attempt"], sent["item"], sent["answer"], sent["seq"]))
            _idle.append(connection)
    body = b'{"acked":true}'
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _new() -> psycopg.Connection[Any]:
    with _making:
        made = psycopg.connect(_url, autocommit=True, prepare_threshold=2)
        made.execute("SELECT pg_advisory_lock(1)")
        made.execute(TABLE)
        made.execute("SELECT pg_advisory_unlock(1)")
    return made
