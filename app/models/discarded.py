"""Sheets taken out of work, with all that was entered and attached on them: nothing an examiner did is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.account import User


class DiscardedSheet(Base):
    """As it was when another examiner took over, the candidate was found absent, or no third was needed any more."""

    __tablename__ = "discarded_sheet"

    sheet_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The id it had; tablets still know it by that."""
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    examiner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    order: Mapped[str]
    rubric: Mapped[dict[str, Any]]
    marks: Mapped[dict[str, Any]]
    """Points and note by criterion, as a version keeps them."""
    entries: Mapped[list[Any]]
    """Every tap, in the order of their arrival; also what a tablet sends later."""
    typed: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    """What was typed in from paper: every version of each typist, with the day and time beside the signature."""
    reason: Mapped[str] = mapped_column(server_default="")
    discarded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    examiner: Mapped[User] = relationship(foreign_keys=[examiner_id], lazy="joined")
    evidence: Mapped[list[DiscardedEvidence]] = relationship(order_by="DiscardedEvidence.id")


class DiscardedEvidence(Base):
    """A piece of evidence of such a sheet."""

    __tablename__ = "discarded_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("discarded_sheet.sheet_id"), index=True)
    criterion: Mapped[str]
    kind: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    size: Mapped[int]
    sha256: Mapped[str]
    from_second: Mapped[int | None]
    to_second: Mapped[int | None]
    caption: Mapped[str] = mapped_column(server_default="")
    client_key: Mapped[UUID] = mapped_column(unique=True)
    made_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(server_default=text("false"))
    at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
