"""The document of a room's record: drawn from its content, and sealed by the body's key once everybody has signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.heavy import apart
from app.models.registration import ExamSession
from app.models.room_record import RecordSignature, RoomRecord
from app.registration.facts import BODY_ZONE
from app.registration.rooms import rooms_of
from certificates.signing.seals import Issuer, IssuerChoice
from proctoring.place import Place
from proctoring.record import SIGNED, Sheet, sheet

LOOKED_BACK = timedelta(days=30)
AT_ONCE = 20
_SIGNED_BY = select(func.count()).where(RecordSignature.record_id == RoomRecord.id).scalar_subquery()
LEFT_OVER = (
    select(RoomRecord)
    .where(RoomRecord.pdf.is_(None), RoomRecord.fixed_at > bindparam("since"), _SIGNED_BY > 0)
    .where(func.jsonb_array_length(RoomRecord.content["staff"]["people"]) <= _SIGNED_BY)
    .order_by(RoomRecord.id.desc())
    .limit(bindparam("limit"))
)
"""As many signatures as people in it; whether those are all of them is looked at properly."""


def draft(shown: Sheet, now: datetime) -> bytes:
    """What nobody has signed yet, and says so."""
    return _drawn(shown.content, shown.version, shown.sha256, [], shown.missing, now)


def document(record: RoomRecord, missing: tuple[str, ...] = ()) -> bytes:
    """Of a fixed version: the sealed bytes if they are kept, else drawn anew with the signatures there are."""
    if record.pdf is not None:
        return record.pdf
    signed = [(one.name, one.signed_at) for one in record.signatures]
    return _drawn(record.content, record.version, record.sha256, signed, missing, record.fixed_at)


def seal(session: Session, record: RoomRecord, shown: Sheet, choose: IssuerChoice, now: datetime) -> bool:
    """Keeps the sealed document of a record that all have signed. Without a usable key the signatures stand alone."""
    if shown.state != SIGNED or _is_sealed(record):
        return False
    try:
        issuer = choose(bool(record.content["demonstration"]))
        sealed = apart(_sealed, document(record), issuer, now)
    except Refusal:
        return False
    session.refresh(record, ["pdf"], with_for_update=True)
    if _is_sealed(record):  # two presses at once: the first seal stands
        return False
    record.pdf = sealed
    session.flush()
    return True


def seal_left_over(session: Session, choose: IssuerChoice, now: datetime) -> int:
    """Seals what all have signed and nobody sealed, as when a process died in between. Commit afterwards."""
    sealed = 0
    for record in session.scalars(LEFT_OVER, {"since": now - LOOKED_BACK, "limit": AT_ONCE}):
        exam = session.get_one(ExamSession, record.session_id)
        room = next((one for one in rooms_of(session, exam.id) if one.id == record.room), None)
        if record.room and room is None:
            continue
        shown = sheet(session, Place(exam, room), now)
        if shown.versions and shown.versions[0].id == record.id:
            sealed += seal(session, record, shown, choose, now)
    return sealed


def _is_sealed(record: RoomRecord) -> bool:
    return record.pdf is not None


def _drawn(content: dict[str, Any], version: int, sha256: str, signed: Any, missing: Any, at: datetime) -> bytes:
    from certificates.papers.record.pdf import RecordFace, draw  # fonts are loaded by whoever draws

    return apart(draw, RecordFace(content, version, sha256, BODY_ZONE, signed, missing, at))


def _sealed(pdf: bytes, issuer: Issuer, now: datetime) -> bytes:
    from certificates.papers.record.wording import REASON
    from certificates.signing.sign import sign

    return sign(pdf, issuer.seal, reason=REASON, at=now)
