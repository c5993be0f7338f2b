"""A short way to the saving statement, in front of the framework.

It takes only what a running exam sends over and over: changes with a bearer token, well formed and fitting their paper.
It answers only what was stored. Everything else goes the ordinary way with the same body, so that there is one place
that decides and words a refusal: the operation in app/web/api/attempts.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from time import perf_counter
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import msgspec
import psycopg
from flask import Flask
from msgspec import Meta

from app.core import metrics
from app.delivery.group_commit import group_commit
from app.delivery.receipts import Change
from app.delivery.saving import Batch
from app.web import access, acknowledgement, attempt_token, headers, signs
from app.web.api.attempts import LONGEST_TEXT, LONGEST_WAIT, MOST_BYTES, MOST_CHANGES, MOST_PLACES, NUMBER
from proctoring import addresses

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BEGIN, END = "/api/v1/attempts/", "/changes"
JSON = frozenset({"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"})


class ChangeSent(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    seq: Annotated[int, Meta(ge=1, le=NUMBER)]
    position: Annotated[int, Meta(ge=-NUMBER, le=NUMBER)]
    answer: Annotated[list[Annotated[str, Meta(max_length=LONGEST_TEXT)]], Meta(max_length=MOST_PLACES)]
    flagged: bool | None = None


class ChangesSent(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The same as app.web.api.attempts.ChangesSent; what fits here fits there."""

    client: UUID
    changes: Annotated[list[ChangeSent], Meta(max_length=MOST_CHANGES)]
    waiting: Annotated[int, Meta(ge=0, le=LONGEST_WAIT)] = 0
    lag: Annotated[float, Meta(ge=0, le=LONGEST_WAIT)] = 0


_decoded = msgspec.json.Decoder(ChangesSent).decode


class SavingLane:
    """A WSGI application around the framework's."""

    def __init__(self, app: Flask, ordinary: WSGIApplication) -> None:
        self._app, self._ordinary = app, ordinary
        https: bool = app.extensions["settings"].secure_cookies
        self._headers = [("Content-Type", "application/json"), *headers.always(https=https)]
        self._headers += [("Cache-Control", "no-store")]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        signs.begin(self._app)
        path: str = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "POST" and path.startswith(BEGIN) and path.endswith(END):
            number = path[len(BEGIN) : -len(END)]
            if number.isdecimal() and number.isascii() and len(number) < 19 and (body := self._body(environ)):
                answer = self._saved(environ, int(number), body)
                if answer is not None:
                    start("200 OK", [*self._headers, ("Content-Length", str(len(answer)))])
                    return [answer]
        return self._ordinary(environ, start)

    def _body(self, environ: WSGIEnvironment) -> bytes:
        """The whole body, put back for whoever reads it next; empty where this is not the way for it."""
        length: str = environ.get("CONTENT_LENGTH", "")
        if environ.get("CONTENT_TYPE") not in JSON or not length.isdecimal() or not 0 < int(length) <= MOST_BYTES:
            return b""
        if "HTTP_TRANSFER_ENCODING" in environ or environ["QUERY_STRING"]:
            return b""
        body: bytes = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = BytesIO(body)
        return body if len(body) == int(length) else b""

    def _saved(self, environ: WSGIEnvironment, attempt_id: int, body: bytes) -> bytes | None:
        began = perf_counter()
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme != "Bearer" or b"\\u0000" in body:
            return None
        login_id = self._login(token.strip(), attempt_id)
        if login_id is None:
            return None
        try:
            sent = _decoded(body)
            changes = tuple([Change(one.seq, one.position, tuple(one.answer), one.flagged) for one in sent.changes])
            saved = group_commit(self._app).save(Batch(attempt_id, login_id, sent.client, changes))
        except (msgspec.MsgspecError, psycopg.Error, UnicodeError):
            return None
        if saved is None:
            return None
        signs.give(self._app, attempt_id, saved.server_time, sent.waiting, sent.lag)
        addresses.of_app(self._app).seen(attempt_id, environ.get("REMOTE_ADDR", ""))
        if sent.waiting:
            metrics.UNSAVED_LAG.observe(sent.lag)
        metrics.SAVE_SECONDS.observe(perf_counter() - began)
        return acknowledgement.written(saved)

    def _login(self, token: str, attempt_id: int) -> UUID | None:
        secret: str = self._app.config["SECRET_KEY"]
        claims = attempt_token.read(token, secret)
        if claims is None:
            return access.login_of_token(token, secret)
        return claims.login_id if claims.attempt_id == attempt_id else None
