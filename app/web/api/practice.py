"""Practice exams: begin one, save, hand in, and see what was right and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.delivery import playing, practice, reviewing, showing
from app.delivery.receipts import Change
from app.models.exam import AttemptState
from app.models.practice import Practice
from app.schemes.scheme import scheme
from app.web import access
from app.web.api.attempts import Acknowledged, ChangesSent, HandIn, PaperShown, RowMarks
from app.web.api.media import picture_response
from app.web.api.operation import Body, operation

MOST_CODE = 80


class OfferShown(Body):
    scheme: str
    level: str
    items: int
    minutes: int


class PracticeEntry(Body):
    id: int
    scheme: str
    level: str
    started_at: datetime
    deadline: datetime
    submitted_at: datetime | None
    score: str | None
    marks: str


class PracticeList(Body):
    levels: list[OfferShown]
    practices: list[PracticeEntry]


class PracticeBody(Body):
    scheme: str = Field(max_length=MOST_CODE)
    level: str = Field(max_length=MOST_CODE)


class PracticeStarted(Body):
    id: int
    client: UUID
    state: str
    server_time: datetime
    deadline: datetime
    next_seq: int
    paper: PaperShown
    responses: dict[str, list[str]]
    flagged: list[int]


class ItemReviewed(Body):
    position: int
    answer: list[str]
    key: list[str]
    right: bool
    marks: str
    of: str
    rationale: str
    feedback: dict[str, str]


class PracticeReview(Body):
    id: int
    submitted_at: datetime
    score: str
    marks: str
    rows: list[RowMarks]
    items: list[ItemReviewed]


@operation("GET", "/practice", Permission.SIT_EXAM, "What can be practised, and own practices", returns=PracticeList)
def index() -> PracticeList:
    session = db.session()
    levels = [OfferShown(scheme=o.scheme, level=o.level, items=o.items, minutes=o.minutes)
              for o in practice.offers(session)]  # fmt: skip
    return PracticeList(levels=levels, practices=[_entry(o) for o in practice.history(session, _user())])


@operation("POST", "/practice", Permission.SIT_EXAM, "Begin to practise, or go on with what runs", body=PracticeBody,
           returns=PracticeStarted, status=201, errors=(404, 409))  # fmt: skip
def begin(body: PracticeBody) -> PracticeStarted:
    session, now = db.session(), clock.now()
    scheme(body.scheme).level(body.level)
    found = practice.begin(session, _user(), body.scheme, body.level, now)
    session.commit()
    paper = showing.items_shown(session, 0, practice.placed(session, found), gettext, picture_address(found.id))
    standing = practice.responses_of(session, found)
    return PracticeStarted(
        id=found.id, client=found.client, state=AttemptState.IN_PROGRESS, server_time=now, deadline=found.deadline,
        next_seq=found.last_seq + 1, paper=PaperShown.model_validate(paper),
        responses={str(place): one.answer for place, one in standing.items() if one.answer},
        flagged=sorted(place for place, one in standing.items() if one.flagged),
    )  # fmt: skip


@operation("POST", "/practice/<id:practice_id>/changes", Permission.SIT_EXAM, "Save changes, as in an exam",
           body=ChangesSent, returns=Acknowledged, errors=(404, 409))  # fmt: skip
def changes(practice_id: int, body: ChangesSent) -> Acknowledged:
    session, now = db.session(), clock.now()
    found = _own(practice_id, now)
    sent = [Change(one.seq, one.position, tuple(one.answer), one.flagged) for one in body.changes]
    practice.save(session, found, body.client, sent, now)
    session.commit()
    return Acknowledged(acked=found.last_seq, receipt="", server_time=now, deadline=found.deadline,
                        state=AttemptState.IN_PROGRESS, notice=0)  # fmt: skip


@operation("POST", "/practice/<id:practice_id>/submit", Permission.SIT_EXAM, "Hand in and see what was right",
           body=HandIn, returns=PracticeReview, errors=(404, 409))  # fmt: skip
def submit(practice_id: int, body: HandIn) -> PracticeReview:
    session, now = db.session(), clock.now()
    found = _own(practice_id, now)
    practice.submit(session, found, body.client, now)
    session.commit()
    return _review(found)


@operation("GET", "/practice/<id:practice_id>", Permission.SIT_EXAM, "What was right and why, once it is over",
           returns=PracticeReview, errors=(404, 409))  # fmt: skip
def show(practice_id: int) -> PracticeReview:
    found = _own(practice_id, clock.now())
    db.session.commit()
    if found.submitted_at is None:
        raise practice.running()
    return _review(found)


@operation("GET", "/practice/<id:practice_id>/media/<digest>", Permission.SIT_EXAM, "A picture of a practice paper",
           media_type="image/*")  # fmt: skip
def picture(practice_id: int, digest: str) -> Response:
    session = db.session()
    found = session.get(Practice, practice_id)
    if found is None or found.user_id != _user():
        raise NotFound()
    return picture_response(*playing.picture_of(session, practice.placed(session, found), digest))


def picture_address(practice_id: int) -> Callable[[str], str]:
    around = url_for("api.practice_picture", practice_id=practice_id, digest="-")[:-1]
    return lambda digest: around + digest


def _own(practice_id: int, now: datetime) -> Practice:
    """Closed first if its time is over: a refusal after this undoes nothing of that."""
    found = practice.own(db.session(), _user(), practice_id, now)
    if found.submitted_at is not None:
        db.session.commit()
    return found


def _user() -> int:
    return access.principal().user_id


def _entry(one: Practice) -> PracticeEntry:
    return PracticeEntry(
        id=one.id, scheme=one.scheme, level=one.level, started_at=one.started_at, deadline=one.deadline,
        submitted_at=one.submitted_at, score=_figure(one.score), marks=str(_figure(one.marks)),
    )  # fmt: skip


def _review(found: Practice) -> PracticeReview:
    if found.submitted_at is None:
        raise practice.running()
    rows = (found.marks_by_row or {"rows": []})["rows"]
    items = [
        ItemReviewed(position=one.position, answer=list(one.answer), key=list(one.version.key), right=one.right,
                     marks=str(_figure(one.earned)), of=str(_figure(one.of)), rationale=one.version.rationale,
                     feedback=dict(one.version.feedback))
        for one in reviewing.review(db.session(), found)
    ]  # fmt: skip
    return PracticeReview(
        id=found.id, submitted_at=found.submitted_at, score=str(_figure(found.score)), marks=str(_figure(found.marks)),
        rows=[RowMarks.model_validate(row) for row in rows], items=items,
    )  # fmt: skip


def _figure(value: Any) -> str | None:
    return None if value is None else format(value.normalize(), "f")
