"""What goes with the register of certificates: published keys, credentials, and what employers have asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class PublishedKey(Base):
    """A public key that the register signs with, or signed with before. Never removed: old signatures need it."""

    __tablename__ = "published_key"

    kid: Mapped[str] = mapped_column(primary_key=True)
    """The thumbprint of the key by RFC 7638."""
    purpose: Mapped[str]
    jwk: Mapped[dict[str, Any]]
    demonstration: Mapped[bool]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    """When another one took its place."""
    withdrawn_at: Mapped[datetime | None]
    """When it was given up as no longer safe: from then on nothing it signed is to be relied on by itself."""
    reason: Mapped[str] = mapped_column(server_default="")


class CertificateCredential(Base):
    """The token that was made with a certificate, and its place in the lists that tell its status."""

    __tablename__ = "certificate_credential"
    __table_args__ = (
        UniqueConstraint("demonstration", "list_number", "place"),
        CheckConstraint("place >= 0 AND place < 131072", name="place"),
    )

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True, autoincrement=False)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    """Stands in its address; who does not hold the credential cannot guess it."""
    demonstration: Mapped[bool]
    list_number: Mapped[int]
    place: Mapped[int]
    kid: Mapped[str] = mapped_column(ForeignKey("published_key.kid"))
    token: Mapped[str] = mapped_column(deferred=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class VerifierUse(Base):
    """How many certificates one employer's account has asked about on one day."""

    __tablename__ = "verifier_use"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    asked: Mapped[int]
