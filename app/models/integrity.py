"""What is watched for during a theory exam: the terms of a session, the signals of an attempt, and pictures of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class SessionIntegrity(Base):
    """The terms of one session; a session without a row has the usual ones (`proctoring.terms`)."""

    __tablename__ = "session_integrity"

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), primary_key=True, autoincrement=False)
    signals: Mapped[list[str]] = mapped_column(ARRAY(Text))
    full_screen: Mapped[bool] = mapped_column(server_default="false")
    lockdown: Mapped[str] = mapped_column(server_default="off")
    quit_hash: Mapped[str] = mapped_column(server_default="")
    config: Mapped[bytes | None] = mapped_column(deferred=True)
    """The configuration file as it is handed out: its key must not move when this program learns to write it anew."""
    config_key: Mapped[str] = mapped_column(server_default="")
    extra_keys: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    camera: Mapped[bool] = mapped_column(server_default="false")
    screen: Mapped[bool] = mapped_column(server_default="false")
    capture_seconds: Mapped[int] = mapped_column(server_default="120")
    keep_days: Mapped[int] = mapped_column(server_default="30")
    """Days after the release until the pictures are removed."""
    purpose: Mapped[str] = mapped_column(server_default="")


class IntegritySignal(Base):
    """Something that happened at the candidate's computer, as its page or the server noticed it."""

    __tablename__ = "integrity_signal"
    __table_args__ = (UniqueConstraint("attempt_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    key: Mapped[UUID | None]
    """Given by the page, so that the same signal sent twice is one; none for what the server noticed."""
    kind: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    client_at: Mapped[datetime | None]
    """By the clock of the candidate's computer, which proves nothing."""
    seconds: Mapped[int | None]
    length: Mapped[int | None]
    """Of what was pasted or copied, in characters; never the text."""
    data: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class AttemptAddress(Base):
    """The network address an attempt was last heard from."""

    __tablename__ = "attempt_address"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    address: Mapped[str]
    since: Mapped[datetime]


class LockdownWaiver(Base):
    """A proctor's decision that one attempt may begin without the lockdown browser."""

    __tablename__ = "lockdown_waiver"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    reason: Mapped[str]
    decided_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]


class CaptureConsent(Base):
    """The candidate's answer to pictures being taken, what it was given to, and what was decided after a refusal."""

    __tablename__ = "capture_consent"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    given: Mapped[bool]
    answered_at: Mapped[datetime]
    told: Mapped[dict[str, Any]]
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    """By which the proctor learns of a refusal."""
    reason: Mapped[str] = mapped_column(server_default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    """When a proctor let the candidate sit without pictures."""


class Capture(Base):
    """One picture of the candidate or of the screen; removed when its time is over."""

    __tablename__ = "capture"
    __table_args__ = (
        CheckConstraint("kind IN ('camera', 'screen')", name="kind"),
        Index("ix_capture_attempt_id", "attempt_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    kind: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    client_at: Mapped[datetime | None]
    content: Mapped[bytes] = mapped_column(deferred=True)
