"""Practice exams: papers of practice items, sat by anyone with an account. They share no table with the exam."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Practice(Base):
    """One run through a practice paper; closed once it is handed in or looked at after its time."""

    __tablename__ = "practice_attempt"
    __table_args__ = (Index("ix_practice_attempt_items", "items", postgresql_using="gin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    scheme: Mapped[str]
    level: Mapped[str]
    items: Mapped[list[Any]]
    """[{"version_id", "options", "marks"}] as a paper keeps them."""
    client: Mapped[UUID]
    started_at: Mapped[datetime]
    deadline: Mapped[datetime]
    last_seq: Mapped[int] = mapped_column(server_default="0")
    submitted_at: Mapped[datetime | None]
    score: Mapped[Decimal | None]
    marks: Mapped[Decimal]
    """All that could be earned."""
    marks_by_row: Mapped[dict[str, Any] | None]


class PracticeResponse(Base):
    """What stands as the answer at one position."""

    __tablename__ = "practice_response"

    practice_id: Mapped[int] = mapped_column(ForeignKey("practice_attempt.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[list[str]] = mapped_column(ARRAY(Text))
    flagged: Mapped[bool] = mapped_column(server_default="false")
    seq: Mapped[int]
    saved_at: Mapped[datetime]
