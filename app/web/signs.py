"""Signs of life of the running exams, gathered from every save and written down together once a second."""

from __future__ import annotations

import threading
from datetime import datetime

import structlog
from flask import Flask

from app.core.forks import generation
from proctoring.presence import Sign, presence

EVERY = 1.0
log = structlog.get_logger()
_making = threading.Lock()


class Signs:
    """Those that one process has received and not yet passed on."""

    def __init__(self, app: Flask) -> None:
        self.born, self._app = generation(), app
        self._given: dict[int, Sign] = {}
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._pass_on_for_ever, name="signs", daemon=True).start()

    def give(self, attempt_id: int, at: datetime, waiting: int, lag: int) -> None:
        self._given[attempt_id] = Sign(at, waiting, lag)

    def end(self) -> None:
        """The last words of a process told to stop: what it heard, and that the service was at work until now."""
        self._stopped.set()
        with self._app.app_context():
            presence().at_work_until_now()
        self.pass_on()

    def pass_on(self) -> None:
        """Also when there are none, to say that the service is at work. Never fails: the next sign comes soon."""
        given, self._given = self._given, {}
        try:
            with self._app.app_context():
                presence().beats(given)
        except Exception as error:
            log.warning("signs_lost", count=len(given), error=type(error).__name__)

    def _pass_on_for_ever(self) -> None:
        while not self._stopped.wait(EVERY):
            self.pass_on()


def give(app: Flask, attempt_id: int, at: datetime, waiting: int = 0, lag: float = 0) -> None:
    """Costs the request no more than remembering it; under test it is passed on at once."""
    found = begin(app)
    found.give(attempt_id, at, waiting, int(lag))
    if app.testing:
        found.pass_on()


def begin(app: Flask) -> Signs:
    """Those of this process, passed on from its first request onwards."""
    found: Signs | None = app.extensions.get("signs")
    return found if found is not None and found.born == generation() else _made(app)


def end(app: Flask) -> None:
    """Called when a process ends in good order: a restart is then no longer an outage than it really was."""
    found: Signs | None = app.extensions.get("signs")
    if found is not None and found.born == generation():
        found.end()


def _made(app: Flask) -> Signs:
    with _making:
        found: Signs | None = app.extensions.get("signs")
        if found is None or found.born != generation():
            found = app.extensions["signs"] = Signs(app)
            if not app.testing:
                found.start()
    return found
