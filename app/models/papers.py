"""Sheets that were marked on paper and are typed in by two people, neither of whom sees what the other types."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.account import User
from app.models.practical import RubricSheet


class PaperSheet(Base):
    """A sheet taken from paper: since when, and by whom it was put on record."""

    __tablename__ = "paper_sheet"

    sheet_id: Mapped[int] = mapped_column(
        ForeignKey("rubric_sheet.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    opened_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    finished_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    finished_at: Mapped[datetime | None]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("sheet_evidence.id", ondelete="SET NULL"))
    """The picture of the paper, kept beside the sheet."""
    sheet: Mapped[RubricSheet] = relationship(lazy="joined")


class TypedSheet(Base):
    """What one person typed, as a whole. Never changed: who looks at the paper again types a new version."""

    __tablename__ = "typed_sheet"
    __table_args__ = (
        UniqueConstraint("sheet_id", "typist_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("paper_sheet.sheet_id", ondelete="CASCADE"))
    typist_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    number: Mapped[int]
    marks: Mapped[dict[str, Any]]
    """{"J01": {"points": "5.5", "note": ""}}"""
    signed_at: Mapped[datetime]
    """The day and time that the examiner wrote beside the signature."""
    at: Mapped[datetime]
    typist: Mapped[User] = relationship(lazy="joined")
