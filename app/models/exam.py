"""Papers, attempts, and the answers given: every change ever acknowledged and what stands."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.registration import ExamSession, Seat


class AttemptState(StrEnum):
    PREPARED = "prepared"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    EXPIRED = "expired"
    MARKED = "marked"
    RELEASED = "released"
    VOIDED = "voided"


class Paper(Base):
    """The item versions, their order and option order for one attempt; frozen once drawn."""

    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    snapshot_id: Mapped[str] = mapped_column(ForeignKey("bank_snapshot.id"))
    seed: Mapped[str]
    items: Mapped[list[Any]]
    """[{"version_id", "options": [option ids in the order shown], "marks": "1"}], position = place + 1."""
    totals: Mapped[dict[str, Any]]
    digest: Mapped[str]
    draw: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """What the draw depended on beside snapshot and secret (question_bank/sealing.py); empty for papers before it."""


class SessionSeal(Base):
    """The secret of a session's draw and what its seal says; only when it was revealed is ever written later."""

    __tablename__ = "session_seal"

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), primary_key=True, autoincrement=False)
    secret: Mapped[str]
    """32 random bytes in hexadecimal figures."""
    rules: Mapped[dict[str, Any]]
    sealed_at: Mapped[datetime]
    revealed_at: Mapped[datetime | None]


class Attempt(Base):
    __tablename__ = "attempt"
    __table_args__ = (
        Index("uq_attempt_seat", "seat_id", unique=True, postgresql_where=text("state <> 'voided'")),
        Index("ix_attempt_running", "deadline", postgresql_where=text("state = 'in_progress'")),
        Index("ix_attempt_unmarked", "id", postgresql_where=text("state IN ('submitted', 'expired')")),
        Index("ix_attempt_voided", "session_id", "seat_id", postgresql_where=text("state = 'voided'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    state: Mapped[str] = mapped_column(server_default=AttemptState.PREPARED)
    started_at: Mapped[datetime | None]
    deadline: Mapped[datetime | None]
    """The instant after which nothing counts; moved by extra time and pauses, null before the start."""
    extra_seconds: Mapped[int] = mapped_column(server_default="0")
    paused_at: Mapped[datetime | None]
    client: Mapped[UUID | None]
    """The one live client, and the log-in it belongs to."""
    login_id: Mapped[UUID | None] = mapped_column(ForeignKey("login.id", ondelete="SET NULL"))
    last_seq: Mapped[int] = mapped_column(server_default="0")
    last_saved_at: Mapped[datetime | None]
    receipt: Mapped[str] = mapped_column(server_default="")
    notices: Mapped[int] = mapped_column(server_default="0")
    """Number of the last message meant for this attempt; every answer to a save tells it."""
    submitted_at: Mapped[datetime | None]
    """When it was handed in, or the deadline at which it was closed."""
    closed_how: Mapped[str] = mapped_column(server_default="")
    score: Mapped[Decimal | None]
    marks_by_row: Mapped[dict[str, Any] | None]
    marked_at: Mapped[datetime | None]
    session: Mapped[ExamSession] = relationship(lazy="joined")
    seat: Mapped[Seat] = relationship(lazy="joined")
    paper: Mapped[Paper] = relationship()


class AttemptChange(Base):
    """One acknowledged edit, numbered by the client; the whole history of an attempt."""

    __tablename__ = "attempt_change"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    client: Mapped[UUID]
    position: Mapped[int]
    answer: Mapped[list[str]] = mapped_column(ARRAY(Text))
    flagged: Mapped[bool | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    late: Mapped[bool] = mapped_column(server_default="false")


class Response(Base):
    """What stands as the answer at one position."""

    __tablename__ = "response"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[list[str]] = mapped_column(ARRAY(Text))
    flagged: Mapped[bool] = mapped_column(server_default="false")
    seq: Mapped[int]
    saved_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(server_default="false")


class StimulusPlay(Base):
    """One play of a recording in an attempt, counted when it is granted."""

    __tablename__ = "stimulus_play"
    __table_args__ = (UniqueConstraint("attempt_id", "stimulus_version_id", "key"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    stimulus_version_id: Mapped[int] = mapped_column(ForeignKey("stimulus_version.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[UUID]
    """Given by the client, so that the same wish sent twice is one play."""
    at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    """When the sound left for the candidate; it leaves once."""
