"""The rooms of a session: divided by the registrar, opened by their proctors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.models.registration import Room
from app.registration import rooms
from app.registration.dividing import ROOM_SIZE
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.watching import watcher
from proctoring import doors, duty, snapshot


class RoomShown(Body):
    id: int
    name: str
    first_seat: int
    last_seat: int
    gated: bool
    gate_code: str | None = Field(description="Told to the session's proctors alone; null for everybody else")
    opened_at: datetime | None


class RoomList(Body):
    rooms: list[RoomShown]


class Division(Body):
    size: int = Field(default=ROOM_SIZE, ge=0, le=1000, strict=True, description="Seats of a room; 0 for no rooms")
    gated: bool = Field(default=True, strict=True, description="Whether new rooms ask for a gate code")


class RoomChange(Body):
    name: str = Field(min_length=1, max_length=rooms.LONGEST_NAME)
    gate: Literal["keep", "new", "none"] = "keep"


class RoomOfProctor(Body):
    user: int = Field(ge=1, le=2**63 - 1, strict=True)
    room: int | None = Field(ge=1, le=2**63 - 1, description="null: the session as a whole")


@operation("GET", "/sessions/<id:session_id>/rooms", Permission.WATCH_SESSION, "The rooms of a session",
           returns=RoomList, errors=(404,))  # fmt: skip
def index(session_id: int) -> RoomList:
    person = watcher()
    duty.watched_session(db.session(), person, session_id)
    return _list(rooms.rooms_of(db.session(), session_id), told=not person.registrar)


@operation("POST", "/sessions/<id:session_id>/rooms", Permission.PLAN_SESSIONS,
           "Divide the seats into rooms; rooms already there keep name, gate code and proctors", body=Division,
           returns=RoomList, errors=(404, 409))  # fmt: skip
def divide(session_id: int, body: Division) -> RoomList:
    made = rooms.divide(db.session(), principal().actor, session_id, size=body.size, gated=body.gated)
    db.session.commit()
    return _list(made)


@operation("PUT", "/rooms/<id:room_id>", Permission.PLAN_SESSIONS, "Rename a room, renew or drop its gate code",
           body=RoomChange, returns=RoomShown, errors=(404, 409))  # fmt: skip
def change(room_id: int, body: RoomChange) -> RoomShown:
    room = rooms.change_room(db.session(), principal().actor, room_id, name=body.name, gate=body.gate)
    db.session.commit()
    return _shown(room)


@operation("POST", "/sessions/<id:session_id>/staff/room", Permission.PLAN_SESSIONS,
           "The room that a proctor watches", body=RoomOfProctor, returns=RoomOfProctor, errors=(404, 409))  # fmt: skip
def assign(session_id: int, body: RoomOfProctor) -> RoomOfProctor:
    rooms.assign_room(db.session(), principal().actor, session_id, body.user, body.room)
    db.session.commit()
    return body


@operation("POST", "/rooms/<id:room_id>/open", Permission.INTERVENE,
           "Open a room of an open session, if enough of its proctors are present", returns=RoomShown,
           errors=(404, 409))  # fmt: skip
def open_room(room_id: int) -> RoomShown:
    room = doors.open_room(db.session(), principal().actor, room_id, clock.now())
    db.session.commit()
    snapshot.forget(room.session_id)
    return _shown(room, told=True)


def _list(found: Iterable[Room], *, told: bool = False) -> RoomList:
    return RoomList(rooms=[_shown(room, told=told) for room in found])


def _shown(room: Room, *, told: bool = False) -> RoomShown:
    return RoomShown(
        id=room.id, name=room.name, first_seat=room.first_seat, last_seat=room.last_seat, gated=bool(room.gate_code),
        gate_code=room.gate_code if told else None, opened_at=room.opened_at,
    )  # fmt: skip
