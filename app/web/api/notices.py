"""Messages of the proctors, as the candidate's page fetches them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.models.exam import Attempt
from app.web import access
from app.web.api.operation import Body, operation
from app.web.attempt_token import claims_of_request
from proctoring import notices


class NoticesAfter(Body):
    after: int = Field(default=0, ge=0, le=2**62, description="The number of the last message that is known")


class NoticeShown(Body):
    number: int
    text: str
    at: datetime


class NoticeList(Body):
    notices: list[NoticeShown]


@operation(
    "GET", "/attempts/<id:attempt_id>/notices", Permission.SIT_EXAM, "Messages from the proctors",
    query=NoticesAfter, returns=NoticeList, guard=False,
)  # fmt: skip
def index(attempt_id: int, query: NoticesAfter) -> NoticeList:
    """Those that came after the last one known. What was fetched counts as seen."""
    session, claims = db.session(), claims_of_request()
    if claims is None:
        access.check(Permission.SIT_EXAM)
    user_id = claims.user_id if claims else access.principal().user_id
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.user_id != user_id:
        raise NotFound()
    found = notices.of_attempt(session, attempt_id, query.after)
    if found:
        notices.mark_seen(session, attempt_id, found[-1].number, clock.now())
        session.commit()
    return NoticeList(notices=[NoticeShown(number=one.number, text=one.text, at=one.at) for one in found])
