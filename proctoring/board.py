"""The live picture of a session or of one of its views, read at once. Whole large ones: board_drawing.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.delivery import closing
from app.models.registration import ExamSession, SessionState
from app.schemes.scheme import scheme as scheme_of
from proctoring import attention, board_rows
from proctoring.answer_counts import answer_counts
from proctoring.board_places import Known, place_of
from proctoring.board_shapes import Board, BoardPlace, BoardStaffing, BoardView
from proctoring.presence import Presence
from proctoring.staff import staff
from proctoring.views import View

WHOLE = View(0, 2**31)


@dataclass(frozen=True)
class _Read:
    """The candidates in the order of their seats, and whether anybody knows who is there."""

    places: Sequence[BoardPlace]
    signs_known: bool


def picture(session: Session, exam: ExamSession, present: Presence, now: datetime, view: View | None = None) -> Board:
    """One view, or the whole session, as it is now; closes what is past its time on the way. Commit afterwards."""
    sweep(session, exam, now)
    read = _read(session, exam, present, now, view or WHOLE)
    return _board(exam, view, read, staff(session, exam, now).of(len(read.places), view), now)


def shape_of(view: View) -> BoardView:
    room = view.room
    return BoardView(
        first=view.first, last=view.last, name=view.name, room=room.id if room else 0,
        opened_at=room.opened_at if room else None,
    )  # fmt: skip


def sweep(session: Session, exam: ExamSession, now: datetime) -> None:
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
