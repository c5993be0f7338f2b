"""Files of unsent changes, brought from a candidate's computer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.accounts.permissions import Permission
from app.web import rescuing
from app.web.api.operation import Body, operation

Written = Annotated[str, Field(max_length=200)]


class RescueSent(Body):
    format: Written
    version: int = Field(ge=1, le=1000, strict=True)
    key: Written = Field(description="Number of the server's key it was made for")
    ephemeral: Written
    iv: Written
    data: str = Field(max_length=rescuing.MOST_BYTES)


class RescueReceived(Body):
    attempt: int
    seat: int
    changes: int = Field(description="In the file")
    applied: int = Field(description="Became answers, since the attempt still ran")
    kept: int = Field(description="Came too late and wait for a registrar's decision")
    again: bool = Field(description="The file was here before; nothing was changed")


@operation("POST", "/sessions/<id:session_id>/rescue", Permission.WATCH_SESSION,
           "Bring a candidate's emergency file: the file itself is the body", body=RescueSent, returns=RescueReceived,
           errors=(404, 409))  # fmt: skip
def receive(session_id: int, body: RescueSent) -> RescueReceived:
    done = rescuing.receive(session_id, body.model_dump())
    file = done.file
    return RescueReceived(
        attempt=file.attempt_id, seat=file.attempt.seat.number, changes=file.changes, applied=file.applied,
        kept=file.kept, again=done.again,
    )  # fmt: skip
