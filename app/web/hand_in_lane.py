"""A short way to the statement that closes an attempt, in front of the framework, for the rush at the end.

Like the saving lane it answers only what was done. Whatever is not closed there goes the ordinary way with the same
body: handing in twice, too early, during a pause, from an earlier log-in.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
import psycopg
from flask import Flask

from app.delivery.group_commit import group_hand_in
from app.delivery.handing_in import HandedIn, Wish
from app.web import acknowledgement, headers, lane_login, short_way
from app.web.short_way import ATTEMPT_RULE, ATTEMPTS
from proctoring import addresses

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

END, MOST_BYTES = "/submit", 1024
RULE = ATTEMPT_RULE + END


class HandInSent(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The same as app.web.api.attempts.HandIn; what fits here fits there."""

    client: UUID


_decoded = msgspec.json.Decoder(HandInSent).decode


class HandInLane:
    """A WSGI application around the framework's."""

    def __init__(self, app: Flask, ordinary: WSGIApplication) -> None:
        self._app, self._ordinary = app, ordinary
        self._headers = headers.of_lane(app)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        began, path = perf_counter(), str(environ["PATH_INFO"])
        if environ["REQUEST_METHOD"] == "POST" and path.endswith(END):
            number = short_way.number_in(path, ATTEMPTS, END)
            if number is not None and (body := short_way.body_of(environ, MOST_BYTES)):
                done = self._done(environ, number, body)
                if done is not None:
                    addresses.of_app(self._app).seen(number, environ.get("REMOTE_ADDR", ""))
                    answer = acknowledgement.handed_in(done)
                    told = [("Content-Length", str(len(answer))), ("X-Request-Id", headers.request_id(environ))]
                    start("200 OK", self._headers + told)
                    short_way.counted(RULE, "200", began)
                    return [answer]
        return self._ordinary(environ, start)

    def _done(self, environ: WSGIEnvironment, attempt_id: int, body: bytes) -> HandedIn | None:
        who = lane_login.asker(self._app, environ, attempt_id)
        if who is None or not lane_login.may_change(self._app, environ, who):
            return None
        try:
            wish = Wish(attempt_id, who.login_id, _decoded(body).client, who.via)
            return group_hand_in(self._app).submit(wish)
        except (msgspec.MsgspecError, psycopg.Error, UnicodeError):
            return None
