"""How the certificates of a scheme look, in versions; what was issued is never drawn again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.account import User
from app.models.sheet_forms import FormState


class CertificateTemplate(Base):
    """One version. Only a draft changes; another person than its author puts it in force."""

    __tablename__ = "certificate_template"
    __table_args__ = (
        UniqueConstraint("scheme", "number"),
        CheckConstraint("approved_by <> author_id", name="four_eyes"),
        Index("uq_certificate_template_in_force", "scheme", unique=True, postgresql_where=text("state = 'in_force'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(server_default=FormState.DRAFT)
    edition: Mapped[int] = mapped_column(server_default=text("1"))
    """Counts the savings: who saves or decides names the one they saw."""
    body: Mapped[dict[str, Any]]
    """As certificates.drawing.template knows it; kept only where it is sound."""
    reason: Mapped[str] = mapped_column(server_default="")
    remark: Mapped[str] = mapped_column(server_default="")
    """What the other registrar said on approving or sending back."""
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    author: Mapped[User] = relationship(foreign_keys=[author_id], lazy="joined")
    approver: Mapped[User | None] = relationship(foreign_keys=[approved_by], lazy="joined")
