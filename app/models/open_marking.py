"""Open answers waiting for examiners, and the sheets on which they are marked."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.bank import ItemVersion
from app.models.exam import Attempt
from app.models.practical import SheetState


class OpenAnswer(Base):
    """One answered open item of a closed attempt. Examiners know it by its number and by nothing else."""

    __tablename__ = "open_answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        Index("ix_open_answer_waiting", "session_id", postgresql_where=text("settled IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    answer: Mapped[str]
    marks: Mapped[Decimal]
    """What the item is worth on this paper."""
    needs_third: Mapped[bool] = mapped_column(server_default="false")
    settled: Mapped[Decimal | None]
    settled_at: Mapped[datetime | None]
    attempt: Mapped[Attempt] = relationship()
    item: Mapped[ItemVersion] = relationship()
    sheets: Mapped[list[OpenSheet]] = relationship(back_populates="answer", order_by="OpenSheet.id", lazy="selectin")


class OpenSheet(Base):
    """One examiner's points for one open answer."""

    __tablename__ = "open_sheet"
    __table_args__ = (UniqueConstraint("answer_id", "order"), UniqueConstraint("answer_id", "examiner_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("open_answer.id"))
    examiner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    order: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=SheetState.OPEN)
    points: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Number of the criterion, from 1 → points as a written decimal."""
    note: Mapped[str] = mapped_column(server_default="")
    marks: Mapped[Decimal | None]
    """Of the item's marks, once signed."""
    signed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answer: Mapped[OpenAnswer] = relationship(back_populates="sheets")
