"""The panel of a practical on the day: who is missing, ties that come to light, a third examiner, another examiner."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.texts import LONGEST_REASON
from app.models.practical import RubricSheet
from app.models.registration import Seat, Tie
from app.models.stations import PanelChange
from app.practical.marking import thirds
from app.practical.marking.sheets import own_sheet
from app.practical.panels import absence
from app.practical.panels.changes import changes_of
from app.practical.sittings import practical_session
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.api.session_shapes import RowId

Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class ChangeBody(Body):
    """What happened: name the seat, examiner or station it is about. A conflict names seat, user and tie."""

    kind: Literal["candidate_absent", "candidate_came", "examiner_absent", "station_out", "station_back", "conflict"]
    about: RowId = Field(
        description="Number of the seat, of the examiner, or of the station; of the seat for a conflict"
    )
    user: RowId | None = Field(None, description="The examiner of a conflict")
    tie: Tie = Tie.DECLARED
    reason: Reason


class TieBody(Body):
    tie: Tie
    note: str = Field("", max_length=LONGEST_REASON)


class Assignment(Body):
    """An examiner by name, or a turn by station and time."""

    examiner: str | None = None
    station: str | None = None
    at: datetime | None = None


class ChangeLine(Body):
    seat: int
    name: str
    what: str
    before: Assignment | None
    after: Assignment | None


class ChangeShown(Body):
    id: int
    kind: str
    subject: str
    reason: str
    at: datetime
    changed: int
    fewest: bool = Field(description="Whether it is proved that no fewer assignments could change")
    lines: list[ChangeLine]


class ChangeList(Body):
    changes: list[ChangeShown]


class Declared(Body):
    """`replaced`: another examiner has taken the candidate; otherwise the registrar has to call one."""

    replaced: bool


class ExaminerBody(Body):
    examiner: RowId


class AnotherBody(ExaminerBody):
    reason: Reason


class SheetMade(Body):
    """A sheet with nothing on it yet."""

    sheet: int
    seat: int = Field(description="Number of the seat")
    examiner: int


@operation("GET", "/sessions/<id:session_id>/panel/changes", Permission.READ_SESSIONS,
           "What changed on the day, the latest first", returns=ChangeList, errors=(404,))  # fmt: skip
def changes(session_id: int) -> ChangeList:
    practical_session(db.session(), session_id)
    return ChangeList(changes=[shown(one) for one in changes_of(db.session(), session_id)])


@operation("POST", "/sessions/<id:session_id>/panel/changes", Permission.PLAN_SESSIONS,
           "Somebody or something is missing: solve again with as little changed as can be", body=ChangeBody,
           returns=ChangeShown, errors=(404, 409))  # fmt: skip
def change(session_id: int, body: ChangeBody) -> ChangeShown:
    made = absence.happened(
        db.session(), principal().actor, session_id, body.kind, body.about, reason=body.reason, user_id=body.user,
        tie=body.tie, now=clock.now(),
    )  # fmt: skip
    db.session.commit()
    return shown(made)


@operation("POST", "/sheets/<id:sheet_id>/conflict", Permission.MARK_PRACTICAL,
           "Declare a tie with the candidate of an own sheet; another examiner is found", body=TieBody,
           returns=Declared, errors=(404, 409))  # fmt: skip
def declare(sheet_id: int, body: TieBody) -> Declared:
    who, session = principal(), db.session()
    sheet = own_sheet(session, sheet_id, who.user_id)
    made = absence.conflict_found(
        session, who.actor, sheet.seat.session_id, sheet.seat_id, who.user_id, body.tie, body.note, clock.now()
    )
    session.commit()
    return Declared(replaced=made is not None)


@operation("POST", "/sessions/<id:session_id>/panel/seats/<id:seat_id>/third", Permission.PLAN_SESSIONS,
           "A third examiner where two sheets are apart, or another one who has not begun", body=ExaminerBody,
           returns=SheetMade, errors=(404, 409))  # fmt: skip
def third(session_id: int, seat_id: int, body: ExaminerBody) -> SheetMade:
    seat = db.session().get(Seat, seat_id)
    if seat is None or seat.session_id != session_id:
        raise NotFound()
    sheet = thirds.assign_third(db.session(), principal().actor, seat_id, body.examiner, clock.now())
    db.session.commit()
    return _made(sheet)


@operation("POST", "/sessions/<id:session_id>/panel/sheets/<id:sheet_id>/examiner", Permission.PLAN_SESSIONS,
           "Another examiner begins afresh on a sheet that is not signed", body=AnotherBody, returns=SheetMade,
           errors=(404, 409))  # fmt: skip
def another(session_id: int, sheet_id: int, body: AnotherBody) -> SheetMade:
    before = db.session().get(RubricSheet, sheet_id)
    if before is None or before.seat.session_id != session_id:
        raise NotFound()
    sheet = thirds.replace_examiner(
        db.session(), principal().actor, sheet_id, body.examiner, reason=body.reason, now=clock.now()
    )
    db.session.commit()
    return _made(sheet)


def _made(sheet: RubricSheet) -> SheetMade:
    return SheetMade(sheet=sheet.id, seat=sheet.seat.number, examiner=sheet.examiner_id)


def shown(one: PanelChange) -> ChangeShown:
    return ChangeShown(
        id=one.id, kind=one.kind, subject=one.subject, reason=one.reason, at=one.at, changed=len(one.lines),
        fewest=one.fewest, lines=[ChangeLine.model_validate(line) for line in one.lines],
    )  # fmt: skip
