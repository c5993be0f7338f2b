"""The question bank: items, their immutable versions, enemies, and the snapshots papers are drawn from."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base


class ItemState(StrEnum):
    DRAFT = "draft"
    IN_USE = "in_use"
    RETIRED = "retired"


class ItemUse(StrEnum):
    """What an item is for: a real paper, or practice that anyone may see; never both."""

    EXAM = "exam"
    PRACTICE = "practice"


class Item(Base):
    __tablename__ = "item"
    __table_args__ = (CheckConstraint("use IN ('exam', 'practice')", name="use"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    scheme: Mapped[str]
    level: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=ItemState.IN_USE)
    use: Mapped[str] = mapped_column(server_default=ItemUse.EXAM)
    compromised_at: Mapped[datetime | None]
    """Since when its content is known outside: it is on no new paper."""
    compromised_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    compromised_reason: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    versions: Mapped[list[ItemVersion]] = relationship(back_populates="item", order_by="ItemVersion.number")


class ItemVersion(Base):
    """What a candidate sees, and its key. Never changed: a correction is a new version."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    type: Mapped[str]
    row: Mapped[str]
    content: Mapped[str]
    point: Mapped[str]
    difficulty: Mapped[Decimal]
    stem: Mapped[str]
    options: Mapped[dict[str, Any]]
    """Option id → text, in the author's order; empty for true/false."""
    key: Mapped[list[Any]]
    rationale: Mapped[str]
    source: Mapped[str]
    author: Mapped[str] = mapped_column(server_default="")
    reviewer: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="")
    seconds: Mapped[int] = mapped_column(server_default=sql("60"))
    case: Mapped[bool] = mapped_column("is_case", server_default=false())
    feedback: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    """Option id → why it is wrong."""
    criteria: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'"))
    """[{"text", "points"}] of the examiners' sheet of an open answer; points as written decimals."""
    media: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    """Name in the texts → SHA-256 of the picture."""
    stimulus_version_id: Mapped[int | None] = mapped_column(ForeignKey("stimulus_version.id"))
    digest: Mapped[str]
    """SHA-256 over all of the above: the same content is the same version."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    item: Mapped[Item] = relationship(back_populates="versions", lazy="joined")
    stimulus: Mapped[StimulusVersion | None] = relationship(lazy="joined")


class Stimulus(Base):
    """A case or a recording that several items share."""

    __tablename__ = "stimulus"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)


class StimulusVersion(Base):
    """What candidates see and hear. Never changed: a correction is a new version of it and of its items."""

    __tablename__ = "stimulus_version"
    __table_args__ = (UniqueConstraint("stimulus_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stimulus_id: Mapped[int] = mapped_column(ForeignKey("stimulus.id"))
    number: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]
    audio: Mapped[str] = mapped_column(server_default="")
    """The name of a sound among `media`; empty for none."""
    plays: Mapped[int] = mapped_column(server_default=sql("0"))
    media: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'"))
    digest: Mapped[str]
    stimulus: Mapped[Stimulus] = relationship(lazy="joined")


class MediaFile(Base):
    """Pictures and sounds by the SHA-256 of their bytes."""

    __tablename__ = "media_file"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)


class EnemyPair(Base):
    """Two items that may not stand on one paper, the smaller id first."""

    __tablename__ = "enemy_pair"
    __table_args__ = (CheckConstraint("first_id < second_id", name="ordered"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)


class Snapshot(Base):
    """The versions in use when papers were drawn; its id is the SHA-256 of its content."""

    __tablename__ = "bank_snapshot"

    id: Mapped[str] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    level: Mapped[str]
    members: Mapped[list[Any]]
    """[{"id", "version", "version_id", "digest", "enemies"}] in the order of ids: enough to draw any paper again."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
