"""What watching a session leaves: messages to candidates, silences in their connections, and time given for them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class GapSource(StrEnum):
    """Who noticed that nothing was heard."""

    SIGNS = "signs"
    """The server: two signs of life lay too far apart."""
    CLIENT = "client"
    """The candidate's page: how long it had waited with unsent changes when the server first heard of it."""
    SERVICE = "service"
    """The service itself: it was not at work."""


class Notice(Base):
    """A message to the seats of one session from one number to another; a message to several lies in several rows."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("session_id", "number", "first_seat"),
        CheckConstraint("first_seat <= last_seat", name="seats"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    number: Mapped[int]
    """Counted upward in the session; the same in all rows of one message."""
    first_seat: Mapped[int]
    last_seat: Mapped[int]
    text: Mapped[str]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]


class NoticeSeen(Base):
    """The number of the last message that a candidate's page has fetched."""

    __tablename__ = "notice_seen"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    number: Mapped[int]
    seen_at: Mapped[datetime]


class ConnectionGap(Base):
    """A time in which nothing was heard of a running attempt, written down when it is heard again."""

    __tablename__ = "connection_gap"
    __table_args__ = (
        UniqueConstraint("attempt_id", "from_at", "source"),
        CheckConstraint("from_at < until_at", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    source: Mapped[str]
    waiting: Mapped[int] = mapped_column(server_default="0")
    """Changes that the page had not been able to send when it came back."""


class ServiceSign(Base):
    """One row: when the service last said that it is at work."""

    __tablename__ = "service_sign"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class ServiceOutage(Base):
    """A time in which no web host was at work on attempts."""

    __tablename__ = "service_outage"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime] = mapped_column(index=True)


class Compensation(Base):
    """Seconds given to one attempt for what it lost between two moments; those moments are never counted again."""

    __tablename__ = "compensation"
    __table_args__ = (
        Index("ix_compensation_attempt_id", "attempt_id"),
        CheckConstraint("from_at < until_at AND seconds > 0 AND measured >= 0", name="figures"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    measured: Mapped[int]
    """Seconds that the evidence shows; so many as `seconds` says were given."""
    seconds: Mapped[int]
    evidence: Mapped[list[Any]]
    reason: Mapped[str]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
