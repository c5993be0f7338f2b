"""The record of a room: remarks while it is open, versions fixed by their first signature, who signed which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base


class RoomRemark(Base):
    """Something for the record that is no incident; `room_id` empty where a session has no rooms."""

    __tablename__ = "room_remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("session_room.id", ondelete="SET NULL"))
    text: Mapped[str]
    written_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]


class RoomRecord(Base):
    """One version, as it was when first signed. `room` is the room's number, 0 for a session without rooms."""

    __tablename__ = "room_record"
    __table_args__ = (UniqueConstraint("session_id", "room", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    room: Mapped[int]
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    fixed_at: Mapped[datetime]
    pdf: Mapped[bytes | None] = mapped_column(deferred=True)
    """Sealed, once everybody who has to has signed."""
    signatures: Mapped[list[RecordSignature]] = relationship(
        back_populates="record", order_by="RecordSignature.id", lazy="selectin"
    )


class RecordSignature(Base):
    __tablename__ = "record_signature"
    __table_args__ = (UniqueConstraint("record_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("room_record.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]
    signed_at: Mapped[datetime]
    record: Mapped[RoomRecord] = relationship(back_populates="signatures")
