"""Who came to a theory session, and how each person was compared."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Literal

from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.core.images import MOST_BYTES
from app.core.texts import LONGEST_REASON
from app.models.attendance import Arrival, Comparison, SeenDocument
from app.web.api.operation import Body, operation
from app.web.watching import watcher
from proctoring import attendance as desk
from proctoring import attendance_list, snapshot
from proctoring.attendance import Check
from proctoring.attendance_list import Line
from proctoring.place import place_of

LONGEST_PHOTO = MOST_BYTES // 3 * 4 + 4


class RoomQuery(Body):
    room: int | None = Field(default=None, ge=1, lt=2**63)


class AttendanceLine(Body):
    seat: int
    name: str
    admission_number: str
    arrival: Literal["", "present", "late", "absent"]
    document: str
    comparison: Literal["", "matches", "doubtful", "different"]
    note: str
    checked_by: str
    checked_at: datetime | None
    let_in_at: datetime | None
    started_at: datetime | None


class AttendanceCounts(Body):
    """Who is late counts as present as well; who was found to be somebody else counts as turned away alone."""

    expected: int
    present: int
    late: int
    absent: int
    turned_away: int
    unchecked: int


class AttendanceList(Body):
    session: int
    room: int | None
    entry_over: bool
    counts: AttendanceCounts
    lines: list[AttendanceLine]


class CheckBody(Body):
    """Without `arrival` the clock says whether the person is late; without `document` it is the one applied with."""

    comparison: Comparison = Comparison.MATCHES
    arrival: Arrival | None = None
    document: SeenDocument | None = None
    note: str = Field(default="", max_length=LONGEST_REASON)
    photo: str | None = Field(default=None, max_length=LONGEST_PHOTO, description="JPEG or PNG, base64")


@operation("GET", "/sessions/<id:session_id>/attendance", Permission.WATCH_SESSION, "Who came, of one room or of all",
           query=RoomQuery, returns=AttendanceList)  # fmt: skip
def index(session_id: int, query: RoomQuery) -> AttendanceList:
    place = place_of(db.session(), watcher(), session_id, query.room)
    found = attendance_list.lines(db.session(), place)
    return AttendanceList(
        session=session_id, room=place.number or None, entry_over=desk.entry_over(place, clock.now()),
        counts=AttendanceCounts(**attendance_list.counts(found)), lines=[_line(one) for one in found],
    )  # fmt: skip


@operation("POST", "/sessions/<id:session_id>/attendance/<id:number>", Permission.INTERVENE,
           "Mark who sits at a seat, and let them in", body=CheckBody, returns=AttendanceLine,
           errors=(409,))  # fmt: skip
def check(session_id: int, number: int, body: CheckBody) -> AttendanceLine:
    session = db.session()
    place = place_of(session, watcher(), session_id)
    found = Check(body.comparison, body.document or "", body.note, body.arrival or "")
    desk.check(session, watcher().actor, session_id, number, found, clock.now(), _picture(body.photo))
    session.commit()
    snapshot.forget(session_id)
    whole = type(place)(place.exam, None)
    return _line(next(one for one in attendance_list.lines(session, whole) if one.seat == number))


def _picture(given: str | None) -> bytes | None:
    if not given:
        return None
    try:
        return base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise Refusal(
            "photo_not_base64", N_("The photo is not base64. Encode the file and send it again.")
        ) from problem


def _line(one: Line) -> AttendanceLine:
    row = one.attendance
    return AttendanceLine(
        seat=one.seat, name=one.name, admission_number=one.admission, arrival=row.arrival if row else "",  # type: ignore[arg-type]
        document=row.document if row else "", comparison=row.comparison if row else "",  # type: ignore[arg-type]
        note=row.note if row else "", checked_by=one.checked_by, checked_at=row.checked_at if row else None,
        let_in_at=one.let_in_at, started_at=one.started_at,
    )  # fmt: skip
