"""What was decided about a person: part results, certificates, and each change of a certificate's status."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.registration import Application, ExamSession


class CertificateStatus(StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    """Another certificate stands in its place, with a name put right or a new term."""


class OrderState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


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
        Index("ix_certificate_not_valid", "id", postgresql_where=text("status <> 'valid'")),
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
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    """The one whose place it took: after a correction of the name, or at the end of its term."""
    signature_level: Mapped[str] = mapped_column(server_default="B-B")
    """Of PAdES, as it was when issued: B-B, B-T, B-LT or B-LTA."""
    weakens_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the certificate of the newest time stamp in its file ends; none where the file has no time stamp."""
    application: Mapped[Application] = relationship()


class CertificateEvent(Base):
    """One change of a certificate's status, kept for ever."""

    __tablename__ = "certificate_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    status: Mapped[str]
    reason: Mapped[str]
    ground: Mapped[str] = mapped_column(server_default="")
    """The kind of reason (certificates.register.grounds.Ground); empty for an issue and the end of a suspension."""
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class CertificateOrder(Base):
    """That somebody decided to issue. What cannot be signed now waits and is tried again; nothing is half issued."""

    __tablename__ = "certificate_order"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused', 'failed')", name="state"),
        Index(
            "uq_certificate_order_waiting", "application_id", unique=True, postgresql_where=text("state = 'waiting'")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("exam_session.id"), index=True)
    """The session whose certificates were ordered together; none for one ordered by itself."""
    state: Mapped[str] = mapped_column(server_default=OrderState.WAITING)
    tries: Mapped[int] = mapped_column(server_default="0")
    not_before: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    reasons: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    """Why it was refused, or why it is still waiting: code, message and values of each."""
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    ended_at: Mapped[datetime | None]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))


class CertificateArchive(Base):
    """What was added to a certificate's file after its issue: fresh proof of its age, never a change of what it says.

    The file handed out is `Certificate.pdf` and then each suffix in turn; each such whole is known by its hash.
    """

    __tablename__ = "certificate_archive"
    __table_args__ = (UniqueConstraint("certificate_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    number: Mapped[int]
    """Counted from 1."""
    suffix: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    """Of the whole file up to the end of this suffix."""
    at: Mapped[datetime]
    weakens_at: Mapped[datetime]
    """When the certificate of the newest time stamp ends: before that, another one is due."""
