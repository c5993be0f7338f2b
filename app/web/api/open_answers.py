"""Open answers for examiners: own sheets, the next one, points, signature. Whose answer it is stays unknown."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from flask.typing import ResponseReturnValue
from pydantic import Field, StrictFloat, StrictInt, StrictStr, StringConstraints

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.delivery import open_allocation, open_sheets
from app.models import open_marking as tables
from app.web.access import principal
from app.web.api.operation import Body, operation

Number = Annotated[str, StringConstraints(max_length=20)]
Points = StrictInt | StrictFloat | Annotated[StrictStr, StringConstraints(max_length=20)] | None


class Work(Body):
    session: int
    answers: int
    settled: int
    signed: int
    begun: int | None


class WorkList(Body):
    sessions: list[Work]


class Line(Body):
    number: str
    text: str
    points: Decimal


class Material(Body):
    """What the item shares with others, as the candidate saw it."""

    title: str
    text: str


class OpenSheetAnswer(Body):
    id: int
    script: int
    session: int
    state: str
    material: Material | None
    stem: str
    answer: str
    marks: Decimal
    """What the item is worth."""
    criteria: list[Line]
    points: dict[str, Decimal]
    note: str
    given: Decimal | None
    """Marks this sheet gives, once signed."""
    signed_at: datetime | None


class NextAnswer(Body):
    """Null when nothing is left for the examiner who asks."""

    sheet: OpenSheetAnswer | None


class PointsBody(Body):
    """Points by number of the criterion, in the scheme's steps; null takes them away. Others stay as they are."""

    points: dict[Number, Points] = Field({}, max_length=50)
    note: Annotated[str, StringConstraints(max_length=open_sheets.LONGEST_NOTE)] | None = None


@operation("GET", "/open-answers", Permission.MARK_PRACTICAL, "Sessions with open answers to mark", returns=WorkList)
def index() -> WorkList:
    return WorkList(
        sessions=[
            Work(session=one.exam.id, answers=one.answers, settled=one.settled, signed=one.signed, begun=one.begun)
            for one in open_allocation.work_of(db.session(), principal().user_id)
        ]
    )


@operation(
    "POST", "/sessions/<id:session_id>/open-answers", Permission.MARK_PRACTICAL, "The next open answer to mark",
    returns=NextAnswer, errors=(404,),
)  # fmt: skip
def take(session_id: int) -> NextAnswer:
    who = principal()
    sheet = open_allocation.next_sheet(db.session(), who.actor, session_id, who.user_id)
    db.session.commit()
    return NextAnswer(sheet=_shown(sheet) if sheet else None)


@operation(
    "GET", "/open-answers/<id:sheet_id>", Permission.MARK_PRACTICAL, "One of the own sheets", returns=OpenSheetAnswer
)
def show(sheet_id: int) -> OpenSheetAnswer:
    return _shown(open_sheets.own_sheet(db.session(), sheet_id, principal().user_id))


@operation(
    "PUT", "/open-answers/<id:sheet_id>/marks", Permission.MARK_PRACTICAL, "Save points and note",
    body=PointsBody, returns=OpenSheetAnswer, errors=(409,),
)  # fmt: skip
def save(sheet_id: int, body: PointsBody) -> OpenSheetAnswer:
    who = principal()
    sheet = open_sheets.save_points(db.session(), who.actor, sheet_id, who.user_id, body.points, body.note)
    db.session.commit()
    return _shown(sheet)


@operation(
    "POST", "/open-answers/<id:sheet_id>/sign", Permission.MARK_PRACTICAL, "Sign the sheet, which locks it for ever",
    returns=OpenSheetAnswer, errors=(409,),
)  # fmt: skip
def sign(sheet_id: int) -> OpenSheetAnswer:
    who = principal()
    sheet = open_sheets.sign(db.session(), who.actor, sheet_id, who.user_id, clock.now())
    db.session.commit()
    return _shown(sheet)


@operation(
    "DELETE", "/open-answers/<id:sheet_id>", Permission.MARK_PRACTICAL, "Give an unsigned answer back", status=204,
    errors=(409,),
)  # fmt: skip
def give_back(sheet_id: int) -> ResponseReturnValue:
    who = principal()
    open_sheets.give_back(db.session(), who.actor, sheet_id, who.user_id)
    db.session.commit()
    return "", 204


def _shown(sheet: tables.OpenSheet) -> OpenSheetAnswer:
    answer, stimulus = sheet.answer, sheet.answer.item.stimulus
    return OpenSheetAnswer(
        id=sheet.id,
        script=answer.id,
        session=answer.session_id,
        state=sheet.state,
        material=Material(title=stimulus.title, text=stimulus.text) if stimulus else None,
        stem=answer.item.stem,
        answer=answer.answer,
        marks=answer.marks,
        criteria=[Line(number=one.number, text=one.text, points=one.most) for one in open_sheets.lines(sheet)],
        points={number: Decimal(points) for number, points in sheet.points.items()},
        note=sheet.note,
        given=sheet.marks,
        signed_at=sheet.signed_at,
    )
