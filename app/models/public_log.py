"""The public log of the register: every issue and change of status, in one order, under signed heads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class PublicLogPending(Base):
    """Events not yet in the log; the database itself adds each one in the transaction that records the event."""

    __tablename__ = "public_log_pending"

    event_id: Mapped[int] = mapped_column(ForeignKey("certificate_event.id"), primary_key=True, autoincrement=False)


class PublicLogEntry(Base):
    """One leaf of the tree, and its place there."""

    __tablename__ = "public_log_entry"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Counted from 0, as in RFC 9162."""
    event_id: Mapped[int] = mapped_column(unique=True)
    """No foreign key: an event that someone removed must show as missing."""
    leaf: Mapped[bytes]
    leaf_hash: Mapped[bytes] = mapped_column(index=True)
    certificate: Mapped[bytes] = mapped_column(index=True)
    """What stands in the leaf for the certificate; see certificates/log/leaf.py."""


class PublicLogNode(Base):
    """The hash of a full subtree, at level 1 or above, so that a proof needs no reading of the whole log."""

    __tablename__ = "public_log_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes]


class PublicLogHead(Base):
    """The signed state of the log at one time."""

    __tablename__ = "public_log_head"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    root: Mapped[bytes]
    at: Mapped[datetime]
    origin: Mapped[str]
    public_key: Mapped[bytes]
    signature: Mapped[bytes]
