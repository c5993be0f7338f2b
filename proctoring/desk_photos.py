"""Photos taken at the desk: cleaned, kept beside the seat, and deleted when the scheme's time for them is over."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, undefer

from app.core import audit
from app.core.audit import SYSTEM, Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.heavy import apart
from app.core.images import clean_photo
from app.models.attendance import DeskPhoto
from app.models.monitoring import Incident
from app.models.registration import ExamSession, Seat
from app.schemes.scheme import schemes

MOST_PHOTOS = 20


def readable(photo: bytes) -> bytes:
    """The picture alone: small, upright, without place and time of the camera. Refuses what is no picture."""
    return apart(clean_photo, photo)


def keep(session: Session, actor: Actor, seat: Seat, photo: bytes, now: datetime) -> DeskPhoto:
    """Beside the earlier ones of the seat, for a first photo may show somebody else."""
    if len(session.scalars(select(DeskPhoto.id).where(DeskPhoto.seat_id == seat.id)).all()) >= MOST_PHOTOS:
        message = N_("There are %(most)s photos of this seat already. Use the last one.")
        raise Refusal("photos_too_many", message, status=409, most=MOST_PHOTOS)
    taken = DeskPhoto(
        seat_id=seat.id, content=photo, sha256=sha256(photo).hexdigest(), taken_by=actor.user_id, taken_at=now
    )
    session.add(taken)
    session.flush()
    return taken


def latest(session: Session, seat_id: int) -> bytes:
    query = select(DeskPhoto).where(DeskPhoto.seat_id == seat_id).order_by(DeskPhoto.id.desc()).limit(1)
    found = session.scalar(query.options(undefer(DeskPhoto.content)))
    if found is None or found.content is None:
        raise NotFound()
    return found.content


def delete_due(session: Session, now: datetime) -> int:
    """Deletes the pictures whose time is over; how many. An open incident of the seat or its session keeps them."""
    deleted = 0
    for scheme in schemes().values():
        for level in scheme.levels:
            before = now - level.theory.desk_photos_kept
            due = select(ExamSession.id).where(
                ExamSession.scheme == scheme.code, ExamSession.level == level.code, ExamSession.released_at < before
            )
            deleted += _delete(session, due.subquery().c.id, now)
    return deleted


def _delete(session: Session, due: object, now: datetime) -> int:
    open_incident = (
        select(Incident.id)
        .where(Incident.session_id == Seat.session_id, Incident.resolved_at.is_(None))
        .where(or_(Incident.seat_id == Seat.id, Incident.seat_id.is_(None) & Incident.blocking))
        .exists()
    )
    seats = select(Seat.id).where(Seat.session_id.in_(select(due)), ~open_incident)  # type: ignore[call-overload]
    gone = session.execute(
        update(DeskPhoto)
        .where(DeskPhoto.seat_id.in_(seats), DeskPhoto.content.is_not(None))
        .values(content=None, deleted_at=now)
        .returning(DeskPhoto.seat_id, DeskPhoto.sha256),
        execution_options={"synchronize_session": False},
    ).all()
    lines = [(seat_id, {"photo": digest}) for seat_id, digest in gone]
    audit.record_many(session, "attendance:photo:deleted", SYSTEM, "seat", lines)
    return len(gone)
