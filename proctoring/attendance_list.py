"""The list at the desk: everybody of a room with what is known of them, read only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.models.account import User
from app.models.attendance import Arrival, Attendance, Comparison, DeskPhoto
from app.models.exam import Attempt, AttemptState
from app.models.registration import Application, Candidate, Seat
from app.registration import admission_code
from proctoring.place import Place


@dataclass(frozen=True)
class Line:
    seat: int
    seat_id: int
    name: str
    identity_type: str
    identity: str
    has_photo: bool
    attendance: Attendance | None
    checked_by: str
    desk_photo: int | None
    let_in_at: datetime | None
    started_at: datetime | None

    @property
    def admission(self) -> str:
        return admission_code.number_of(self.seat_id)

    @property
    def arrival(self) -> str:
        return self.attendance.arrival if self.attendance else ""

    @property
    def turned_away(self) -> bool:
        """Somebody came, and it was not the candidate."""
        return self.attendance is not None and self.attendance.comparison == Comparison.DIFFERENT

    @property
    def came(self) -> str:
        """The arrival of the candidate in person."""
        return "" if self.turned_away else self.arrival

    @property
    def unchecked_at_work(self) -> bool:
        """Somebody writes here whom nobody has compared, or who was marked as absent before."""
        return self.started_at is not None and self.arrival in ("", Arrival.ABSENT)


def lines(session: Session, place: Place) -> list[Line]:
    """By seat."""
    newest = select(func.max(DeskPhoto.id)).where(DeskPhoto.seat_id == Seat.id, DeskPhoto.content.is_not(None))
    began = select(func.min(Attempt.started_at)).where(Attempt.seat_id == Seat.id, Attempt.state != AttemptState.VOIDED)
    query = (
        select(
            Seat.number.label("seat"), Seat.id.label("seat_id"), Candidate.name, Candidate.identity_type,
            Candidate.identity_masked.label("identity"), Candidate.photo.is_not(None).label("has_photo"),
            Attendance, User.name.label("checker"), newest.scalar_subquery().label("desk_photo"),
            Seat.let_in_at, began.scalar_subquery().label("started_at"),
        )
        .select_from(Seat)
        .join(Application, Application.id == Seat.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .outerjoin(Attendance, Attendance.seat_id == Seat.id)
        .outerjoin(User, User.id == Attendance.checked_by)
        .where(place.seats())
        .order_by(Seat.number)
    )  # fmt: skip
    return [
        Line(
            seat=row.seat, seat_id=row.seat_id, name=row.name, identity_type=row.identity_type, identity=row.identity,
            has_photo=row.has_photo, attendance=row.Attendance, checked_by=row.checker or "",
            desk_photo=row.desk_photo, let_in_at=row.let_in_at, started_at=row.started_at,
        )
        for row in session.execute(query)
    ]  # fmt: skip


def counts(found: list[Line]) -> dict[str, int]:
    """Who is late is present as well; who was turned away is not."""
    kinds = {str(one): sum(line.came == one for line in found) for one in Arrival}
    kinds[Arrival.PRESENT] += kinds[Arrival.LATE]
    turned_away = sum(line.turned_away for line in found)
    unchecked = sum(not line.arrival for line in found)
    return {"expected": len(found), **kinds, "turned_away": turned_away, "unchecked": unchecked}


def sought(found: list[Line], words: str) -> list[Line]:
    """By seat, by admission number however it is typed, or by a part of the name."""
    plain = "".join(words.split())
    if not plain:
        return found
    if plain.isascii() and plain.isdigit():
        return [line for line in found if str(line.seat) == plain or line.seat_id == _seat_id(plain)]
    return [line for line in found if plain.casefold() in "".join(line.name.split()).casefold()]


def next_after(found: list[Line], seat: int) -> Line | None:
    """Who comes up when this one is done: the next without a mark, from the beginning again at the end."""
    waiting = [line for line in found if not line.arrival]
    return next((line for line in waiting if line.seat > seat), waiting[0] if waiting else None)


def _seat_id(number: str) -> int:
    try:
        return admission_code.seat_of(number)
    except Refusal:
        return 0
