"""Who came to a theory session, how they were identified, and when which member of staff was there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Arrival(StrEnum):
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"


class Comparison(StrEnum):
    """Face, photo of the application and identity document held side by side."""

    MATCHES = "matches"
    DOUBTFUL = "doubtful"
    DIFFERENT = "different"


class SeenDocument(StrEnum):
    """What the person showed at the desk."""

    RESIDENT = "resident"
    TEMPORARY = "temporary"
    PASSPORT = "passport"
    PERMIT = "permit"
    OTHER = "other"
    NONE = "none"


class Attendance(Base):
    """What stands for one seat; what stood before it is in the audit log."""

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("arrival IN ('present', 'late', 'absent')", name="arrival"),
        CheckConstraint("(arrival = 'absent') = (comparison = '')", name="compared"),
    )

    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True, autoincrement=False)
    arrival: Mapped[str]
    document: Mapped[str] = mapped_column(server_default="")
    comparison: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    checked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    checked_at: Mapped[datetime]


class DeskPhoto(Base):
    """A photo taken at the desk; its picture goes when the time for keeping it is over, the line about it stays."""

    __tablename__ = "desk_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    sha256: Mapped[str]
    taken_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    taken_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class PresenceInterval(Base):
    """One stay of a member of staff. The database writes these itself, whoever changes the roster and by what way."""

    __tablename__ = "presence_interval"
    __table_args__ = (
        Index(
            "uq_presence_interval_open", "session_id", "user_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    role: Mapped[str]
    room_id: Mapped[int | None] = mapped_column(ForeignKey("session_room.id", ondelete="SET NULL"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
