"""Connections for the hot path: autocommit, prepared statements, beside SQLAlchemy's unit of work."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Any, TypeVar

import psycopg
from flask import Flask, current_app
from psycopg import Connection, Cursor

from app.core.db import db
from app.core.forks import generation

Answer = TypeVar("Answer")
NAME = "exam-saving"
MOST = 8
"""Connections at once in one process; who comes later waits for one."""
ALWAYS_BY_INDEX = """
SELECT set_config(name, value, false)
  FROM (VALUES ('jit', 'off'), ('enable_seqscan', 'off'), ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off'),
               ('plan_cache_mode', 'force_generic_plan')) AS chosen (name, value)
"""
"""Every statement here looks up a few rows by their keys, whatever the planner has heard of the tables' size. It is
planned once for a connection: with values to hand the planner would gain nothing, and take longer than the work."""
_making = Lock()


class Line:
    """The idle connections of one process, the last used first.

    Work that a lost connection interrupted is done once more on a new one, so it must be harmless when repeated.
    """

    def __init__(self, conninfo: str) -> None:
        self.born, self._conninfo, self._idle = generation(), conninfo, deque[Connection[Any]]()
        self._room = BoundedSemaphore(MOST)

    def run(self, work: Callable[[Cursor[Any]], Answer]) -> Answer:
        try:
            with self._lent() as connection:
                return work(connection.cursor())
        except psycopg.OperationalError:
            self.close()  # what ended this connection, a restart of the server for one, ended the others as well
            with self._lent() as connection:
                return work(connection.cursor())

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _lent(self) -> Iterator[Connection[Any]]:
        with self._room:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._new()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)

    def _new(self) -> Connection[Any]:
        connection = psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=2, application_name=NAME)
        try:
            connection.execute(ALWAYS_BY_INDEX)
        except BaseException:
            connection.close()
            raise
        return connection


def line(app: Flask | None = None, purpose: str = "") -> Line:
    """The connections of an application, the running one unless named; made at first use in each process.

    Each purpose has its own, so that a herd of starts takes none from those who save.
    """
    app = app or current_app._get_current_object()  # type: ignore[attr-defined]  # the object behind the proxy
    lines: dict[str, Line] = app.extensions.setdefault("direct_lines", {})
    found = lines.get(purpose)
    if found is not None and found.born == generation():
        return found
    with _making, app.app_context():
        found = lines.get(purpose)
        if found is None or found.born != generation():
            url = db.engine.url.set(drivername="postgresql")
            found = lines[purpose] = Line(url.render_as_string(hide_password=False))
    return found


def close() -> None:
    lines: dict[str, Line] = current_app.extensions.get("direct_lines", {})
    for found in lines.values():
        found.close()
