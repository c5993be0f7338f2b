"""Signals and pictures from a candidate's computer, and the answer whether pictures may be taken."""

from __future__ import annotations

from datetime import datetime
from threading import BoundedSemaphore
from typing import Annotated, Literal
from uuid import UUID

from flask import request
from pydantic import AwareDatetime, Base64Bytes, Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.core.heavy import apart
from app.web import access
from app.web.api.operation import Body, api, operation
from app.web.attempt_token import claims_of_request
from app.web.limits import limiter
from proctoring import captures, pictures, signal_log
from proctoring.signal_log import Noticed
from proctoring.signals import Kind

MOST_AT_ONCE = 50
DAY = 86_400
SIZES = {"api.integrity_signals": 32 * 1024, "api.integrity_capture": 600 * 1024}
at_work = BoundedSemaphore(2)
"""Pictures that one process takes in at the same time; saving answers comes first."""

PageKind = Literal["focus", "full_screen", "paste", "copy", "print", "screens", "capture"]


class SignalSent(Body):
    key: UUID = Field(description="Of your choice; the same again is the same signal")
    kind: PageKind
    at: AwareDatetime = Field(description="By the clock of the candidate's computer")
    seconds: int | None = Field(default=None, ge=0, le=DAY, strict=True)
    length: int | None = Field(default=None, ge=0, le=10_000_000, strict=True, description="Characters; never the text")


class SignalsSent(Body):
    signals: list[SignalSent] = Field(min_length=1, max_length=MOST_AT_ONCE)


class SignalsKept(Body):
    kept: int
    server_time: datetime


class ConsentSent(Body):
    agree: bool = Field(strict=True)


class ConsentKept(Body):
    given: bool
    answered_at: datetime


class CaptureSent(Body):
    kind: Literal["camera", "screen"]
    at: AwareDatetime = Field(description="By the clock of the candidate's computer")
    picture: Annotated[Base64Bytes, Field(max_length=560 * 1024, description="A JPEG, in Base64")]


class CaptureKept(Body):
    bytes: int


@api.before_request
def _no_more_than_fits() -> None:
    """Refused by its size, before any of it is read."""
    most = SIZES.get(request.endpoint or "")
    if most is not None:
        request.max_content_length = most
        if (request.content_length or 0) > most:
            message = N_("This is too much at once. Send at most %(kilobytes)s kB, in several requests if need be.")
            raise Refusal("body_too_large", message, status=413, kilobytes=most // 1024)


def _by_attempt() -> str:
    return f"{request.endpoint}|{(request.view_args or {}).get('attempt_id')}"


@operation(
    "POST", "/attempts/<id:attempt_id>/signals", Permission.SIT_EXAM, "What the page noticed; kept as it is told",
    body=SignalsSent, returns=SignalsKept, errors=(409, 413, 429), guard=False,
)  # fmt: skip
@limiter.limit("60 per minute", key_func=_by_attempt)
def signals(attempt_id: int, body: SignalsSent) -> SignalsKept:
    noticed = [Noticed(one.key, Kind(one.kind), _believable(one.at), one.seconds, one.length) for one in body.signals]
    kept = signal_log.keep(db.session(), _sitter(), attempt_id, noticed)
    db.session.commit()
    return SignalsKept(kept=kept, server_time=clock.now())


@operation(
    "POST", "/attempts/<id:attempt_id>/consent", Permission.SIT_EXAM, "Agree to pictures, or refuse",
    body=ConsentSent, returns=ConsentKept, errors=(409,),
)  # fmt: skip
def consent(attempt_id: int, body: ConsentSent) -> ConsentKept:
    kept = captures.answer(db.session(), access.principal().actor, attempt_id, given=body.agree, now=clock.now())
    db.session.commit()
    return ConsentKept(given=kept.given, answered_at=kept.answered_at)


@operation(
    "POST", "/attempts/<id:attempt_id>/captures", Permission.SIT_EXAM, "A picture that the candidate agreed to",
    body=CaptureSent, returns=CaptureKept, errors=(409, 413, 429, 503), guard=False,
)  # fmt: skip
@limiter.limit("12 per minute", key_func=_by_attempt)
def capture(attempt_id: int, body: CaptureSent) -> CaptureKept:
    session = db.session()
    captures.expected(session, _sitter(), attempt_id, body.kind)
    if not at_work.acquire(blocking=False):
        raise Refusal("capture_busy", N_("No picture can be taken in just now. Drop it; the next one will do."),
                      status=503)  # fmt: skip
    try:
        session.rollback()  # gives its connection back while the picture is worked on
        kept = apart(pictures.reduced, body.picture)
    finally:
        at_work.release()
    captures.expected(session, _sitter(), attempt_id, body.kind)  # the consent may have been taken back meanwhile
    captures.keep(session, attempt_id, body.kind, kept, _believable(body.at))
    session.commit()
    return CaptureKept(bytes=len(kept))


def _sitter() -> int:
    """The candidate, by the attempt's token or by a log-in."""
    claims = claims_of_request()
    if claims is not None:
        return claims.user_id
    access.check(Permission.SIT_EXAM)
    return access.principal().user_id


def _believable(at: datetime) -> datetime | None:
    """A clock that is centuries off says nothing."""
    return at if 2000 <= at.year < 2200 else None
