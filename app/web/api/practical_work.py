"""A candidate's own tasks of the practical: what comes when, begin, store what is done, finish."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Response, abort, current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.models.tasks import SeatTask
from app.practical.tasks import chat as task_chat
from app.practical.tasks import closing as task_closing
from app.practical.tasks import plays as task_plays
from app.practical.tasks import view as task_view
from app.practical.tasks import work as task_work
from app.practical.tasks.listing import listed, sittings_of
from app.practical.tasks.rows import deadline_of, entries_of, own_task
from app.web.access import principal
from app.web.api.operation import Body, api, operation

NUMBER = 2**31 - 1
MOST_REQUEST = 256 * 1024
MOST_AT_ONCE = 200
FETCH_WITHIN = 120
"""Seconds for which the address of a play holds."""
Name = Annotated[str, Field(max_length=40)]


class TaskEntry(Body):
    id: int
    session: int
    slot: str
    kind: str
    title: str | None = Field(description="Told once the task may be begun")
    attended: bool = Field(description="Played before the examiners, who begin and end it")
    minutes: int
    state: str = Field(description="waiting, running or ended")
    may_begin: bool
    turn_at: datetime | None
    not_before: datetime | None
    station: str | None
    place: int | None
    started_at: datetime | None
    deadline: datetime | None
    ended_at: datetime | None


class TaskList(Body):
    server_time: datetime
    tasks: list[TaskEntry]


class Turn(Body):
    number: int
    conversation: str
    who: str = Field(description="customer or agent")
    text: str
    at: datetime
    seconds: int
    client: str
    seq: int


class TaskShown(Body):
    server_time: datetime
    deadline: datetime | None
    state: str
    view: dict[str, Any] = Field(description="Card, the kind's own data, and what stands of the own work")


class EntrySent(Body):
    seq: int = Field(ge=1, le=NUMBER, strict=True)
    kind: Name
    data: dict[Name, Any] = Field(max_length=10)
    made_at: datetime | None = Field(default=None, description="By the browser's clock; counts for nothing")


class EntriesSent(Body):
    client: UUID
    entries: list[EntrySent] = Field(max_length=MOST_AT_ONCE, description="An empty list is a heartbeat")
    computer: UUID | None = Field(
        default=None, description="Of your choice, one for each computer: only one has a task"
    )
    take: bool = Field(default=False, description="Go on at this computer; the other one is refused from then on")
    heard: int = Field(default=0, ge=0, le=NUMBER, strict=True, description="Turns of a chat that the browser has")


class EntriesStored(Body):
    acked: int = Field(description="The highest number of this browser that is stored")
    server_time: datetime
    deadline: datetime
    state: str
    turns: list[Turn] = Field(description="Of a chat: what was said after the turns that were heard")


class TaskEnded(Body):
    server_time: datetime
    state: str
    ended_at: datetime


class PlayWish(Body):
    key: UUID = Field(description="Of your choice; the same again is the same play")


class PlayGranted(Body):
    plays_left: int
    url: str | None = Field(description="Where the sound is fetched, once and soon; null if it has been already")


@api.before_request
def _bearable_entries_only() -> None:
    """Refused by its size, before any of it is read."""
    if request.endpoint == "api.practical_work_entries":
        request.max_content_length = MOST_REQUEST
        if (request.content_length or 0) > MOST_REQUEST:
            message = N_("This is too much at once. Send at most %(kilobytes)s kB, in several requests if need be.")
            raise Refusal("body_too_large", message, status=413, kilobytes=MOST_REQUEST // 1024)


@operation("GET", "/practical/tasks", Permission.READ_OWN, "Own tasks of the practical", returns=TaskList)
def index() -> TaskList:
    session, now = db.session(), clock.now()
    entries = [entry for seat in sittings_of(session, principal().user_id) for entry in listed(session, seat, now)]
    session.commit()
    return TaskList(server_time=now, tasks=[TaskEntry(**entry) for entry in entries])


@operation("GET", "/practical/tasks/<id:task_id>", Permission.READ_OWN, "One of them, once begun", returns=TaskShown)
def show(task_id: int) -> TaskShown:
    session, now = db.session(), clock.now()
    task = own_task(session, principal().user_id, task_id)
    if task.started_at is None:
        raise NotFound()
    task_closing.settle_seat(session, task.seat_id, now)
    session.commit()
    return _shown(task, now)


@operation(
    "POST", "/practical/tasks/<id:task_id>/start", Permission.SIT_EXAM, "Begin a task at a computer",
    returns=TaskShown, errors=(409,),
)  # fmt: skip
def start(task_id: int) -> TaskShown:
    session, now, who = db.session(), clock.now(), principal()
    task = task_work.start(session, who.actor, who.user_id, task_id, now)
    task_chat.speak(session, task, now)
    session.commit()
    return _shown(task, now)


@operation(
    "POST", "/practical/tasks/<id:task_id>/entries", Permission.SIT_EXAM, "Store what was done",
    body=EntriesSent, returns=EntriesStored, errors=(409,),
)  # fmt: skip
def entries(task_id: int, body: EntriesSent) -> EntriesStored:
    session, now = db.session(), clock.now()
    sent = [task_work.Entry(one.seq, one.kind, one.data, one.made_at) for one in body.entries]
    who = principal()
    if body.computer is not None:
        task_work.hold(session, who.actor, who.user_id, task_id, body.computer, take=body.take, now=now)
    stored = task_work.store(session, who.user_id, task_id, body.client, sent, now)
    if isinstance(stored, Refusal):
        session.commit()
        raise stored
    task, turns = stored.task, []
    if task.version.task.kind == "chat":
        task_chat.speak(session, task, clock.now())  # what was just said lies behind it
        turns = task_view.turns_of(task, entries_of(session, task))[body.heard :]
    end = deadline_of(task)
    session.commit()
    return EntriesStored(
        acked=stored.acked, server_time=now, deadline=end or now, state=task_view.state_of(task, now),
        turns=[Turn(**turn) for turn in turns],
    )  # fmt: skip


@operation(
    "POST", "/practical/tasks/<id:task_id>/finish", Permission.SIT_EXAM, "Finish a task", returns=TaskEnded,
    errors=(409,),
)  # fmt: skip
def finish(task_id: int) -> TaskEnded:
    session, now, who = db.session(), clock.now(), principal()
    task = task_work.finish(session, who.actor, who.user_id, task_id, now)
    session.commit()
    return TaskEnded(server_time=now, state=task_view.state_of(task, now), ended_at=task.ended_at or now)


@operation(
    "POST", "/practical/tasks/<id:task_id>/plays", Permission.SIT_EXAM, "Play the recording of a task once more",
    body=PlayWish, returns=PlayGranted, errors=(409,),
)  # fmt: skip
def play(task_id: int, body: PlayWish) -> PlayGranted:
    session, now = db.session(), clock.now()
    granted = task_plays.play(session, principal().user_id, task_id, body.key, now)
    session.commit()
    if granted.fetched:
        return PlayGranted(plays_left=granted.left, url=None)
    token = _signer().dumps([task_id, granted.number, int(now.timestamp()) + FETCH_WITHIN])
    return PlayGranted(plays_left=granted.left, url=url_for("api.practical_work_sound", task_id=task_id, token=token))


@operation(
    "GET", "/practical/tasks/<id:task_id>/plays/<token>", Permission.SIT_EXAM, "The sound of a play",
    media_type="audio/*", errors=(409,),
)  # fmt: skip
def sound(task_id: int, token: str) -> Response:
    if request.method == "HEAD":
        abort(405)  # it would take the sound and leave nothing to hear
    try:
        task, number, until = _signer().loads(token)
    except BadSignature as error:
        raise NotFound() from error
    if task != task_id:
        raise NotFound()
    if clock.now().timestamp() > until:
        message = N_("The address of this play has run out. Press play again; it is the same play.")
        raise Refusal("play_expired", message, status=409)
    content, kind = task_plays.fetch(db.session(), principal().user_id, task_id, number)
    db.session.commit()
    return Response(content, mimetype=kind, headers={"Content-Disposition": "attachment"})


@operation(
    "GET", "/practical/tasks/<id:task_id>/recording", Permission.MARK_PRACTICAL,
    "The recording of a task, for its examiners", media_type="audio/*",
)  # fmt: skip
def recording(task_id: int) -> Response:
    content, kind = task_plays.recording(db.session(), principal().user_id, task_id)
    return Response(content, mimetype=kind, headers={"Content-Disposition": "inline"})


def _shown(task: SeatTask, now: datetime) -> TaskShown:
    view = task_view.candidate_view(db.session(), task, now)
    return TaskShown(server_time=now, deadline=view.pop("deadline"), state=view["state"], view=view)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="task-play")
