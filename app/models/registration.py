"""Who applies for what, where and when it is examined, who staffs it, and who may not examine whom."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.account import User


class IdentityType(StrEnum):
    RESIDENT = "resident"
    PASSPORT = "passport"


class ApplicationStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DocumentKind(StrEnum):
    TRAINING = "training"
    RECOMMENDATION = "recommendation"


class Part(StrEnum):
    THEORY = "theory"
    PRACTICAL = "practical"


class SessionState(StrEnum):
    PLANNED = "planned"
    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    RELEASED = "released"


class StaffRole(StrEnum):
    PROCTOR = "proctor"
    EXAMINER = "examiner"


class Tie(StrEnum):
    """Why an examiner may not mark a candidate (回避)."""

    TRAINER = "trainer"
    EMPLOYER = "employer"
    SCHOOL = "school"
    KIN = "kin"
    DECLARED = "declared"


class Candidate(Base):
    """The person behind a candidate's account, known by an identity document."""

    __tablename__ = "candidate"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    name: Mapped[str]
    name_as_typed: Mapped[str] = mapped_column(server_default="")
    """What was typed, where the name's standard form is another; see app.core.names."""
    identity_type: Mapped[str]
    identity_cipher: Mapped[bytes]
    identity_hash: Mapped[str] = mapped_column(unique=True)
    identity_masked: Mapped[str]
    photo: Mapped[bytes | None] = mapped_column(deferred=True)
    employer: Mapped[str] = mapped_column(server_default="")
    school: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    user: Mapped[User] = relationship()


class Application(Base):
    """One person's application for one level of one scheme; both parts and the certificate hang on it."""

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "uq_application_open",
            "candidate_id",
            "scheme",
            "level",
            unique=True,
            postgresql_where=text("status IN ('draft', 'submitted', 'admitted')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    scheme: Mapped[str]
    level: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=ApplicationStatus.DRAFT)
    occupation: Mapped[str] = mapped_column(server_default="")
    """One of the statuses the scheme's eligibility names."""
    training_hours: Mapped[int] = mapped_column(server_default="0")
    training_mode: Mapped[str] = mapped_column(server_default="")
    training_provider: Mapped[str] = mapped_column(server_default="")
    trainers: Mapped[str] = mapped_column(server_default="")
    """Names, with 、 or a comma between them: who taught somebody does not examine them."""
    recommending_employer: Mapped[str] = mapped_column(server_default="")
    recommended_on: Mapped[date | None]
    demonstration: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision_reason: Mapped[str] = mapped_column(server_default="")
    candidate: Mapped[Candidate] = relationship(lazy="joined")
    documents: Mapped[list[Document]] = relationship(back_populates="application", order_by="Document.id")


class Document(Base):
    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    application: Mapped[Application] = relationship(back_populates="documents")


class Site(Base):
    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(server_default="")
    capacity: Mapped[int]
    has_network: Mapped[bool]
    has_monitoring: Mapped[bool]


class ExamSession(Base):
    """One sitting of one level's part at one site in one window."""

    __tablename__ = "exam_session"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="window"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    level: Mapped[str]
    part: Mapped[str]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default=SessionState.PLANNED, index=True)
    minutes: Mapped[int]
    late_entry_minutes: Mapped[int]
    hold_minutes: Mapped[int]
    """Nobody hands in during the first so many minutes of an attempt."""
    demonstration: Mapped[bool] = mapped_column(server_default="false")
    seed: Mapped[str] = mapped_column(server_default="")
    """Of sessions drawn before draws were sealed; since then see SessionSeal."""
    snapshot_id: Mapped[str | None] = mapped_column(ForeignKey("bank_snapshot.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    site: Mapped[Site] = relationship(lazy="joined")
    seats: Mapped[list[Seat]] = relationship(back_populates="session", order_by="Seat.number")
    staff: Mapped[list[StaffAssignment]] = relationship(back_populates="session", order_by="StaffAssignment.id")


class Room(Base):
    """A room of a theory session: the seats from one number to another, opened by a proctor when it is ready."""

    __tablename__ = "session_room"
    __table_args__ = (
        UniqueConstraint("session_id", "name"),
        CheckConstraint("1 <= first_seat AND first_seat <= last_seat", name="seats"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    name: Mapped[str]
    first_seat: Mapped[int]
    last_seat: Mapped[int]
    gate_code: Mapped[str] = mapped_column(server_default="")
    """Told in the room and typed to start; empty where none is asked for."""
    opened_at: Mapped[datetime | None]


class Seat(Base):
    """A place of one application in one session, with the extra time granted to the person."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("session_id", "application_id"), UniqueConstraint("session_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    number: Mapped[int]
    extra_seconds: Mapped[int] = mapped_column(server_default="0")
    let_in_at: Mapped[datetime | None]
    """When a proctor let the person in; a gate code is then not asked for."""
    code_issue: Mapped[int] = mapped_column(server_default="1")
    """Which of the seat's one-time codes holds; each follows from it, so that none is kept."""
    code_used_at: Mapped[datetime | None]
    code_open_until: Mapped[datetime | None]
    """Until when a code that was used lets in once more."""
    practical_started_at: Mapped[datetime | None]
    practical_ended_at: Mapped[datetime | None]
    session: Mapped[ExamSession] = relationship(back_populates="seats")
    application: Mapped[Application] = relationship(lazy="joined")


class StaffAssignment(Base):
    """A proctor or examiner rostered for a session, and since when present."""

    __tablename__ = "staff_assignment"
    __table_args__ = (
        UniqueConstraint("session_id", "user_id"),
        Index("uq_staff_assignment_head", "session_id", unique=True, postgresql_where=text("head")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str]
    room_id: Mapped[int | None] = mapped_column(ForeignKey("session_room.id", ondelete="SET NULL"))
    """The room a proctor watches; none means the session as a whole."""
    head: Mapped[bool] = mapped_column(server_default="false")
    """The head of a practical's panel; at most one for each session."""
    present_since: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    session: Mapped[ExamSession] = relationship(back_populates="staff")
    user: Mapped[User] = relationship(lazy="joined")

    @property
    def present(self) -> bool:
        return self.present_since is not None and self.left_at is None


class Conflict(Base):
    """A tie between an examiner and a candidate that forbids marking."""

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("examiner_id", "candidate_id", "tie"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    examiner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    tie: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    declared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    declared_at: Mapped[datetime] = mapped_column(server_default=func.now())
