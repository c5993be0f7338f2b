"""Which proctors are there, for each room and for the session, and who has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.registration import ExamSession
from app.registration.staffing import needed
from app.schemes.scheme import scheme as scheme_of
from proctoring.board_shapes import BoardGone, BoardStaffing
from proctoring.views import View

JUST_NOW = timedelta(minutes=2)
_PROCTORS = text("""
SELECT u.name, a.room_id, a.left_at, a.present_since IS NOT NULL AND a.left_at IS NULL AND u.active AS present
  FROM staff_assignment a JOIN user_account u ON u.id = a.user_id
 WHERE a.session_id = :session AND a.role = 'proctor' AND a.present_since IS NOT NULL
""")


@dataclass(frozen=True)
class _Proctor:
    name: str
    room_id: int | None
    left_at: datetime | None
    present: bool


class Staff:
    """Everybody who came; who watches no room in particular counts for each of them."""

    def __init__(self, proctors: Sequence[_Proctor], ratio: int, now: datetime) -> None:
        self._ratio, self._now = ratio, now
        self._present = Counter(one.room_id for one in proctors if one.present)
        self._left = [(one, one.left_at) for one in proctors if one.left_at and not one.present]

    def of(self, seats: int, view: View | None = None) -> BoardStaffing:
        """For a view of so many seats, or for the session as a whole."""
        room_id = view.room.id if view and view.room else None
        have = self._present.total() if room_id is None else self._present[None] + self._present[room_id]
        need = needed(seats, self._ratio, at_least=1)
        gone = [
            BoardGone(name=one.name, at=at)
            for one, at in self._left
            if (room_id is None or one.room_id in (None, room_id)) and (have < need or self._now - at < JUST_NOW)
        ]
        return BoardStaffing(have=have, need=need, gone=sorted(gone, key=lambda one: one.at, reverse=True)[:5])


def staff(session: Session, exam: ExamSession, now: datetime) -> Staff:
    rows = session.execute(_PROCTORS, {"session": exam.id})
    ratio = scheme_of(exam.scheme).level(exam.level).theory.proctor_ratio
    return Staff([_Proctor(*row) for row in rows], ratio, now)
