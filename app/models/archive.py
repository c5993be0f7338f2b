"""How the proof in certificates' files is kept fresh: what stands in the way, and which keys have signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class ArchiveTrouble(Base):
    """Why a file could not be renewed; gone once it was. Tried again, later each time."""

    __tablename__ = "archive_trouble"

    serial: Mapped[str] = mapped_column(primary_key=True)
    """Of the certificate, or `*` where something stands in the way of all."""
    code: Mapped[str]
    message: Mapped[str]
    """The refusal's English sentence, told in the reader's language."""
    about: Mapped[str] = mapped_column(server_default="")
    """What was seen, for the operator."""
    tries: Mapped[int]
    since: Mapped[datetime]
    last_at: Mapped[datetime]
    not_before: Mapped[datetime]


class KnownKey(Base):
    """A certificate seen at work: one that signs, one that stamps times, or a root trusted here. Kept for ever."""

    __tablename__ = "known_key"
    __table_args__ = (CheckConstraint("use IN ('signing', 'stamping', 'root')", name="use"),)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    """The fingerprint of the certificate."""
    use: Mapped[str]
    subject: Mapped[str]
    pem: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
