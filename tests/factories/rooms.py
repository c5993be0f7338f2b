"""A running room: candidates who have started, the proctor on duty, and who else may look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.delivery import attempts
from app.models.account import User
from app.models.exam import Attempt, AttemptState
from app.models.registration import StaffAssignment
from tests.factories import theory


@dataclass(frozen=True)
class Room:
    session_id: int
    attempt_ids: list[int]
    proctor: User

    @property
    def actor(self) -> Actor:
        return Actor(self.proctor.id, self.proctor.name, "test")


def room(session: Session, *, candidates: int = 2, started: int | None = None, now: datetime | None = None) -> Room:
    """An open session; the first `started` candidates (all, if left out) are at work. Committed."""
    now = now or clock_now()
    sittings = theory.open_sitting(session, candidates=candidates)
    for sitting in sittings[: candidates if started is None else started]:
        attempts.start(session, sitter=sitting.sitter, attempt_id=sitting.attempt_id, now=now)
    found = session.scalars(select(StaffAssignment).where(StaffAssignment.session_id == sittings[0].session_id)).one()
    session.commit()
    return Room(sittings[0].session_id, [one.attempt_id for one in sittings], found.user)


def state_of(session: Session, attempt_id: int) -> AttemptState:
    session.expire_all()
    return AttemptState(session.get_one(Attempt, attempt_id).state)


def leave(session: Session, here: Room) -> None:
    """The proctor checks out."""
    assignment = session.scalars(select(StaffAssignment).where(StaffAssignment.user_id == here.proctor.id)).one()
    assignment.left_at = clock_now()
    session.commit()
