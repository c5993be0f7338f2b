"""The task bank of the practical: tasks of the trade in versions, and which of them each candidate has."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.registration import Seat


class TaskState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    IN_USE = "in_use"
    REPLACED = "replaced"
    ABANDONED = "abandoned"


_OPEN = "state IN ('draft', 'in_review', 'approved')"


class PracticalTask(Base):
    """A task known by its code; what it says stands in its versions."""

    __tablename__ = "practical_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    scheme: Mapped[str]
    kind: Mapped[str]
    trade: Mapped[str]
    retired_at: Mapped[datetime | None]
    """Since when no candidate draws it any more."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    versions: Mapped[list[TaskVersion]] = relationship(back_populates="task", order_by="TaskVersion.number")


class TaskVersion(Base):
    """One wording of a task. Never changed once in use: a correction is a new version that another person approves."""

    __tablename__ = "practical_task_version"
    __table_args__ = (
        UniqueConstraint("task_id", "number"),
        CheckConstraint("approved_by <> author_id", name="four_eyes"),
        CheckConstraint("NOT editors @> to_jsonb(approved_by)", name="no_editor_approves"),
        Index("uq_practical_task_version_open", "task_id", unique=True, postgresql_where=text(_OPEN)),
        Index(
            "uq_practical_task_version_in_use",
            "task_id",
            unique=True,
            postgresql_where=text("state = 'in_use'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("practical_task.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(server_default=TaskState.DRAFT)
    edition: Mapped[int] = mapped_column(server_default=text("1"))
    """Counts the savings: who saves or judges names the one they saw."""
    levels: Mapped[list[Any]]
    """Codes of the levels it is for."""
    body: Mapped[dict[str, Any]]
    """The whole task as question_bank.tasks.body knows it; a draft that is not whole yet as it was typed."""
    media: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Name in the body → SHA-256 of the sound or picture (media_file)."""
    digest: Mapped[str]
    """SHA-256 over levels, body and media."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Nobody for what the operator took in."""
    editors: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"), deferred=True)
    """Everybody who saved something of it; none of them may approve it."""
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    remark: Mapped[str] = mapped_column(server_default="")
    """Why the reviewer sent it back, or what the reviewer said on approving."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]
    task: Mapped[PracticalTask] = relationship(back_populates="versions", lazy="joined")


class SeatTask(Base):
    """The task drawn for one candidate for one of the tasks the scheme names, and when it ran."""

    __tablename__ = "seat_task"
    __table_args__ = (UniqueConstraint("seat_id", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    slot: Mapped[str]
    """Id of the task in the scheme (PracticalPart.tasks)."""
    version_id: Mapped[int] = mapped_column(ForeignKey("practical_task_version.id"), index=True)
    minutes: Mapped[int]
    """As the scheme had it when the task was drawn."""
    extra_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    drawn_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    seat: Mapped[Seat] = relationship(lazy="joined")
    version: Mapped[TaskVersion] = relationship(lazy="joined")
