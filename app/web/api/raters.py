"""Who rates the candidates of a practical beside the examiners."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.practical.marking import raters
from app.web.access import principal
from app.web.api.operation import Body, operation

Line = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class RaterBody(Body):
    seat: int = Field(ge=1, le=2**63 - 1, description="Id of the seat")
    group: Line
    username: Line


class RaterAnswer(Body):
    sheet: int
    seat: int
    group: str
    rater: str
    state: str


@operation(
    "POST", "/sessions/<id:session_id>/raters", Permission.PLAN_SESSIONS, "Name a rater beside the examiners",
    body=RaterBody, returns=RaterAnswer, errors=(409,),
)  # fmt: skip
def create(session_id: int, body: RaterBody) -> RaterAnswer:
    sheet = raters.name_rater(
        db.session(), principal().actor, session_id, body.seat, body.group, body.username, clock.now()
    )
    db.session.commit()
    return RaterAnswer(
        sheet=sheet.id, seat=sheet.seat_id, group=sheet.rater_group, rater=sheet.examiner.name, state=sheet.state
    )


@operation(
    "DELETE", "/sessions/<id:session_id>/raters/<id:sheet_id>", Permission.PLAN_SESSIONS,
    "Take away a rater who has not signed", status=204, errors=(409,),
)  # fmt: skip
def delete(session_id: int, sheet_id: int) -> tuple[str, int]:
    raters.remove_rater(db.session(), principal().actor, session_id, sheet_id)
    db.session.commit()
    return "", 204
