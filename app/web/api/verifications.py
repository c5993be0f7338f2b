"""Employers ask about many certificates at once."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.registration.facts import day_of
from app.schemes.scheme import scheme
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.limits import check_limit
from certificates.register import batch_check
from certificates.register.batch_check import Answer, Question
from certificates.register.privacy import LONGEST_NAME


class Asked(Body):
    serial: str = Field(min_length=1, max_length=200)
    name: str | None = Field(None, max_length=LONGEST_NAME, description="Compared with the holder's, if given")


class Request(Body):
    certificates: list[Asked] = Field(min_length=1, max_length=batch_check.MOST)


class Found(Body):
    serial: str = Field(description="As it was asked")
    verdict: str = Field(description="valid, suspended, revoked, replaced or expired; unknown; name_differs")
    name_matches: bool | None = Field(description="None where no name was given or the number is unknown")
    holder: str | None = Field(description="Whole where the right name was given, else its beginning")
    scheme: str | None
    level: str | None
    level_name: str | None
    issued_on: date | None
    expires_on: date | None
    status_since: date | None
    ground: str | None
    demonstration: bool | None = Field(description="True: it certifies nothing")


class Report(Body):
    checked_at: datetime
    left_today: int
    results: list[Found]


@operation("POST", "/verifications", Permission.CHECK_CERTIFICATES, "What the register says of many certificates",
           body=Request, returns=Report, errors=(429,))  # fmt: skip
@check_limit
def create(body: Request) -> Report:
    now = clock.now()
    questions = [Question(one.serial, (one.name or "").strip()) for one in body.certificates]
    checked = batch_check.check(db.session(), principal().actor, questions, now, quota=_quota())
    db.session.commit()
    return Report(checked_at=now, left_today=checked.left_today, results=[_found(one) for one in checked.answers])


def _found(answer: Answer) -> Found:
    one = answer.certificate
    return Found(
        serial=answer.question.serial,
        verdict=answer.verdict,
        name_matches=answer.name_matches,
        holder=answer.holder,
        scheme=one.scheme if one else None,
        level=one.level if one else None,
        level_name=scheme(one.scheme).level(one.level).name if one else None,
        issued_on=one.issued_on if one else None,
        expires_on=one.expires_on if one else None,
        status_since=day_of(one.status_at) if one else None,
        ground=(one.status_reason or None) if one else None,
        demonstration=one.demonstration if one else None,
    )


def _quota() -> int:
    return int(current_app.extensions["settings"].verifier_daily_quota)
