"""What was decided about a person: part results, certificates, and each change of a certificate's status."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.registration import Application, ExamSession


class CertificateStatus(StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class PartResult(Base):
    """The released score of one part in one session; exact, never rounded up."""

    __tablename__ = "part_result"
    __table_args__ = (UniqueConstraint("application_id", "session_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    part: Mapped[str]
    score: Mapped[Decimal]
    passed: Mapped[bool]
    breakdown: Mapped[dict[str, Any]]
    """Marks by row or area: {"rows": [{"name", "marks", "of"}]}."""
    released_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    """A passed part counts for a resit of the other until then."""
    application: Mapped[Application] = relationship()
    session: Mapped[ExamSession] = relationship()


class Certificate(Base):
    """An issued document. `pdf` is what was handed out and is never drawn again."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index(
            "uq_certificate_standing",
            "person",
            "scheme",
            "level",
            unique=True,
            postgresql_where=text("status IN ('valid', 'suspended')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    person: Mapped[str]
    """The keyed hash of the identity document: one person, whatever the account."""
    holder: Mapped[str]
    scheme: Mapped[str]
    level: Mapped[str]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    demonstration: Mapped[bool]
    pdf: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(server_default=CertificateStatus.VALID)
    status_reason: Mapped[str] = mapped_column(server_default="")
    status_at: Mapped[datetime]
    application: Mapped[Application] = relationship()


class CertificateEvent(Base):
    """One change of a certificate's status, kept for ever."""

    __tablename__ = "certificate_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    status: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
