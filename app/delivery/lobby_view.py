"""What the lobby knows and tells, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from app.delivery.entry import Doors

OPEN = "open"


class RoomSeen(NamedTuple):
    first_seat: int
    last_seat: int
    name: str
    opened_at: datetime | None
    gate_code: str


@dataclass(frozen=True, slots=True)
class Place:
    """Who waits: the seat of an attempt."""

    session_id: int
    seat: int
    let_in: bool
    state: str


@dataclass(frozen=True, slots=True)
class Look:
    """A session and its rooms at one moment."""

    row: tuple[Any, ...]
    rooms: tuple[RoomSeen, ...]
    taken: float

    def doors(self, place: Place) -> tuple[Doors, str]:
        """As they stand for one seat, and the name of its room."""
        state, opens_at, opened_at, closes_at, late = self.row[:5]
        room = next((one for one in self.rooms if one.first_seat <= place.seat <= one.last_seat), None)
        name, room_opened, code = (room.name, room.opened_at, room.gate_code) if room else ("", None, "")
        doors = Doors(
            state == OPEN, state, opens_at, opened_at, closes_at, timedelta(minutes=late),
            room is not None, room_opened, code, place.let_in,
        )  # fmt: skip
        return doors, name

    def now(self, moment: float) -> datetime:
        """The database's time, carried on by a clock that nobody sets."""
        read: datetime = self.row[5]
        return read + timedelta(seconds=moment - self.taken)


@dataclass(frozen=True)
class View:
    """What the lobby tells one candidate."""

    attempt_state: str
    session_state: str
    room: str
    opens_at: datetime
    closes_at: datetime
    entry_until: datetime | None
    may_start: bool
    gated: bool
    over: bool
    server_time: datetime
    again: float
    """Seconds until the next look, on average."""
    spread: float
    """Seconds over which those who start by themselves are strewn."""

    @property
    def lasting(self) -> tuple[Any, ...]:
        """Everything that does not pass with the time alone; the same for most who wait in a room."""
        return (self.attempt_state, self.session_state, self.room, self.opens_at, self.closes_at, self.entry_until,
                self.may_start, self.gated, self.over)  # fmt: skip

    @property
    def etag(self) -> str:
        return _etag(self.lasting)


@lru_cache(10_000)
def _etag(lasting: tuple[Any, ...]) -> str:
    return sha256(repr(lasting).encode()).hexdigest()[:24]
