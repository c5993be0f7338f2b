"""What is kept beside a certificate through its life: letters to its holder, and the names a person has borne."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.certificate import Certificate, CertificateEvent
from app.models.registration import Candidate


class SuccessionState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class CertificateLetter(Base):
    """The notice of one decision. What it says is fixed with the decision; drawn once, its bytes stay as they are."""

    __tablename__ = "certificate_letter"
    __table_args__ = (CheckConstraint("(pdf IS NULL) = (sha256 IS NULL)", name="drawn_whole"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("certificate_event.id"), unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    """The certificate's number and which notice about it this is."""
    facts: Mapped[dict[str, Any]]
    """Everything that the letter says and that might read otherwise later on."""
    pdf: Mapped[bytes | None] = mapped_column(deferred=True)
    sha256: Mapped[str | None]
    drawn_at: Mapped[datetime | None]
    certificate: Mapped[Certificate] = relationship()
    event: Mapped[CertificateEvent] = relationship(lazy="joined")


class NameCorrection(Base):
    """That a person's name was put right: by which document, for what reason, by whom."""

    __tablename__ = "name_correction"
    __table_args__ = (CheckConstraint("before <> after", name="changes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str]
    document: Mapped[str]
    """What was seen: kind and number of the document, as the registrar wrote it down."""
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    candidate: Mapped[Candidate] = relationship()


class SuccessionOrder(Base):
    """That another certificate is to take the place of one: decided, and waiting because nothing could be signed."""

    __tablename__ = "certificate_succession"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused')", name="state"),
        Index(
            "uq_certificate_succession_waiting",
            "certificate_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    why: Mapped[str]
    reason: Mapped[str]
    training_hours: Mapped[int] = mapped_column(server_default=text("0"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    not_before: Mapped[datetime]
    problem: Mapped[dict[str, Any]]
    """Why it waits, or why it was refused in the end: code, message and values."""
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    certificate: Mapped[Certificate] = relationship(foreign_keys=[certificate_id])
