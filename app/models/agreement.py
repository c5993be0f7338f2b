"""Anchor candidates: performances whose points experts agreed on beforehand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Anchor(Base):
    """The experts' points for one seat, to hold its examiners against. The seat has no result."""

    __tablename__ = "anchor"

    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    points: Mapped[dict[str, Any]]
    """By criterion, as decimals in text: {"J01": "5.5"}."""
    reason: Mapped[str]
    set_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
