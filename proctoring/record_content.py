"""What a room's record says, gathered from what the room left behind: plain values, the same each time they are asked.

Nothing in it depends on the moment of asking once the room is over, so its hash changes only if the facts do.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.delivery import closing
from app.models.account import User
from app.models.attendance import Arrival, Comparison
from app.models.exam import Attempt, AttemptState
from app.models.registration import Seat
from app.models.room_record import RoomRemark
from app.registration.staffing import needed
from app.schemes.scheme import scheme as scheme_of
from proctoring import attendance_list, ratio, record_events
from proctoring.attendance_list import Line
from proctoring.place import Place, stays

FORM = 1
"""Of the record itself: a later form of it never reads as this one."""


def digest(content: dict[str, Any]) -> str:
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def content_of(session: Session, place: Place, fixed_at: datetime | None = None) -> dict[str, Any]:
    """`fixed_at` is when a version was signed: how an incident was settled after that is no part of it."""
    exam = place.exam
    found = attempts_of(session, place)
    begun = [one for one in found if one.started_at]
    ended = ended_at(place, found)
    scheme = scheme_of(exam.scheme)
    return {
        "form": FORM,
        "session": exam.id,
        "demonstration": exam.demonstration,
        "scheme": exam.scheme,
        "scheme_name": [scheme.name, scheme.name_en],
        "level": [scheme.level(exam.level).name, scheme.level(exam.level).name_en],
        "site": exam.site.name,
        "address": exam.site.address,
        "room": place.name,
        "seats": [place.room.first_seat, place.room.last_seat] if place.room else None,
        "planned": [moment(exam.opens_at), moment(exam.closes_at)],
        "minutes": exam.minutes,
        "opened": moment(place.opened_at or exam.opened_at),
        "first_start": moment(min((one.started_at for one in begun), default=None)),
        "ended": moment(ended),
        "candidates": _candidates(attendance_list.lines(session, place)),
        "papers": {"drawn": len(found), "snapshot": exam.snapshot_id or ""},
        "closing": _closing(found),
        "staff": _staff(session, place, ended),
        **record_events.of(session, place, ended, fixed_at),
        "remarks": _remarks(session, place),
    }


def attempts_of(session: Session, place: Place) -> list[Any]:
    columns = (Attempt.id, Attempt.state, Attempt.started_at, Attempt.submitted_at, Attempt.closed_how)
    query = select(*columns, Seat.number.label("seat")).join(Seat, Seat.id == Attempt.seat_id)
    return list(session.execute(query.where(place.seats()).order_by(Seat.number, Attempt.id)).all())


def ended_at(place: Place, found: list[Any]) -> datetime | None:
    """When the last candidate was done; None while somebody is still at work or nobody has begun."""
    ends = [one.submitted_at for one in found if one.started_at]
    return max(ends) if ends and all(ends) else place.exam.closed_at


def _candidates(lines: list[Line]) -> dict[str, Any]:
    def seats(arrival: Arrival) -> list[list[Any]]:
        return [[line.seat, line.name] for line in lines if line.came == arrival]

    def compared(outcome: Comparison) -> list[list[Any]]:
        marked = [(line, line.attendance) for line in lines if line.attendance]
        return [[line.seat, line.name, row.note] for line, row in marked if row.comparison == outcome]

    counts = attendance_list.counts(lines)
    return {
        "expected": counts["expected"], "present": counts["present"], "late": seats(Arrival.LATE),
        "absent": seats(Arrival.ABSENT), "doubtful": compared(Comparison.DOUBTFUL),
        "different": compared(Comparison.DIFFERENT),
        "unchecked": [[line.seat, line.name, bool(line.started_at)] for line in lines
                      if not line.arrival or line.unchecked_at_work],
    }  # fmt: skip


def _closing(found: list[Any]) -> dict[str, int]:
    """A paper that nobody came for counts as that, whether or not the session has been closed over it."""

    def how(one: Any) -> str:
        if not one.started_at:
            return "unused"
        return closing.VOIDED if one.state == AttemptState.VOIDED else one.closed_how or "running"

    return dict(sorted(Counter(how(one) for one in found).items()))


def _staff(session: Session, place: Place, ended: datetime | None) -> dict[str, Any]:
    exam = place.exam
    per = scheme_of(exam.scheme).level(exam.level).theory.proctor_ratio
    seats = session.scalar(select(func.count()).select_from(Seat).where(place.seats())) or 0
    need = needed(seats, per, at_least=1)
    there = stays(session, place)
    opened = place.opened_at or exam.opened_at
    answer: dict[str, Any] = {"ratio": per, "need": need, "people": [], "breaches": []}
    if opened is None or ended is None or ended <= opened:
        return answer
    begin = min((one.began for one in there), default=opened)
    for one in ratio.within(there, min(begin, opened), ended):
        answer["people"].append([one.person, one.name, moment(one.began), moment(one.ended)])
    for gap in ratio.breaches(there, need, opened, ended):
        answer["breaches"].append([moment(gap.began), moment(gap.ended), gap.have])
    return answer


def _remarks(session: Session, place: Place) -> list[list[Any]]:
    query = (
        select(RoomRemark, User.name)
        .join(User, User.id == RoomRemark.written_by)
        .where(RoomRemark.session_id == place.exam.id)
        .order_by(RoomRemark.id)
    )
    if place.room:
        query = query.where(RoomRemark.room_id == place.room.id)
    return [[moment(one.written_at), name, one.text] for one, name in session.execute(query)]
