"""Where and when each candidate shows each task, the rules of a panel, and what changed on the day."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.models.registration import Seat


class ChangeKind(StrEnum):
    """Why a roster that stood was solved again."""

    CANDIDATE_ABSENT = "candidate_absent"
    CANDIDATE_CAME = "candidate_came"
    EXAMINER_ABSENT = "examiner_absent"
    STATION_OUT = "station_out"
    STATION_BACK = "station_back"
    CONFLICT = "conflict_declared"
    MANUAL = "assigned_by_hand"


class PracticalStation(Base):
    """A place of a practical session where tasks are shown: before a pair of examiners, or at so many computers."""

    __tablename__ = "practical_station"
    __table_args__ = (UniqueConstraint("session_id", "name"), CheckConstraint("places >= 1", name="places"))

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    name: Mapped[str]
    slots: Mapped[list[Any]]
    """Ids of the scheme's tasks that are shown here (PracticalPart.tasks)."""
    places: Mapped[int]
    """How many candidates at once; always one where a pair of examiners attends."""
    out_of_order_at: Mapped[datetime | None]


class StationTurn(Base):
    """One task of one candidate: at which station and place, from when."""

    __tablename__ = "station_turn"
    __table_args__ = (UniqueConstraint("seat_id", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    slot: Mapped[str]
    station_id: Mapped[int] = mapped_column(ForeignKey("practical_station.id"), index=True)
    place: Mapped[int]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    seat: Mapped[Seat] = relationship(lazy="select")
    station: Mapped[PracticalStation] = relationship(lazy="joined")


class PanelRules(Base):
    """What the registrar set for one session; without a row the body's decisions hold."""

    __tablename__ = "panel_rules"

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), primary_key=True, autoincrement=False)
    attend_minutes: Mapped[int]
    """So long an examiner attends at most without a rest."""
    rest_minutes: Mapped[int]
    gap_minutes: Mapped[int]
    """Between two tasks of one candidate, and between two candidates at one place or before one examiner."""
    people_at_once: Mapped[int | None]
    """Candidates on site at the same time; none means as many as the site has places."""


class SeatAbsence(Base):
    """A candidate who did not come to the practical."""

    __tablename__ = "seat_absence"

    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True, autoincrement=False)
    reason: Mapped[str]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class PanelChange(Base):
    """One solving again on the day: why, and every assignment that is another now, with what stood before."""

    __tablename__ = "panel_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    kind: Mapped[str]
    subject: Mapped[str]
    """Whom or what it is about, in words of the day: a name, a station."""
    reason: Mapped[str]
    lines: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    """[{"seat", "name", "what", "before", "after"}] for every assignment changed."""
    fewest: Mapped[bool]
    """Whether it is proved that no fewer assignments could change."""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
