"""Evidence that came after the end, or by another way than the network: an answer only if a registrar says so."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.account import User
from app.models.exam import Attempt


class LateOutcome(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class RescueFile(Base):
    """A file of unsent changes that was carried here, as it came; only the server can open it."""

    __tablename__ = "rescue_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    client: Mapped[UUID]
    sha256: Mapped[str] = mapped_column(unique=True)
    content: Mapped[str] = mapped_column(Text, deferred=True)
    made_at: Mapped[datetime]
    """By the clock of the candidate's computer: it proves nothing."""
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    changes: Mapped[int]
    applied: Mapped[int]
    """Became answers at once, while the attempt ran."""
    kept: Mapped[int]
    """Came too late and wait for a decision; the rest was known already or answered anew since."""
    attempt: Mapped[Attempt] = relationship()
    uploader: Mapped[User | None] = relationship()


class LateChange(Base):
    """A change that arrived after its attempt had ended. It counts for nothing unless a registrar accepts it."""

    __tablename__ = "late_change"
    __table_args__ = (
        Index("ix_late_change_waiting", "attempt_id", postgresql_where=text("outcome = 'waiting'")),
        Index("ix_late_change_rescue_id", "rescue_id"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    client: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    answer: Mapped[list[str]] = mapped_column(ARRAY(Text))
    flagged: Mapped[bool | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    rescue_id: Mapped[int | None] = mapped_column(ForeignKey("rescue_file.id"))
    """The file it came in; none when the network brought it."""
    outcome: Mapped[str] = mapped_column(server_default=LateOutcome.WAITING)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")
