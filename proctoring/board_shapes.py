"""The live picture as values: what the page draws and the API describes."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class BoardGone(BaseModel):
    """A proctor who has left, and when."""

    model_config = ConfigDict(frozen=True)
    name: str
    at: datetime


class BoardStaffing(BaseModel):
    """Proctors present and needed; `gone` while somebody is missing, or has left just now."""

    model_config = ConfigDict(frozen=True)
    have: int
    need: int
    gone: list[BoardGone] = []


class BoardView(BaseModel):
    """The seats that are shown; `room` is 0 where the session is not divided."""

    model_config = ConfigDict(frozen=True)
    first: int
    last: int
    name: str
    room: int
    opened_at: datetime | None


class BoardPlace(BaseModel):
    """One candidate at one seat. `items` is the length of the paper; `flagged` counts what is marked for review.

    `waiting` and `lag` are what the candidate's page told: changes not sent yet, seconds the oldest has waited.
    """

    model_config = ConfigDict(frozen=True)
    seat: int
    name: str
    attempt: int | None
    state: str | None
    closed_how: str
    let_in_at: datetime | None
    items: int
    answered: int
    flagged: int
    started_at: datetime | None
    deadline: datetime | None
    paused_at: datetime | None
    submitted_at: datetime | None
    extra_seconds: int
    time_left_seconds: int | None
    last_saved_at: datetime | None
    last_sign_at: datetime | None
    seconds_since_sign: int | None
    waiting: int
    lag: int
    client: str
    address: str
    incidents: int
    blocking_incidents: int
    takeovers: int
    signals: int
    message_unseen: bool
    attention: list[str]


class Board(BaseModel):
    """The room at `server_time`, those who need attention first. Without `signs_known` nobody is called silent.

    `view` is null when the whole session is shown.
    """

    model_config = ConfigDict(frozen=True)
    session: int
    state: str
    server_time: datetime
    opens_at: datetime
    closes_at: datetime
    view: BoardView | None
    staffing: BoardStaffing
    signs_known: bool
    counts: dict[str, int]
    candidates: list[BoardPlace]


class RoomTally(BaseModel):
    """One room in figures: seats, how many are at which stage, and how many somebody should go and look at."""

    model_config = ConfigDict(frozen=True)
    view: BoardView
    staffing: BoardStaffing
    seats: int
    waiting: int
    running: int
    silent: int
    paused: int
    handed_in: int
    urgent: int


class RoomTallies(BaseModel):
    """All rooms of a session at `server_time`, in the order of their seats."""

    model_config = ConfigDict(frozen=True)
    session: int
    state: str
    server_time: datetime
    staffing: BoardStaffing
    signs_known: bool
    rooms: list[RoomTally]
