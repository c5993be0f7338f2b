"""Connections for the hot path: autocommit, prepared statements, beside SQLAlchemy's unit of work."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar

import psycopg
from flask import current_app
from psycopg import Connection, Cursor

from app.core.db import db

Answer = TypeVar("Answer")
NAME = "exam-saving"
_making = Lock()


class Line:
    """The idle connections of one process, the last used first; never more than there were threads at once.

    Work that a lost connection interrupted is done once more on a new one, so it must be harmless when repeated.
    """

    def __init__(self, conninfo: str) -> None:
        self.pid, self._conninfo, self._idle = os.getpid(), conninfo, deque[Connection[Any]]()

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
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=2, application_name=NAME)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)


def line() -> Line:
    """The connections of the running application, made at first use in each process."""
    found: Line | None = current_app.extensions.get("direct_line")
    if found is not None and found.pid == os.getpid():
        return found
    with _making:
        found = current_app.extensions.get("direct_line")
        if found is None or found.pid != os.getpid():
            url = db.engine.url.set(drivername="postgresql")
            found = current_app.extensions["direct_line"] = Line(url.render_as_string(hide_password=False))
    return found


def close() -> None:
    found: Line | None = current_app.extensions.pop("direct_line", None)
    if found is not None:
        found.close()
