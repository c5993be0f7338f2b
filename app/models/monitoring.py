"""Irregularities seen or detected during a session."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class IncidentCategory(StrEnum):
    TAKEOVER = "takeover"
    IDENTITY = "identity"
    MISCONDUCT = "misconduct"
    TECHNICAL = "technical"
    HEALTH = "health"
    DISTURBANCE = "disturbance"
    OTHER = "other"


class Incident(Base):
    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"), index=True)
    category: Mapped[str]
    description: Mapped[str]
    blocking: Mapped[bool] = mapped_column(server_default="true")
    """An open blocking incident holds back the certificate; a mere notice does not."""
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str] = mapped_column(server_default="")
