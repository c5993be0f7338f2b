"""All views of a session drawn at once, as JSON ready to be sent, from what has changed since the last time."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.models.registration import ExamSession
from proctoring import attention, board_live
from proctoring.board import shape_of, sweep
from proctoring.board_live import Entry
from proctoring.board_shapes import Board, BoardStaffing, RoomTallies, RoomTally
from proctoring.presence import Presence
from proctoring.staff import staff
from proctoring.views import View

AT_ONCE = 64
"""Views in one portion; whoever saves an answer meanwhile goes first in between."""
WHOLE, ROOMS = 0, -1
"""Names of pictures beside the views, which are called by their first seat."""
_PASSING: Any = {
    "server_time": True,
    "candidates": {"__all__": {"time_left_seconds", "seconds_since_sign", "last_sign_at"}},
}
"""What moves with the time alone, and so makes no new picture: `attention` tells when somebody falls silent."""


@dataclass(frozen=True)
class Snapshot:
    etag: str
    text: str

    @classmethod
    def of(cls, board: BaseModel) -> Snapshot:
        passing = _PASSING if isinstance(board, Board) else {"server_time"}
        lasting = board.model_dump_json(exclude=passing)
        return cls(_digest([lasting]), board.model_dump_json())


@dataclass
class _Drawn:
    """What all views have in common, and the views so far."""

    exam: ExamSession
    now: datetime
    signs_known: bool = True
    made: dict[int, Snapshot] = field(default_factory=dict)
    rooms: list[RoomTally] = field(default_factory=list)
    everybody: list[Entry] = field(default_factory=list)

    def draw(self, name: int, view: View | None, staffing: BoardStaffing, entries: Sequence[Entry]) -> None:
        head = Board.model_construct(
            session=self.exam.id, state=self.exam.state, server_time=self.now, opens_at=self.exam.opens_at,
            closes_at=self.exam.closes_at, view=shape_of(view) if view else None, staffing=staffing,
            signs_known=self.signs_known, counts=dict(Counter(one.state for one in entries)), candidates=[],
        )  # fmt: skip
        frame = head.model_dump_json(exclude={"server_time", "candidates"}).removesuffix("}")
        ordered = sorted(entries, key=lambda one: (one.urgency, one.seat))
        moment = head.model_dump_json(include={"server_time"})[1:-1]
        seconds = self.now.timestamp()
        places = ",".join([one.shown(seconds) for one in ordered])
        etag = _digest([frame, *[one.lasting for one in ordered]])
        self.made[name] = Snapshot(etag, f'{frame},{moment},"candidates":[{places}]}}')

    def tally(self, view: View, staffing: BoardStaffing, entries: Sequence[Entry]) -> None:
        states, reasons = Counter(one.state for one in entries), Counter(one.reason for one in entries)
        waiting = states["prepared"] + states["unprepared"]
        tally = RoomTally.model_construct(
            view=shape_of(view), staffing=staffing, seats=len(entries), waiting=waiting,
            running=states["in_progress"], silent=reasons[attention.SILENT], paused=states["paused"],
            handed_in=states["submitted"] + states["expired"] + states["released"],
            urgent=sum(reasons[one] for one in attention.URGENT),
        )  # fmt: skip
        self.rooms.append(tally)


def everything(
    session: Session, exam: ExamSession, present: Presence, now: datetime, parts: Sequence[View], *, whole: bool = False
) -> dict[int, Snapshot]:
    """Every view by its first seat, all rooms in figures and, if asked for, everybody in one. Commit afterwards."""
    sweep(session, exam, now)
    here, known = staff(session, exam, now), board_live.live(exam.id)
    drawn, portions = _Drawn(exam, now), list(_portions(parts))
    with known.lock:
        looks = known.look(session, exam, present, now, [View(some[0].first, some[-1].last) for some in portions])
        for some, (entries, signs_known) in zip(portions, looks, strict=True):
            drawn.signs_known = drawn.signs_known and signs_known
            seats = [one.seat for one in entries]
            for view in some:
                part = entries[bisect_left(seats, view.first) : bisect_right(seats, view.last)]
                staffing = here.of(len(part), view)
                drawn.draw(view.first, view, staffing, part)
                drawn.tally(view, staffing, part)
            drawn.everybody += entries
            time.sleep(0)
        all_of_them = here.of(len(drawn.everybody))
        if whole:
            drawn.draw(WHOLE, None, all_of_them, drawn.everybody)
    tallies = RoomTallies.model_construct(
        session=exam.id, state=exam.state, server_time=now, signs_known=drawn.signs_known, staffing=all_of_them,
        rooms=drawn.rooms,
    )  # fmt: skip
    drawn.made[ROOMS] = Snapshot.of(tallies)
    return drawn.made


def _portions(views: Sequence[View]) -> Iterator[Sequence[View]]:
    yield from (views[start : start + AT_ONCE] for start in range(0, len(views), AT_ONCE))


def _digest(lasting: Sequence[str]) -> str:
    return sha256("".join(lasting).encode()).hexdigest()[:32]
