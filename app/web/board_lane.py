"""A short way to the board's pictures, in front of the framework: thousands of boards ask every few seconds.

Whoever may look, as far as this process knows, gets the picture that hangs, or 304 where it is the one they have. Who
asks when a new one is due makes it here, for all. Everything else (no log-in, no right, a question put otherwise) goes
the ordinary way, to the operations in app/web/api/board.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING

import psycopg
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.db import db
from app.web import headers, lane_login, short_way
from app.web.looking import looking
from proctoring import snapshot
from proctoring.snapshot import Snapshot

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BEGIN = "/api/v1/sessions/"
RULE = "/api/v1/sessions/<id:session_id>/board"
_PATH = re.compile(r"/api/v1/sessions/([1-9][0-9]{0,17})/board(/rooms)?", re.ASCII)
_VIEW = re.compile(r"view=(0|[1-9][0-9]{0,8})", re.ASCII)


class BoardLane:
    """A WSGI application around the framework's."""

    def __init__(self, app: Flask, ordinary: WSGIApplication) -> None:
        self._app, self._ordinary = app, ordinary
        self._headers = headers.of_lane(app)
        self._unchanged = [one for one in self._headers if one[0] != "Content-Type"]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(_BEGIN) and environ["REQUEST_METHOD"] == "GET":
            began, shown = perf_counter(), self._shown(environ)
            if shown is not None:
                return self._answer(environ, start, shown, began)
        return self._ordinary(environ, start)

    def _shown(self, environ: WSGIEnvironment) -> Snapshot | None:
        path, query = _PATH.fullmatch(environ["PATH_INFO"]), environ["QUERY_STRING"]
        view = _VIEW.fullmatch(query) if query else None
        if path is None or (query and (view is None or path[2])):
            return None
        who = lane_login.asker(self._app, environ)
        if who is None:
            return None
        name = snapshot.ROOMS if path[2] else int(view[1]) if view else snapshot.WHOLE
        try:
            if not looking(self._app).may(who.login_id, int(path[1])):
                return None
            return self._picture(int(path[1]), name)
        except (psycopg.Error, SQLAlchemyError):
            return None

    def _picture(self, session_id: int, name: int) -> Snapshot:
        """The one that hangs; without looking any further where it has not grown old."""
        near = snapshot.near(self._app, session_id, name)
        if near is not None:
            return near
        with self._app.app_context():
            made = snapshot.live(db.session(), session_id, name, clock.now)
            db.session.commit()
            return made

    def _answer(self, environ: WSGIEnvironment, start: StartResponse, shown: Snapshot, began: float) -> Iterable[bytes]:
        route = RULE + ("/rooms" if environ["PATH_INFO"].endswith("/rooms") else "")
        told = [("ETag", f'"{shown.etag}"'), ("X-Request-Id", headers.request_id(environ))]
        if shown.etag in environ.get("HTTP_IF_NONE_MATCH", ""):  # as long as a hash: by chance it stands nowhere
            short_way.counted(route, "304", began)
            start("304 NOT MODIFIED", self._unchanged + told)
            return []
        body = shown.text.encode()
        short_way.counted(route, "200", began)
        start("200 OK", [*self._headers, *told, ("Content-Length", str(len(body)))])
        return [body]
