"""A candidate's own attempts: start, save, hand in, result."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter
from typing import Annotated, Any
from uuid import UUID

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock, metrics
from app.core.db import db
from app.core.errors import N_, Refusal
from app.delivery import attempts, saving, settling, showing
from app.delivery.group_commit import group_commit
from app.delivery.receipts import Change
from app.web import access, acknowledgement, beginning, signs
from app.web.api.operation import Body, api, operation

MOST_BYTES = 64 * 1024
NUMBER = 2**31 - 1
LONGEST_TEXT = 4000
"""Of any answer; an item's type may take less."""
MOST_PLACES, MOST_CHANGES, LONGEST_WAIT = 40, 500, 100_000


class AttemptEntry(Body):
    id: int
    session: int
    scheme: str
    level: str
    state: str
    seat: int
    opens_at: datetime
    closes_at: datetime
    session_state: str
    started_at: datetime | None
    deadline: datetime | None
    submitted_at: datetime | None


class AttemptList(Body):
    attempts: list[AttemptEntry]


class OptionShown(Body):
    id: str
    text: str


class ItemShown(Body):
    position: int
    type: str
    marks: Annotated[float, Field(ge=0)]
    stem: str
    options: list[OptionShown]
    gaps: int = Field(default=0, description="How many texts an answer to a fill-in item has; left out for others")
    stimulus: int = Field(default=0, description="The number of the material it belongs to; left out if none")
    media: dict[str, str] = Field(default_factory=dict, description="Name in the texts → address; left out if none")


class StimulusShown(Body):
    number: int
    title: str
    text: str
    media: dict[str, str] = Field(default_factory=dict, description="As of an item")
    plays: int = Field(default=0, description="How often its recording may be heard; left out if it has none")
    plays_left: int = Field(default=0, description="How often it may still be heard; left out if it has none")


class PaperShown(Body):
    items: list[ItemShown]
    stimuli: list[StimulusShown] = Field(default_factory=list, description="What items share; left out if nothing")


class StartBody(Body):
    gate_code: str = Field(default="", max_length=40, description="As told in the room; only where one is asked for")
    paper: bool = Field(default=True, strict=True, description="False where its sealed page is here already")


class Started(Body):
    client: UUID
    token: str = Field(description="Sent as bearer token with everything that concerns this attempt from now on")
    notice: int = Field(description="Number of the last message for this attempt")
    state: str
    server_time: datetime
    deadline: datetime
    next_seq: int
    paper: PaperShown | None = Field(default=None, description="Left out if asked to")
    key: str | None = Field(default=None, description="Opens the sealed page, in Base64; in the paper's stead")
    responses: dict[str, list[str]]
    flagged: list[int]


class ChangeSent(Body):
    seq: int = Field(ge=1, le=NUMBER, strict=True)
    position: int = Field(ge=-NUMBER, le=NUMBER, strict=True)
    answer: list[Annotated[str, Field(max_length=LONGEST_TEXT)]] = Field(max_length=MOST_PLACES)
    flagged: bool | None = Field(default=None, strict=True)


class ChangesSent(Body):
    client: UUID
    changes: list[ChangeSent] = Field(max_length=MOST_CHANGES)
    waiting: int = Field(default=0, ge=0, le=LONGEST_WAIT, strict=True, description="Changes the client still keeps")
    lag: float = Field(default=0, ge=0, le=LONGEST_WAIT, description="Seconds the oldest of them has waited")


class Acknowledged(Body):
    acked: int
    receipt: str
    server_time: datetime
    deadline: datetime
    state: str
    notice: int = Field(description="Number of the last message to this attempt; 0 for none")


class HandIn(Body):
    client: UUID


class HandedIn(Body):
    receipt: str
    state: str
    submitted_at: datetime
    answered: int
    server_time: datetime


class RowMarks(Body):
    no: str
    name: str
    marks: str
    of: str


class TheoryResult(Body):
    score: str
    passed: bool
    rows: list[RowMarks]


@api.before_request
def _small_changes_only() -> None:
    """Refused by its size, before any of it is read."""
    if request.endpoint == "api.attempts_changes":
        request.max_content_length = MOST_BYTES
        if (request.content_length or 0) > MOST_BYTES:
            message = N_("This is too much at once. Send at most %(kilobytes)s kB, in several requests if need be.")
            raise Refusal("body_too_large", message, status=413, kilobytes=MOST_BYTES // 1024)


@operation("GET", "/attempts", Permission.READ_OWN, "Own attempts", returns=AttemptList)
def index() -> AttemptList:
    entries = showing.own_attempts(db.session(), access.principal().user_id, clock.now())
    db.session.commit()
    return AttemptList(attempts=[AttemptEntry(**entry) for entry in entries])


@operation(
    "POST", "/attempts/<id:attempt_id>/start", Permission.SIT_EXAM, "Start, continue or take over",
    body=StartBody, body_needed=False, returns=Started, errors=(409,), guard=False,
)  # fmt: skip
def start(attempt_id: int, body: StartBody) -> ResponseReturnValue:
    return Response(beginning.begun_json(attempt_id, body.gate_code, paper=body.paper), mimetype="application/json")


@operation(
    "POST", "/attempts/<id:attempt_id>/changes", Permission.SIT_EXAM, "Save changes; an empty list is a heartbeat",
    body=ChangesSent, returns=Acknowledged, errors=(409,), guard=False,
)  # fmt: skip
def changes(attempt_id: int, body: ChangesSent) -> ResponseReturnValue:
    began, login_id = perf_counter(), access.login_id_of_request()
    if login_id is None:
        access.check(Permission.SIT_EXAM)
        raise AssertionError("a request without a log-in was let in")
    sent = tuple(Change(one.seq, one.position, tuple(one.answer), one.flagged) for one in body.changes)
    batch = saving.Batch(attempt_id, login_id, body.client, sent)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the object behind the proxy
    saved = group_commit(app).save(batch) or _settled(batch)
    signs.give(app, attempt_id, saved.server_time, body.waiting, body.lag)
    if body.waiting:
        metrics.UNSAVED_LAG.observe(body.lag)
    metrics.SAVE_SECONDS.observe(perf_counter() - began)
    return Response(acknowledgement.written(saved), mimetype="application/json")


def _settled(batch: saving.Batch) -> saving.Saved:
    access.check(Permission.SIT_EXAM)
    outcome = settling.settle(db.session(), access.principal().user_id, batch, clock.now())
    db.session.commit()
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


@operation(
    "POST", "/attempts/<id:attempt_id>/submit", Permission.SIT_EXAM, "Hand in",
    body=HandIn, returns=HandedIn, errors=(409,),
)  # fmt: skip
def submit(attempt_id: int, body: HandIn) -> HandedIn:
    session, now = db.session(), clock.now()
    attempt = attempts.submit(session, access.principal().actor, attempt_id, body.client, now)
    answer: dict[str, Any] = showing.handed_in(session, attempt)
    session.commit()
    return HandedIn(**answer, server_time=now)


@operation(
    "GET", "/attempts/<id:attempt_id>/result", Permission.READ_OWN, "The released result, marks by row",
    returns=TheoryResult,
)  # fmt: skip
def result(attempt_id: int) -> TheoryResult:
    return TheoryResult(**showing.released_result(db.session(), access.principal().user_id, attempt_id))
