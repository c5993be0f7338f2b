"""Rubric sheets: one examiner's marks for one candidate."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.account import User
from app.models.registration import Seat


class SheetOrder(StrEnum):
    """Whose sheet it is: the two independent ones, or the third that stands when those are apart."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


class SheetState(StrEnum):
    OPEN = "open"
    SIGNED = "signed"


class RubricSheet(Base):
    __tablename__ = "rubric_sheet"
    __table_args__ = (UniqueConstraint("seat_id", "order"), UniqueConstraint("seat_id", "examiner_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    examiner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    order: Mapped[str]
    """A SheetOrder for those who examine; group and number for other raters, so that none is mistaken for them."""
    rater_group: Mapped[str] = mapped_column(server_default="examiner")
    form_id: Mapped[int | None] = mapped_column(ForeignKey("sheet_form.id"))
    """The registrars' form it was made from; none where the scheme's own sheet was in force."""
    state: Mapped[str] = mapped_column(server_default=SheetState.OPEN)
    rubric: Mapped[dict[str, Any]]
    """The criteria as they stood when the sheet was made, so that a later scheme cannot change them."""
    total: Mapped[Decimal | None]
    revision: Mapped[int] = mapped_column(server_default="0")
    signed_at: Mapped[datetime | None]
    sign_made_at: Mapped[datetime | None]
    """When the examiner signed by the tablet's clock, if it was without a network then."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seat: Mapped[Seat] = relationship(lazy="joined")
    examiner: Mapped[User] = relationship(lazy="joined")
    marks: Mapped[list[Mark]] = relationship(back_populates="sheet", order_by="Mark.criterion", lazy="selectin")

    @property
    def examines(self) -> bool:
        """Whether it is an examiner's; the others rate beside them."""
        return self.rater_group == "examiner"


class Mark(Base):
    __tablename__ = "mark"
    __table_args__ = (CheckConstraint("points >= 0", name="not_negative"),)

    sheet_id: Mapped[int] = mapped_column(ForeignKey("rubric_sheet.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[Decimal | None]
    """None while there is only a note."""
    note: Mapped[str] = mapped_column(server_default="")
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sheet: Mapped[RubricSheet] = relationship(back_populates="marks")
