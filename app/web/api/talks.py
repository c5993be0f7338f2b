"""What the examiners of a candidate said to each other about sheets that are apart."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.texts import LONGEST_REASON
from app.models.account import User
from app.models.marking import PanelTalk
from app.practical.marking import heads, reconciling
from app.practical.marking.standing import Standing, seat_standing
from app.practical.sittings import practical_session
from app.registration.seating import seat_of
from app.web.access import principal
from app.web.api.operation import LOGGED_IN, Body, operation


class TalkBody(Body):
    note: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class TalkAnswer(Body):
    id: int
    seat: int
    note: str
    by: str
    at: datetime


class TalkList(Body):
    talks: list[TalkAnswer]


@operation(
    "GET", "/sessions/<id:session_id>/seats/<id:seat_id>/talks", LOGGED_IN, "Talks between the examiners of a seat",
    returns=TalkList,
)  # fmt: skip
def index(session_id: int, seat_id: int) -> TalkList:
    """For the head of the panel, registrars and auditors, once the sheets are open to them."""
    standing = _standing(session_id, seat_id, Permission.READ_SESSIONS)
    if not reconciling.open_to(standing, principal().user_id):
        raise NotFound()
    return TalkList(talks=[_shown(one) for one in reconciling.talks_of(db.session(), [seat_id])])


@operation(
    "POST", "/sessions/<id:session_id>/seats/<id:seat_id>/talks", LOGGED_IN, "Put a talk on record",
    body=TalkBody, returns=TalkAnswer, status=201, errors=(409,),
)  # fmt: skip
def create(session_id: int, seat_id: int, body: TalkBody) -> TalkAnswer:
    standing = _standing(session_id, seat_id, Permission.PLAN_SESSIONS)
    talk = reconciling.note_talk(db.session(), principal().actor, standing, body.note, clock.now())
    db.session.commit()
    return _shown(talk)


def _standing(session_id: int, seat_id: int, needed: Permission) -> Standing:
    session, who = db.session(), principal()
    practical_session(session, session_id)
    if not who.may(needed) and heads.head_of(session, session_id) != who.user_id:
        raise NotFound()
    return seat_standing(session, seat_of(session, session_id, seat_id))


def _shown(one: PanelTalk) -> TalkAnswer:
    by = db.session.get_one(User, one.by).name
    return TalkAnswer(id=one.id, seat=one.seat_id, note=one.note, by=by, at=one.at)
