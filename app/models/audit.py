"""The append-only log of decisions and the chain over it. Written through app.core.audit alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class AuditLine(Base):
    __tablename__ = "audit_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    tag: Mapped[str] = mapped_column(index=True)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    via: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[str | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]]


class AuditSeal(Base):
    __tablename__ = "audit_seal"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_id: Mapped[int] = mapped_column(unique=True)
    """No foreign key: a line that someone removed must show as missing, not forbid the removal silently."""
    hash: Mapped[str]
