"""What tablets sent, evidence beside marks, versions of signed sheets, talks, and the signed score register."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base

ARRIVES = text("clock_timestamp()")


class MarkEntry(Base):
    """One tap on a tablet. Never changed; what stands on a sheet is the highest (stamp, device, seq) of each key."""

    __tablename__ = "mark_entry"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("rubric_sheet.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    stamp: Mapped[int]
    """Higher than every stamp its tablet had seen, so that what was done knowing of the other goes before it."""
    kind: Mapped[str]
    key: Mapped[str]
    """A criterion or deduction; for begin and end a task of the scheme, or empty for the whole practical."""
    points: Mapped[Decimal | None]
    note: Mapped[str | None]
    made_at: Mapped[datetime | None]
    """By the tablet, which may have been without a network for hours; kept beside the server's time."""
    late: Mapped[bool] = mapped_column(server_default=text("false"))
    """Arrived when the sheet was signed or the session closed: kept as evidence, changes nothing."""
    at: Mapped[datetime] = mapped_column(server_default=ARRIVES)


class EvidenceKind(StrEnum):
    PHOTO = "photo"
    AUDIO = "audio"
    SCREEN = "screen"
    FILE = "file"


class SheetEvidence(Base):
    """A photo, recording or file that an examiner bound to a criterion."""

    __tablename__ = "sheet_evidence"
    __table_args__ = (CheckConstraint("from_second <= to_second", name="cut"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("rubric_sheet.id", ondelete="CASCADE"), index=True)
    criterion: Mapped[str]
    kind: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    size: Mapped[int]
    sha256: Mapped[str]
    from_second: Mapped[int | None]
    to_second: Mapped[int | None]
    caption: Mapped[str] = mapped_column(server_default="")
    client_key: Mapped[UUID] = mapped_column(unique=True)
    """Of the tablet's choice; the same again is the same piece."""
    made_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(server_default=text("false"))
    at: Mapped[datetime] = mapped_column(server_default=ARRIVES)


class VersionState(StrEnum):
    STANDS = "stands"
    REPLACED = "replaced"
    ASKED = "asked"
    DECLINED = "declined"


class SheetVersion(Base):
    """A signed sheet as it was signed, and each correction of it that was asked for."""

    __tablename__ = "sheet_version"
    __table_args__ = (
        UniqueConstraint("sheet_id", "number"),
        Index("uq_sheet_version_asked", "sheet_id", unique=True, postgresql_where=text("state = 'asked'")),
        Index("uq_sheet_version_stands", "sheet_id", unique=True, postgresql_where=text("state = 'stands'")),
        CheckConstraint("decided_by <> asked_by", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("rubric_sheet.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str]
    marks: Mapped[dict[str, Any]]
    """Points and note by criterion: {"J01": {"points": "5.5", "note": ""}}."""
    total: Mapped[Decimal]
    reason: Mapped[str] = mapped_column(server_default="")
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(server_default="")
    """What whoever decided said."""
    handed_over: Mapped[bool] = mapped_column(server_default=text("false"))
    """The head of the panel asked the registrar to decide."""


class PanelTalk(Base):
    """What two examiners whose sheets are apart said to each other, before or after a third marks."""

    __tablename__ = "panel_talk"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    note: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class PanelRegister(Base):
    """The scores of a practical session as the head of its panel signed them; void once anything in them changes."""

    __tablename__ = "panel_register"
    __table_args__ = (
        Index("uq_panel_register_valid", "session_id", unique=True, postgresql_where=text("voided_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    digest: Mapped[str]
    """SHA-256 over every seat's outcome and the versions of its sheets."""
    rows: Mapped[list[Any]]
    signed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(server_default="")
