"""The live picture of a session, for who watches it."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.web.api.operation import Body, operation
from app.web.watching import require_look
from proctoring import snapshot
from proctoring.board_shapes import Board, RoomTallies


class WhichView(Body):
    view: int = Field(default=snapshot.WHOLE, ge=0, le=2**31 - 1, description="First seat of a room; 0 shows everybody")


@operation(
    "GET", "/sessions/<id:session_id>/board", Permission.WATCH_SESSION, "The live picture",
    query=WhichView, returns=Board, guard=False,
)  # fmt: skip
def show(session_id: int, query: WhichView) -> ResponseReturnValue:
    """With `If-None-Match` and nothing new the answer is 304, without a body."""
    return _picture(session_id, query.view)


@operation(
    "GET", "/sessions/<id:session_id>/board/rooms", Permission.WATCH_SESSION, "All rooms in figures",
    returns=RoomTallies, guard=False,
)  # fmt: skip
def rooms(session_id: int) -> ResponseReturnValue:
    """Of a session that is not divided into rooms, thirty seats at a time. 304 as for the board."""
    return _picture(session_id, snapshot.ROOMS)


def _picture(session_id: int, name: int) -> ResponseReturnValue:
    require_look(session_id)
    live = snapshot.live(db.session(), session_id, name, clock.now)
    db.session.commit()
    answer = Response(live.text, mimetype="application/json")
    answer.set_etag(live.etag)
    return answer.make_conditional(request)
