"""The document of a room's record: drawn from its content, and sealed by the body's key once everybody has signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.heavy import apart
from app.models.room_record import RoomRecord
from app.registration.facts import BODY_ZONE
from certificates.seals import Issuer, IssuerChoice
from proctoring.record import SIGNED, Sheet


def draft(sheet: Sheet, now: datetime) -> bytes:
    """What nobody has signed yet, and says so."""
    return _drawn(sheet.content, sheet.version, sheet.sha256, [], sheet.missing, now)


def document(record: RoomRecord, missing: tuple[str, ...] = ()) -> bytes:
    """Of a fixed version: the sealed bytes if they are kept, else drawn anew with the signatures there are."""
    if record.pdf is not None:
        return record.pdf
    signed = [(one.name, one.signed_at) for one in record.signatures]
    return _drawn(record.content, record.version, record.sha256, signed, missing, record.fixed_at)


def seal(session: Session, record: RoomRecord, sheet: Sheet, choose: IssuerChoice, now: datetime) -> bool:
    """Keeps the sealed document of a record that all have signed. Without a usable key the signatures stand alone."""
    if sheet.state != SIGNED or _is_sealed(record):
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


def _is_sealed(record: RoomRecord) -> bool:
    return record.pdf is not None


def _drawn(content: dict[str, Any], version: int, sha256: str, signed: Any, missing: Any, at: datetime) -> bytes:
    from certificates.record_pdf import RecordFace, draw  # fonts are loaded by whoever draws

    return apart(draw, RecordFace(content, version, sha256, BODY_ZONE, signed, missing, at))


def _sealed(pdf: bytes, issuer: Issuer, now: datetime) -> bytes:
    from certificates.record_wording import REASON
    from certificates.signing import sign

    return sign(pdf, issuer.seal, reason=REASON, at=now)
