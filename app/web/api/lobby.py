"""Waiting for the doors: asked every few seconds by everybody who waits."""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from app.accounts.permissions import Permission
from app.core.errors import NotFound
from app.delivery import direct
from app.delivery.lobby import lobby
from app.web import access, lobby_answer
from app.web.api.operation import Body, operation


class LobbyShown(Body):
    attempt_state: str
    session_state: str
    room: str = Field(description="Empty where the session has no rooms")
    opens_at: datetime
    closes_at: datetime
    entry_until: datetime | None = Field(description="The end of late entry; null while the doors are closed")
    may_start: bool
    gated: bool = Field(description="Whether the gate code told in the room is asked for")
    over: bool = Field(description="Nothing is to be waited for any more")
    server_time: datetime
    again: float = Field(description="Seconds after which to look again, on average: add jitter of a half")
    spread: float = Field(description="Seconds over which to strew starts that nobody presses a button for")


@operation(
    "GET", "/attempts/<id:attempt_id>/lobby", Permission.SIT_EXAM, "Whether the doors are open for this attempt",
    returns=LobbyShown, guard=False,
)  # fmt: skip
def show(attempt_id: int) -> ResponseReturnValue:
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the object behind the proxy
    login_id = access.login_id_of_request()
    found = lobby(app).view(direct.line(), attempt_id, login_id) if login_id else None
    if found is None:
        access.check(Permission.SIT_EXAM)
        raise NotFound()
    etag = found.etag
    known = etag in request.if_none_match
    answer = Response(status=304) if known else Response(lobby_answer.written(found), mimetype="application/json")
    answer.set_etag(etag)
    return answer
