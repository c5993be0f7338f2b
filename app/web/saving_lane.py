"""A short way to the saving statement, in front of the framework.

It takes only what a running exam sends over and over: changes with a bearer token, well formed and fitting their paper.
It answers only what was stored. Everything else goes the ordinary way with the same body, so that there is one place
that decides and words a refusal: the operation in app/web/api/attempts.py.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from app.web import acknowledgement, headers, lane_login, short_way, signs
from app.web.api.attempts import LONGEST_TEXT, LONGEST_WAIT, MOST_BYTES, MOST_CHANGES, MOST_PLACES, NUMBER
from app.web.short_way import ATTEMPT_RULE, ATTEMPTS
from proctoring import addresses

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

END = "/changes"
RULE = ATTEMPT_RULE + END


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
        self._headers = headers.of_lane(app)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        signs.begin(self._app)
        path: str = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "POST" and path.endswith(END):
            number = short_way.number_in(path, ATTEMPTS, END)
            if number is not None and (body := short_way.body_of(environ, MOST_BYTES)):
                answer = self._saved(environ, number, body)
                if answer is not None:
                    told = [("Content-Length", str(len(answer))), ("X-Request-Id", headers.request_id(environ))]
                    start("200 OK", self._headers + told)
                    return [answer]
        return self._ordinary(environ, start)

    def _saved(self, environ: WSGIEnvironment, attempt_id: int, body: bytes) -> bytes | None:
        began = perf_counter()
        who = lane_login.asker(self._app, environ, attempt_id)
        if who is None or who.via != "api":
            return None
        try:
            sent = _decoded(body)
            changes = tuple([Change(one.seq, one.position, tuple(one.answer), one.flagged) for one in sent.changes])
            saved = group_commit(self._app).save(Batch(attempt_id, who.login_id, sent.client, changes))
        except (msgspec.MsgspecError, psycopg.Error, UnicodeError):
            return None
        if saved is None:
            return None
        signs.give(self._app, attempt_id, saved.server_time, sent.waiting, sent.lag)
        addresses.of_app(self._app).seen(attempt_id, environ.get("REMOTE_ADDR", ""))
        if sent.waiting:
            metrics.UNSAVED_LAG.observe(sent.lag)
        metrics.SAVE_SECONDS.observe(perf_counter() - began)
        short_way.counted(RULE, "200", began)
        return acknowledgement.written(saved)
