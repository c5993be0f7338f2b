"""Rubric sheets that registrars build, in versions; the one in force makes the sheets of its level from then on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.account import User


class FormState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    ABANDONED = "abandoned"


class SheetForm(Base):
    """One version of a level's sheet. Only a draft changes; another person than its author puts it in force."""

    __tablename__ = "sheet_form"
    __table_args__ = (
        UniqueConstraint("scheme", "level", "number"),
        CheckConstraint("approved_by <> author_id", name="four_eyes"),
        Index(
            "uq_sheet_form_in_force",
            "scheme",
            "level",
            unique=True,
            postgresql_where=text("state = 'in_force'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    level: Mapped[str]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(server_default=FormState.DRAFT)
    edition: Mapped[int] = mapped_column(server_default=text("1"))
    """Counts the savings: who saves or decides names the one they saw."""
    body: Mapped[dict[str, Any]]
    """What was typed, as app.practical.forms.body knows it; a draft may hold what does not fit yet."""
    base_body: Mapped[dict[str, Any]]
    """What was in force before it, to tell the difference in words."""
    reason: Mapped[str] = mapped_column(server_default="")
    """Why the sheet changes, said on submitting."""
    remark: Mapped[str] = mapped_column(server_default="")
    """What the other registrar said on approving or sending back."""
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    author: Mapped[User] = relationship(foreign_keys=[author_id], lazy="joined")
    approver: Mapped[User | None] = relationship(foreign_keys=[approved_by], lazy="joined")
