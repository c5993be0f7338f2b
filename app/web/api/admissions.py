"""Log-in on the day with admission number and one-time code, for programs; and what staff does about codes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import current_app
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.texts import LONGEST_REASON
from app.models.account import LoginKind
from app.registration import admission, admission_code
from app.web import access, quick_admission
from app.web.api.operation import ANYONE, Body, operation
from app.web.limits import admission_limits
from proctoring import doors, snapshot


class AdmissionSent(Body):
    number: str = Field(max_length=60)
    code: str = Field(max_length=60)


class Admitted(Body):
    token: str = Field(description="Reaches this attempt and nothing else")
    attempt: int


class CodeReason(Body):
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class CodeIssued(Body):
    number: str
    code: str


class CodeOpened(Body):
    until: datetime


class LetIn(Body):
    let_in_at: datetime


@operation(
    "POST", "/admissions", ANYONE, "Log in on the day with what the admission ticket says",
    body=AdmissionSent, returns=Admitted, errors=(401, 409),
)  # fmt: skip
def create(body: AdmissionSent) -> Admitted:
    login_id, attempt_id = quick_admission.admitted(body.number, body.code) or _ordinary(body)
    return Admitted(token=access.signed_token(login_id), attempt=attempt_id)


@admission_limits
def _ordinary(body: AdmissionSent) -> tuple[UUID, int]:
    visit = access.visit(LoginKind.ADMISSION)
    key = admission.key_of(current_app.config["SECRET_KEY"])
    admitted = admission.log_in(db.session(), key, body.number, body.code, visit)
    db.session.commit()
    return admitted


@operation(
    "POST", "/sessions/<id:session_id>/seats/<id:seat_id>/code", Permission.PLAN_SESSIONS,
    "A new one-time code for a seat; the old one is dead at once", body=CodeReason, returns=CodeIssued,
    errors=(404, 409),
)  # fmt: skip
def renew(session_id: int, seat_id: int, body: CodeReason) -> CodeIssued:
    seat = admission.renew(db.session(), access.principal().actor, session_id, seat_id, body.reason)
    db.session.commit()
    key = admission.key_of(current_app.config["SECRET_KEY"])
    return CodeIssued(
        number=admission_code.number_of(seat.id), code=admission_code.code_of(key, seat.id, seat.code_issue)
    )


@operation(
    "POST", "/attempts/<id:attempt_id>/reopen-code", Permission.INTERVENE,
    "Let the candidate's one-time code in once more, for another computer", body=CodeReason, returns=CodeOpened,
    errors=(409,),
)  # fmt: skip
def reopen(attempt_id: int, body: CodeReason) -> CodeOpened:
    until = doors.reopen_code(db.session(), access.principal().actor, attempt_id, body.reason, clock.now())
    db.session.commit()
    return CodeOpened(until=until)


@operation(
    "POST", "/attempts/<id:attempt_id>/let-in", Permission.INTERVENE,
    "Let a candidate in: no gate code is asked for", returns=LetIn, errors=(409,),
)  # fmt: skip
def let_in(attempt_id: int) -> LetIn:
    session, now = db.session(), clock.now()
    seat = doors.let_in(session, access.principal().actor, attempt_id, now)
    session.commit()
    snapshot.forget(seat.session_id)
    return LetIn(let_in_at=seat.let_in_at or now)
