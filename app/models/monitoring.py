"""Irregularities seen or detected during a session."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class IncidentCategory(StrEnum):
    """Kinds as an exam room knows them; `misconduct` and `technical` are for what has no kind of its own."""

    TAKEOVER = "takeover"
    LATE = "late"
    IDENTITY = "identity"
    IMPERSONATION = "impersonation"
    TALKING = "talking"
    NOTES = "notes"
    PHONE = "phone"
    LEAVING = "leaving"
    MISCONDUCT = "misconduct"
    COMPUTER = "computer"
    NETWORK = "network"
    POWER = "power"
    TECHNICAL = "technical"
    HEALTH = "health"
    DISTURBANCE = "disturbance"
    ALARM = "alarm"
    PAPER = "paper"
    OTHER = "other"


class Severity(StrEnum):
    """`serious` asks for the signature of a second proctor who saw it."""

    NOTE = "note"
    IRREGULARITY = "irregularity"
    SERIOUS = "serious"


class Incident(Base):
    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("session_room.id", ondelete="SET NULL"))
    """The room it is about where there is no seat; neither means the session as a whole."""
    category: Mapped[str]
    severity: Mapped[str] = mapped_column(server_default=Severity.NOTE)
    position: Mapped[int | None]
    """The item a complaint is about, by its place on the candidate's paper."""
    description: Mapped[str]
    happened_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    blocking: Mapped[bool] = mapped_column(server_default="true")
    """An open blocking incident holds back the certificate; a mere notice does not."""
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    countersigned_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    countersigned_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str] = mapped_column(server_default="")


class IncidentEvidence(Base):
    """A photo or PDF that belongs to an incident, stored as it came."""

    __tablename__ = "incident_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime]
