"""Versions of signed sheets: corrections asked for and decided; and the score register that the head signs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.core.texts import LONGEST_REASON
from app.models import practical as tables
from app.models.marking import SheetVersion
from app.models.registration import Part
from app.practical.marking import corrections, evidence, heads, register, versions
from app.registration.planning import exam_session
from app.web.access import principal
from app.web.api.operation import LOGGED_IN, Body, operation
from app.web.api.sheets import CriterionId, Note, Points

Reason = Annotated[str, StringConstraints(max_length=LONGEST_REASON)]


class CorrectionBody(Body):
    """Only what is to change."""

    marks: dict[CriterionId, Points] = Field({}, max_length=200)
    notes: dict[CriterionId, Note] = Field({}, max_length=200)
    reason: Reason


class DecisionBody(Body):
    agree: bool = Field(strict=True)
    answer: Reason = ""


class VersionMark(Body):
    points: Decimal | None
    note: str


class VersionAnswer(Body):
    id: int
    sheet: int
    number: int
    state: str
    marks: dict[str, VersionMark]
    total: Decimal
    reason: str
    asked_at: datetime
    decided_at: datetime | None
    answer: str


class VersionList(Body):
    versions: list[VersionAnswer]


class RegisterSheet(Body):
    order: str
    examiner: str
    total: Decimal | None
    version: int


class RegisterRow(Body):
    seat: int
    candidate: str
    examined: bool
    score: Decimal | None
    passed: bool
    missed: list[str]
    reason: str
    sheets: list[RegisterSheet]


class RegisterAnswer(Body):
    session: int
    digest: str
    rows: list[RegisterRow]
    signed: bool = Field(description="Whether a signature holds for what stands now")
    signed_at: datetime | None


class RegisterSign(Body):
    seen: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = Field(
        None, description="Digest of the register that was reviewed"
    )


@operation(
    "POST", "/sheets/<id:sheet_id>/corrections", Permission.MARK_PRACTICAL, "Ask for a correction of a signed sheet",
    body=CorrectionBody, returns=VersionAnswer, status=201, errors=(409,),
)  # fmt: skip
def ask(sheet_id: int, body: CorrectionBody) -> VersionAnswer:
    who = principal()
    asked = corrections.ask(
        db.session(), who.actor, sheet_id, who.user_id, body.marks,
        notes=body.notes, reason=body.reason, now=clock.now(),
    )  # fmt: skip
    db.session.commit()
    return _shown(asked)


@operation(
    "GET", "/sheets/<id:sheet_id>/versions", LOGGED_IN, "A signed sheet and its corrections", returns=VersionList
)
def index(sheet_id: int) -> VersionList:
    sheet, who = db.session.get(tables.RubricSheet, sheet_id), principal()
    if sheet is None:
        raise NotFound()
    evidence.refuse_unseen(db.session(), sheet, who.user_id, reads_all=who.may(Permission.READ_SESSIONS))
    return VersionList(versions=[_shown(one) for one in versions.versions_of(db.session(), sheet_id)])


@operation(
    "POST", "/corrections/<id:version_id>/decide", LOGGED_IN, "The head of the panel, or the registrar, decides",
    body=DecisionBody, returns=VersionAnswer, errors=(409,),
)  # fmt: skip
def decide(version_id: int, body: DecisionBody) -> VersionAnswer:
    who = principal()
    decider = corrections.Decider(who.actor, who.user_id, who.may(Permission.PLAN_SESSIONS))
    done = corrections.decide(db.session(), decider, version_id, agree=body.agree, answer=body.answer, now=clock.now())
    db.session.commit()
    return _shown(done)


@operation("GET", "/sessions/<id:session_id>/score-register", LOGGED_IN, "Every outcome", returns=RegisterAnswer)
def show_register(session_id: int) -> RegisterAnswer:
    """For registrars and auditors, and for the head of the panel once nothing is left for them to mark blind."""
    who = principal()
    if exam_session(db.session(), session_id).part != Part.PRACTICAL:
        raise NotFound()
    if not who.may(Permission.READ_SESSIONS) and heads.head_of(db.session(), session_id) != who.user_id:
        raise NotFound()
    return _register(session_id)


@operation(
    "POST", "/sessions/<id:session_id>/score-register/sign", LOGGED_IN, "The head of the panel signs it",
    body=RegisterSign, returns=RegisterAnswer, errors=(409,), body_needed=False,
)  # fmt: skip
def sign_register(session_id: int, body: RegisterSign) -> RegisterAnswer:
    who = principal()
    register.sign(db.session(), who.actor, session_id, who.user_id, clock.now(), seen=body.seen)
    db.session.commit()
    return _register(session_id)


def _register(session_id: int) -> RegisterAnswer:
    found = register.present(db.session(), session_id)
    return RegisterAnswer(
        session=session_id,
        digest=found.digest,
        rows=[RegisterRow.model_validate(row) for row in found.shown_to(principal().user_id)],
        signed=found.signed is not None,
        signed_at=found.signed.signed_at if found.signed else None,
    )


def _shown(one: SheetVersion) -> VersionAnswer:
    return VersionAnswer(
        id=one.id, sheet=one.sheet_id, number=one.number, state=one.state,
        marks={key: VersionMark.model_validate(mark) for key, mark in one.marks.items()}, total=one.total,
        reason=one.reason, asked_at=one.asked_at, decided_at=one.decided_at, answer=one.answer,
    )  # fmt: skip
