"""Short ways for the minute in which everybody starts: asking the lobby, and a start whose page waits sealed already.

They answer only what goes well, and only what nobody needs to be looked up for. Everything else goes the ordinary way
with the same body: the operations in app/web/api/lobby.py and attempts.py decide and word it.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import msgspec
import psycopg
from flask import Flask
from msgspec import Meta
from werkzeug.http import parse_etags

from app.core import metrics
from app.core.errors import Refusal
from app.delivery import direct, quick_start
from app.delivery.group_start import group_start
from app.delivery.lobby import lobby
from app.web import headers, lane_login, lobby_answer, short_way, signs, start_answer
from app.web.gate_tries import refuse_too_many
from app.web.short_way import ATTEMPT_RULE, ATTEMPTS
from proctoring import addresses

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

START, LOBBY = "/start", "/lobby"
MOST_BYTES = 1024


class StartSent(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The same as app.web.api.attempts.StartBody; what fits here fits there."""

    paper: bool
    gate_code: Annotated[str, Meta(max_length=40)] = ""


_decoded = msgspec.json.Decoder(StartSent).decode


class StartingLane:
    """A WSGI application around the framework's."""

    def __init__(self, app: Flask, ordinary: WSGIApplication) -> None:
        self._app, self._ordinary = app, ordinary
        self._headers = headers.of_lane(app, kind=None)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        answer = None
        if method == "GET" and path.endswith(LOBBY):
            answer = self._lobby(environ, start, short_way.number_in(path, ATTEMPTS, LOBBY))
        elif method == "POST" and path.endswith(START):
            answer = self._start(environ, start, short_way.number_in(path, ATTEMPTS, START))
        return self._ordinary(environ, start) if answer is None else answer

    def _lobby(self, environ: WSGIEnvironment, start: StartResponse, number: int | None) -> Iterable[bytes] | None:
        began = perf_counter()
        who = lane_login.asker(self._app, environ, number)
        if number is None or who is None:
            return None
        try:
            found = lobby(self._app).view(direct.line(self._app), number, who.login_id)
        except psycopg.Error:
            return None
        if found is None:
            return None
        more = [("ETag", f'"{found.etag}"')]
        if found.etag in parse_etags(environ.get("HTTP_IF_NONE_MATCH")):
            return self._answer(environ, start, ("304 NOT MODIFIED", LOBBY), b"", more, began)
        return self._answer(environ, start, ("200 OK", LOBBY), lobby_answer.written(found), more, began)

    def _start(self, environ: WSGIEnvironment, start: StartResponse, number: int | None) -> Iterable[bytes] | None:
        began = perf_counter()
        if number is None or not (body := short_way.body_of(environ, MOST_BYTES)):
            return None
        who = lane_login.asker(self._app, environ, number)
        if who is None or not lane_login.may_change(self._app, environ, who):
            return None
        try:
            sent = _decoded(body)
            if sent.paper or (sent.gate_code and _tried_too_often(number)):
                return None
            wish = quick_start.wish(number, who.login_id, sent.gate_code, who.via, paper=False)
            found = group_start(self._app).begin(wish)
        except (msgspec.MsgspecError, psycopg.Error, UnicodeError):
            return None
        if found is None:
            return None
        signs.give(self._app, found.id, found.started_at)
        addresses.of_app(self._app).seen(found.id, environ.get("REMOTE_ADDR", ""))
        metrics.STARTS.inc()
        metrics.START_SECONDS.observe(perf_counter() - began)
        answer = start_answer.begun(found, self._app.config["SECRET_KEY"]).encode()
        return self._answer(environ, start, ("200 OK", START), answer, [], began)

    def _answer(
        self, environ: WSGIEnvironment, start: StartResponse, kind: tuple[str, str], body: bytes,
        more: list[tuple[str, str]], began: float,
    ) -> Iterable[bytes]:  # fmt: skip
        """With the headers of the framework's answers, and counted as those are."""
        status, what = kind
        told = [*self._headers, ("X-Request-Id", headers.request_id(environ)), *more]
        if body:
            told += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        short_way.counted(ATTEMPT_RULE + what, status[:3], began)
        start(status, told)
        return [body]


def _tried_too_often(attempt_id: int) -> bool:
    try:
        refuse_too_many(attempt_id)
    except Refusal:
        return True
    return False
