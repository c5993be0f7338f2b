"""An examiner's rubric sheets. Another's sheet does not exist here, until both have signed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, Field, StrictFloat, StrictInt, StrictStr, StringConstraints

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.texts import LONGEST_REASON
from app.models import practical as tables
from app.practical.marking import sheets
from app.practical.marking.standing import Standing, value_of
from app.web.access import principal
from app.web.api.operation import Body, operation

CriterionId = Annotated[str, StringConstraints(max_length=80)]
Points = StrictInt | StrictFloat | Annotated[StrictStr, StringConstraints(max_length=20)] | None
Note = Annotated[str, StringConstraints(max_length=sheets.LONGEST_NOTE)]
Made = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))]
"""A time by a tablet's clock."""


class Band(Body):
    grade: str
    low: Decimal
    high: Decimal
    text: str
    text_en: str


class CriterionAnswer(Body):
    id: str
    area: str
    name: str
    name_en: str
    points: Decimal
    critical: bool
    critical_below: Decimal
    """A critical criterion is missed with fewer points; missed, the part fails whatever the score."""
    descriptors: list[Band]


class DeductionAnswer(Body):
    """A mark under its id counts the times."""

    id: str
    name: str
    name_en: str
    points_each: Decimal
    most_times: int


class SignedSheet(Body):
    order: str
    examiner: str
    total: Decimal
    marks: dict[str, Decimal]


class PracticalOutcome(Body):
    """What the sheets come to; with `needs_third`, a third examiner's sheet is awaited."""

    score: Decimal | None
    needs_third: bool
    reason: str
    failed_critical: list[str]
    passed: bool
    sheets: list[SignedSheet]


class SheetAnswer(Body):
    id: int
    session: int
    seat: int
    candidate: str
    order: str
    state: str
    began_at: datetime | None
    ended_at: datetime | None
    minutes: int
    step: Decimal
    criteria: list[CriterionAnswer]
    deductions: list[DeductionAnswer]
    marks: dict[str, Decimal]
    notes: dict[str, str]
    total: Decimal
    missing: list[str]
    revision: int
    signed_at: datetime | None
    outcome: PracticalOutcome | None


class SheetList(Body):
    sheets: list[SheetAnswer]


class SheetFilter(Body):
    session: int | None = Field(None, ge=1, le=2**63 - 1)


class MarksBody(Body):
    """Points by criterion, exact, as number or text; null takes them away. Criteria not named stay as they are."""

    marks: dict[CriterionId, Points] = Field({}, max_length=200)
    notes: dict[CriterionId, Note] = Field({}, max_length=200)


class SignBody(Body):
    """Both may be left out: then whatever stands is signed now."""

    seen: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = Field(
        None, description="Digest of what the examiner saw; refused if the sheet is another by now"
    )
    made_at: Made | None = Field(None, description="When it was signed on a tablet without a network")


class UndoBody(Body):
    slot: Annotated[str, StringConstraints(max_length=80)] = Field(
        "", description="A task of the scheme; empty for the whole practical"
    )
    reason: Annotated[str, StringConstraints(max_length=LONGEST_REASON)]


class SavedAnswer(Body):
    sheet: int
    revision: int
    total: Decimal
    missing: list[str]
    state: str


@operation("GET", "/sheets", Permission.MARK_PRACTICAL, "Own rubric sheets", query=SheetFilter, returns=SheetList)
def index(query: SheetFilter) -> SheetList:
    own = sheets.own_sheets(db.session(), principal().user_id, query.session)
    return SheetList(sheets=[_shown(sheet) for sheet in own])


@operation("GET", "/sheets/<id:sheet_id>", Permission.MARK_PRACTICAL, "One of the own sheets", returns=SheetAnswer)
def show(sheet_id: int) -> SheetAnswer:
    return _shown(sheets.own_sheet(db.session(), sheet_id, principal().user_id))


@operation(
    "PUT", "/sheets/<id:sheet_id>/marks", Permission.MARK_PRACTICAL, "Save marks and notes",
    body=MarksBody, returns=SavedAnswer, errors=(409,),
)  # fmt: skip
def save_marks(sheet_id: int, body: MarksBody) -> SavedAnswer:
    who = principal()
    saved = sheets.save_marks(
        db.session(), who.actor, sheet_id, who.user_id, body.marks, notes=body.notes, now=clock.now()
    )
    db.session.commit()
    return SavedAnswer(
        sheet=saved.sheet.id,
        revision=saved.sheet.revision,
        total=saved.total,
        missing=list(saved.missing),
        state=saved.sheet.state,
    )


@operation(
    "POST", "/sheets/<id:sheet_id>/begin", Permission.MARK_PRACTICAL, "The candidate's practical begins",
    returns=SheetAnswer, errors=(409,),
)  # fmt: skip
def begin(sheet_id: int) -> SheetAnswer:
    who = principal()
    sheet = sheets.start_practical(db.session(), who.actor, sheet_id, who.user_id, clock.now())
    db.session.commit()
    return _shown(sheet)


@operation(
    "POST", "/sheets/<id:sheet_id>/begin/undo", Permission.MARK_PRACTICAL, "Take back a beginning tapped by mistake",
    body=UndoBody, returns=SheetAnswer, errors=(409,),
)  # fmt: skip
def undo_begin(sheet_id: int, body: UndoBody) -> SheetAnswer:
    who = principal()
    sheet = sheets.undo_begin(
        db.session(), who.actor, sheet_id, who.user_id, clock.now(), slot=body.slot, reason=body.reason
    )
    db.session.commit()
    return _shown(sheet)


@operation(
    "POST", "/sheets/<id:sheet_id>/end", Permission.MARK_PRACTICAL, "The candidate's practical ends",
    returns=SheetAnswer, errors=(409,),
)  # fmt: skip
def end(sheet_id: int) -> SheetAnswer:
    who = principal()
    sheet = sheets.end_practical(db.session(), who.actor, sheet_id, who.user_id, clock.now())
    db.session.commit()
    return _shown(sheet)


@operation(
    "POST", "/sheets/<id:sheet_id>/sign", Permission.MARK_PRACTICAL, "Sign the sheet, which locks it",
    body=SignBody, returns=SheetAnswer, errors=(409,), body_needed=False,
)  # fmt: skip
def sign(sheet_id: int, body: SignBody) -> SheetAnswer:
    who = principal()
    sheet = sheets.sign(
        db.session(), who.actor, sheet_id, who.user_id, clock.now(), seen=body.seen, made_at=body.made_at
    )
    db.session.commit()
    return _shown(sheet)


def _shown(sheet: tables.RubricSheet) -> SheetAnswer:
    value = value_of(sheet)
    standing = sheets.disclosed(db.session(), sheet)
    return SheetAnswer(
        id=sheet.id,
        session=sheet.seat.session_id,
        seat=sheet.seat.number,
        candidate=sheet.seat.application.candidate.name,
        order=sheet.order,
        state=sheet.state,
        began_at=sheet.seat.practical_started_at,
        ended_at=sheet.seat.practical_ended_at,
        minutes=sheet.seat.session.minutes,
        step=value.rubric.step,
        criteria=[CriterionAnswer.model_validate(c, from_attributes=True) for c in value.rubric.criteria],
        deductions=[DeductionAnswer.model_validate(d, from_attributes=True) for d in value.rubric.deductions],
        marks=dict(value.awarded),
        notes={mark.criterion: mark.note for mark in sheet.marks if mark.note},
        total=value.total(),
        missing=[criterion.id for criterion in value.missing()],
        revision=sheet.revision,
        signed_at=sheet.signed_at,
        outcome=_outcome(standing) if standing else None,
    )


def _outcome(standing: Standing) -> PracticalOutcome:
    found = standing.outcome
    signed = [
        SignedSheet(order=order, examiner=one.examiner.name, total=total, marks=dict(value_of(one).awarded))
        for order, one in standing.sheets.items()
        if (total := standing.total(order)) is not None
    ]
    return PracticalOutcome(
        score=found.score, needs_third=found.needs_third, reason=found.reason,
        failed_critical=list(found.failed_critical), passed=found.passed, sheets=signed,
    )  # fmt: skip
