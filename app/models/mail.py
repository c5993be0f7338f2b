"""Messages that wait to be sent by e-mail. What they say is written when they are sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class MailMessage(Base):
    """One message to one account: of what kind, and about which row."""

    __tablename__ = "mail_message"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        UniqueConstraint("kind", "subject_id", "user_id"),
        Index("ix_mail_message_waiting", "not_before", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str]
    subject_id: Mapped[int]
    state: Mapped[str] = mapped_column(server_default=MailState.WAITING)
    tries: Mapped[int] = mapped_column(server_default="0")
    not_before: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(server_default="")
