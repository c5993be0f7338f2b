"""People who log in, what they may be, and each log-in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base


class Role(StrEnum):
    CANDIDATE = "candidate"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    EXAMINER = "examiner"
    PROCTOR = "proctor"
    REGISTRAR = "registrar"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    VERIFIER = "verifier"
    """An employer or school that checks many certificates."""


class LoginKind(StrEnum):
    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105  # a kind, no secret
    ADMISSION = "admission"
    """By admission number and one-time code, on the day of the exam; reaches one attempt and nothing else."""


class User(Base):
    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    name: Mapped[str]
    organization: Mapped[str] = mapped_column(server_default="")
    """Employer or school of a member of staff: known ties to candidates are found by it."""
    locale: Mapped[str | None]
    email: Mapped[str] = mapped_column(server_default="")
    """Where the person wants to be written to; empty for nowhere."""
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    grants: Mapped[list[RoleGrant]] = relationship(back_populates="user", cascade="all, delete-orphan", lazy="selectin")

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(grant.role) for grant in self.grants)


class RoleGrant(Base):
    __tablename__ = "role_grant"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[User] = relationship(back_populates="grants")


class Login(Base):
    """One log-in from one browser or program; ended by log-out, expiry or an administrator."""

    __tablename__ = "login"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(server_default="")
    agent: Mapped[str] = mapped_column(server_default="")
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id", use_alter=True))
    """The only attempt that a log-in by admission code reaches."""
    user: Mapped[User] = relationship(lazy="joined")
