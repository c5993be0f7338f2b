"""The live picture of a session, read only: the whole of it, or the views it is looked at in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.delivery import closing
from app.models.registration import ExamSession, SessionState
from app.schemes.scheme import scheme as scheme_of
from proctoring import attention, board_rows
from proctoring.answer_counts import answer_counts
from proctoring.board_places import Known, place_of
from proctoring.board_shapes import Board, BoardPlace, BoardStaffing, BoardView, RoomTallies, RoomTally
from proctoring.presence import Presence
from proctoring.staff import staff
from proctoring.views import View

WHOLE = View(0, 2**31)
AT_ONCE = 16
"""Views in one portion."""


@dataclass(frozen=True)
class _Read:
    """The candidates in the order of their seats, and whether anybody knows who is there."""

    places: Sequence[BoardPlace]
    signs_known: bool


def picture(session: Session, exam: ExamSession, present: Presence, now: datetime, view: View | None = None) -> Board:
    """One view, or the whole session, as it is now; closes what is past its time on the way. Commit afterwards."""
    _sweep(session, exam, now)
    read = _read(session, exam, present, now, view or WHOLE)
    return _board(exam, view, read, staff(session, exam, now).of(len(read.places), view), now)


def pictures(
    session: Session, exam: ExamSession, present: Presence, now: datetime, views: Sequence[View]
) -> tuple[list[Board], RoomTallies]:
    """All views of a session for the price of one look, and each in figures. Commit afterwards.

    Read a few hundred seats at a time, so that saves get their turn in between however large the session is.
    """
    _sweep(session, exam, now)
    here, boards, known = staff(session, exam, now), list[Board](), True
    for some in _portions(views):
        read = _read(session, exam, present, now, View(some[0].first, some[-1].last))
        known = known and read.signs_known
        for view in some:
            part = _Read([one for one in read.places if view.holds(one.seat)], read.signs_known)
            boards.append(_board(exam, view, part, here.of(len(part.places), view), now))
        time.sleep(0)
    tallies = RoomTallies(
        session=exam.id, state=exam.state, server_time=now, signs_known=known,
        staffing=here.of(sum(len(one.candidates) for one in boards)),
        rooms=[_tally(view, one) for view, one in zip(views, boards, strict=True)],
    )  # fmt: skip
    return boards, tallies


def joined(boards: Sequence[Board], tallies: RoomTallies) -> Board:
    """The whole session in one board."""
    counts: Counter[str] = Counter()
    for one in boards:
        counts.update(one.counts)
    places = [place for one in boards for place in one.candidates]
    return boards[0].model_copy(
        update={
            "view": None, "staffing": tallies.staffing, "counts": dict(counts),
            "candidates": sorted(places, key=lambda place: (attention.urgency(place.attention), place.seat)),
        }
    )  # fmt: skip


def shape_of(view: View) -> BoardView:
    room = view.room
    return BoardView(
        first=view.first, last=view.last, name=view.name, room=room.id if room else 0,
        opened_at=room.opened_at if room else None,
    )  # fmt: skip


def _portions(views: Sequence[View]) -> Iterator[Sequence[View]]:
    yield from (views[start : start + AT_ONCE] for start in range(0, len(views), AT_ONCE))


def _sweep(session: Session, exam: ExamSession, now: datetime) -> None:
    if exam.state == SessionState.OPEN:
        closing.sweep(session, now, session_id=exam.id)


def _read(session: Session, exam: ExamSession, present: Presence, now: datetime, view: View) -> _Read:
    rows = board_rows.places(session, exam.id, view)
    begun = [(a.attempt, (a.last_seq, a.started_at)) for _, a in rows if a.started_at is not None]
    signs = present.signs([a.attempt for _, a in rows if a.state in closing.RUNNING])
    known = Known(
        exam_open=exam.state == SessionState.OPEN, now=now,
        items=scheme_of(exam.scheme).level(exam.level).theory.paper.items(),
        answers=answer_counts().of(session, begun), incidents=board_rows.incidents(session, exam.id),
        signals=board_rows.signals(session, [one for one, _ in begun]), signs=signs,
    )  # fmt: skip
    return _Read([place_of(seat, attempt, known) for seat, attempt in rows], signs is not None)


def _board(exam: ExamSession, view: View | None, read: _Read, staffing: BoardStaffing, now: datetime) -> Board:
    return Board.model_construct(
        session=exam.id, state=exam.state, server_time=now, opens_at=exam.opens_at, closes_at=exam.closes_at,
        view=shape_of(view) if view else None, staffing=staffing, signs_known=read.signs_known,
        counts=dict(Counter(place.state or "unprepared" for place in read.places)),
        candidates=sorted(read.places, key=lambda place: (attention.urgency(place.attention), place.seat)),
    )  # fmt: skip


def _tally(view: View, board: Board) -> RoomTally:
    counts = board.counts
    reasons: Counter[Any] = Counter(one.attention[0] for one in board.candidates if one.attention)
    return RoomTally(
        view=shape_of(view), staffing=board.staffing, seats=len(board.candidates),
        waiting=counts.get("prepared", 0) + counts.get("unprepared", 0), running=counts.get("in_progress", 0),
        silent=reasons[attention.SILENT], paused=counts.get("paused", 0),
        handed_in=sum(counts.get(one, 0) for one in ("submitted", "expired", "released")),
        urgent=sum(reasons[one] for one in attention.URGENT),
    )  # fmt: skip
