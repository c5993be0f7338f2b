"""What a candidate does at a task at a computer, entry by entry, and what the engine makes of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class TaskEntry(Base):
    """One thing done at a task; never changed. `client` and `seq` are the browser's, or the engine's own numbering."""

    __tablename__ = "task_entry"
    __table_args__ = (UniqueConstraint("seat_task_id", "client", "seq"), CheckConstraint("seq >= 1", name="counted"))

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_task_id: Mapped[int] = mapped_column(ForeignKey("seat_task.id"))
    client: Mapped[UUID] = mapped_column(Uuid())
    seq: Mapped[int]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    made_at: Mapped[datetime | None]
    """By the browser's clock, which counts for nothing; it helps to understand a lost connection."""
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class TaskScore(Base):
    """What the engine proposes for a task that has ended: a function of its entries and its version."""

    __tablename__ = "task_score"
    __table_args__ = (CheckConstraint("share BETWEEN 0 AND 1", name="share"),)

    seat_task_id: Mapped[int] = mapped_column(ForeignKey("seat_task.id"), primary_key=True, autoincrement=False)
    share: Mapped[Decimal | None] = mapped_column(Numeric(7, 6))
    """None where the engine measures but proposes nothing."""
    facts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    at: Mapped[datetime]
