"""The record of a room: remarks while it runs, signed by its proctors once it is over, one version for each state.

The first signature fixes the content and its hash. What changes afterwards makes another version to be signed anew;
the one before it is kept, and the database refuses to change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Exists, exists, select
from sqlalchemy.orm import Session, undefer

from app.accounts.users import confirm_password
from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery.closing import RUNNING as RUNNING_STATES
from app.models.exam import Attempt
from app.models.registration import ExamSession, Seat, SessionState
from app.models.room_record import RecordSignature, RoomRecord, RoomRemark
from app.registration.locks import locked
from proctoring import attendance, duty, record_content
from proctoring.place import Place
from proctoring.wording import given_description

RUNNING, UNSIGNED, SIGNING, SIGNED, CHANGED = "running", "unsigned", "signing", "signed", "changed"


@dataclass(frozen=True)
class Sheet:
    """The record as it stands: `content` is what would be signed, or was; `versions` the fixed ones, the last first."""

    place: Place
    state: str
    content: dict[str, Any]
    sha256: str
    missing: tuple[str, ...]
    versions: tuple[RoomRecord, ...]

    @property
    def version(self) -> int:
        """Of the content shown."""
        fixed = self.versions[0].version if self.versions else 0
        return fixed if self.state in (SIGNING, SIGNED) else fixed + 1

    @property
    def signatures(self) -> list[RecordSignature]:
        return list(self.versions[0].signatures) if self.state in (SIGNING, SIGNED) else []

    def present(self, user_id: int | None) -> bool:
        """Whether the record says that this proctor was there."""
        return any(person == user_id for person, *_ in self.content["staff"]["people"])

    def signed_by(self, user_id: int | None) -> bool:
        return any(one.user_id == user_id for one in self.signatures)


def sheet(session: Session, place: Place, now: datetime) -> Sheet:
    versions = tuple(_versions(session, place))
    content = record_content.content_of(session, place, versions[0].fixed_at if versions else None)
    digest = record_content.digest(content)
    unchanged = bool(versions) and versions[0].sha256 == digest
    if versions and not unchanged:  # another version says all that is known by now
        content = record_content.content_of(session, place)
        digest = record_content.digest(content)
    people = {person: name for person, name, *_ in content["staff"]["people"]}
    signed = {one.user_id for one in versions[0].signatures} if unchanged else set()
    missing = tuple(name for person, name in people.items() if person not in signed)
    if not is_over(session, place, now):
        state = RUNNING
    elif unchanged:
        state = SIGNING if missing else SIGNED
    else:
        state = CHANGED if versions else UNSIGNED
    return Sheet(place, state, content, digest, missing, versions)


def is_over(session: Session, place: Place, now: datetime) -> bool:
    """Nobody is at work in the room, and nobody can come any more. Where nobody came, the closing says when."""
    if place.exam.state in (SessionState.CLOSED, SessionState.RELEASED):
        return True
    if place.exam.state != SessionState.OPEN or place.opened_at is None or not attendance.entry_over(place, now):
        return False
    at_work = _any(place, Attempt.state.in_(RUNNING_STATES))
    return bool(session.scalar(select(_any(place, Attempt.started_at.is_not(None)) & ~at_work)))


def _any(place: Place, condition: ColumnElement[bool]) -> Exists:
    return exists().where(Attempt.seat_id == Seat.id, place.seats(), condition)


def remark(session: Session, actor: Actor, place: Place, text: str, now: datetime) -> RoomRemark:
    """For what is no incident and still belongs into the record."""
    duty.assignment_of(session, actor, place.exam.id)
    kept = RoomRemark(
        session_id=place.exam.id, room_id=place.room.id if place.room else None, text=given_description(text),
        written_by=actor.user_id, written_at=now,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    audit.record(session, "record:remark", actor, "session", place.exam.id, room=place.number, remark=kept.id)
    return kept


def sign(
    session: Session, actor: Actor, place: Place, password: str, sha256: str, now: datetime
) -> tuple[RoomRecord, Sheet]:
    """A proctor who was present in the room signs what they saw: `sha256` is the hash of it.

    The password is asked for again, since in a room the tablet goes from hand to hand. Signing twice is signing once.
    """
    duty.assignment_of(session, actor, place.exam.id)
    confirm_password(session, actor.user_id, password)
    locked(session, ExamSession, place.exam.id)
    shown = sheet(session, place, now)
    if shown.state == RUNNING:
        message = N_("The room is not over yet. Sign when everybody has handed in or the time is over.")
        raise Refusal("record_running", message, status=409)
    if sha256 != shown.sha256:
        message = N_("The record has changed since you opened it. Read it again, then sign.")
        raise Refusal("record_changed", message, status=409, details={"sha256": shown.sha256})
    if not shown.present(actor.user_id):
        message = N_("Who was present in the room signs its record. You were not.")
        raise Refusal("not_in_room", message, status=409)
    version = shown.versions[0] if shown.state in (SIGNING, SIGNED) else _fixed(session, shown, now)
    if not any(one.user_id == actor.user_id for one in version.signatures):
        version.signatures.append(RecordSignature(user_id=actor.user_id, name=actor.name, signed_at=now))
        version.pdf = None
        session.flush()
        audit.record(session, "record:signed", actor, "session", place.exam.id, room=place.number,
                     version=version.version, sha256=version.sha256)  # fmt: skip
    return version, sheet(session, place, now)


def version_of(session: Session, place: Place, number: int | None = None) -> RoomRecord:
    """A fixed version with its sealed PDF, the last if none is named."""
    found = _versions(session, place)
    chosen = next((one for one in found if number is None or one.version == number), None)
    if chosen is None:
        raise NotFound()
    return session.get_one(RoomRecord, chosen.id, options=[undefer(RoomRecord.pdf)], populate_existing=True)


def _fixed(session: Session, shown: Sheet, now: datetime) -> RoomRecord:
    made = RoomRecord(
        session_id=shown.place.exam.id, room=shown.place.number, version=shown.version,
        content=shown.content, sha256=shown.sha256, fixed_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _versions(session: Session, place: Place) -> list[RoomRecord]:
    query = select(RoomRecord).where(RoomRecord.session_id == place.exam.id, RoomRecord.room == place.number)
    return list(session.scalars(query.order_by(RoomRecord.version.desc())))
