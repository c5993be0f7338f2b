"""The workshop of the bank: revisions on their way to a version, who wrote and judged them, and how items fared."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.account import User
from app.models.bank import Item


class RevisionState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    IN_USE = "in_use"
    ABANDONED = "abandoned"


OPEN = (RevisionState.DRAFT, RevisionState.IN_REVIEW, RevisionState.APPROVED)
_OPEN = "state IN ('draft', 'in_review', 'approved')"


class ItemRevision(Base):
    """Work on an item that becomes its next version once another person has approved it. One open at a time."""

    __tablename__ = "item_revision"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("(state IN ('approved', 'in_use')) = (approved_by IS NOT NULL)", name="approved"),
        CheckConstraint("approved_by <> author_id", name="four_eyes"),
        Index("uq_item_revision_open", "item_id", unique=True, postgresql_where=sql(_OPEN)),
        Index("ix_item_revision_state", "state", postgresql_where=sql(_OPEN)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    base: Mapped[int] = mapped_column(server_default=sql("0"))
    """Number of the version it starts from; 0 for none."""
    content: Mapped[dict[str, Any]]
    """What the author wrote, as question_bank.workshop.content keeps it."""
    state: Mapped[str] = mapped_column(server_default=RevisionState.DRAFT)
    edition: Mapped[int] = mapped_column(server_default=sql("1"))
    """Counts the savings: who saves, judges or submits names the one they saw."""
    round: Mapped[int] = mapped_column(server_default=sql("1"))
    """How often it went to review, the present time included."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Nobody for what the operator took in."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version_number: Mapped[int | None]
    """The version it became."""
    item: Mapped[Item] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    approver: Mapped[User | None] = relationship(foreign_keys=[approved_by])
    edits: Mapped[list[RevisionEdit]] = relationship(order_by="RevisionEdit.edition", back_populates="revision")


class RevisionEdit(Base):
    """One saving. Never changed: who is named here may not approve."""

    __tablename__ = "revision_edit"

    revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    editor_name: Mapped[str]
    at: Mapped[datetime]
    revision: Mapped[ItemRevision] = relationship(back_populates="edits")


class RevisionComment(Base):
    """A remark on a revision or one of its fields; with `verdict`, why a reviewer sent it back."""

    __tablename__ = "revision_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"), index=True)
    edition: Mapped[int]
    field: Mapped[str] = mapped_column(server_default="")
    text: Mapped[str]
    verdict: Mapped[bool] = mapped_column(server_default="false")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    author_name: Mapped[str]
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revision: Mapped[ItemRevision] = relationship()


class VersionUsage(Base):
    """How one version fared, counted from papers and marked attempts as of `counted_at`."""

    __tablename__ = "version_usage"

    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True, autoincrement=False)
    papers: Mapped[int]
    delivered: Mapped[int]
    last_used_at: Mapped[datetime | None]
    marked: Mapped[int]
    share: Mapped[Decimal | None]
    """The mean share of its marks that was earned: for all or nothing, the share of right answers."""
    correlation: Mapped[Decimal | None]
    """Between its marks and the rest of the paper's; nothing where either never varied."""
    answers: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'"))
    """[{"answer": [...], "count": n}], the most frequent first."""
    counted_at: Mapped[datetime] = mapped_column(server_default=func.now())
