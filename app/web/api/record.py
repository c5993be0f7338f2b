"""The record of a room: what it says, its PDF, and a proctor's signature."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from flask import Response
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.web.api.attendance import RoomQuery
from app.web.api.operation import Body, operation
from app.web.limits import confirm_limit
from app.web.proctor.record import pdf_of, signed
from app.web.watching import reader, watcher
from proctoring import record as records
from proctoring.place import place_of
from proctoring.record import Sheet


class VersionQuery(RoomQuery):
    version: int | None = Field(default=None, ge=1, lt=2**31)


class SignatureAnswer(Body):
    name: str
    signed_at: datetime


class RecordAnswer(Body):
    """`sha256` is of `content` as JSON in UTF-8, keys sorted, without blanks; a signature is about it."""

    session: int
    room: int | None
    state: Literal["running", "unsigned", "signing", "signed", "changed"]
    version: int
    sha256: str
    content: dict[str, Any]
    signatures: list[SignatureAnswer]
    missing: list[str]


class SignBody(Body):
    password: str = Field(min_length=1, max_length=1000)
    sha256: str = Field(min_length=64, max_length=64, pattern="^[0-9a-f]{64}$")


@operation("GET", "/sessions/<id:session_id>/record", Permission.READ_RECORDS, "The record of a room",
           query=RoomQuery, returns=RecordAnswer)  # fmt: skip
def show(session_id: int, query: RoomQuery) -> RecordAnswer:
    place = place_of(db.session(), reader(), session_id, query.room)
    return _answer(records.sheet(db.session(), place, clock.now()))


@operation("GET", "/sessions/<id:session_id>/record.pdf", Permission.READ_RECORDS,
           "The record as PDF: a signed version, or a draft while there is none", query=VersionQuery,
           media_type="application/pdf")  # fmt: skip
def pdf(session_id: int, query: VersionQuery) -> Response:
    return pdf_of(place_of(db.session(), reader(), session_id, query.room), query.version)


@operation("POST", "/sessions/<id:session_id>/record/sign", Permission.INTERVENE,
           "Sign the record as one of its proctors, with the password once more", body=SignBody, query=RoomQuery,
           returns=RecordAnswer, errors=(409, 429))  # fmt: skip
@confirm_limit
def sign(session_id: int, body: SignBody, query: RoomQuery) -> RecordAnswer:
    place = place_of(db.session(), watcher(), session_id, query.room)
    return _answer(signed(place, body.password, body.sha256))


def _answer(sheet: Sheet) -> RecordAnswer:
    signatures = [SignatureAnswer(name=one.name, signed_at=one.signed_at) for one in sheet.signatures]
    return RecordAnswer(
        session=sheet.place.exam.id, room=sheet.place.number or None, state=sheet.state,  # type: ignore[arg-type]
        version=sheet.version, sha256=sheet.sha256, content=sheet.content, signatures=signatures,
        missing=list(sheet.missing),
    )  # fmt: skip
