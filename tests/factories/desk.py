"""A room from its door to its record."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.delivery import attempts, sessions
from app.models.account import Role, User
from app.models.exam import Attempt
from app.models.registration import ExamSession, StaffAssignment, StaffRole
from proctoring.duty import Watcher
from proctoring.place import Place, place_of
from tests.factories import people, rooms, theory
from tests.factories.rooms import Room


def second_proctor(session: Session, here: Room, name: str = "") -> User:
    """Another one on duty, committed."""
    user = people.user(session, Role.PROCTOR, name=name)
    since = session.get_one(ExamSession, here.session_id).opens_at
    session.add(
        StaffAssignment(session_id=here.session_id, user_id=user.id, role=StaffRole.PROCTOR, present_since=since)
    )
    session.commit()
    return user


def actor(user: User) -> Actor:
    return Actor(user.id, user.name, "test")


def place(session: Session, here: Room) -> Place:
    return place_of(session, Watcher(here.actor), here.session_id)


def over(session: Session, *, candidates: int = 3, started: int = 2) -> Room:
    """A room where those who came have handed in and the registrar has closed the session; committed."""
    here = rooms.room(session, candidates=candidates, started=started)
    for attempt_id in here.attempt_ids[:started]:
        attempt = session.get_one(Attempt, attempt_id)
        client = attempt.client
        assert isinstance(client, UUID)
        attempts.submit(session, Actor(attempt.user_id, "", "test"), attempt_id, client, clock_now())
    close(session, here)
    return here


def close(session: Session, here: Room) -> None:
    sessions.close_session(session, theory.REGISTRAR, here.session_id, clock_now())
    session.commit()


def released(session: Session, here: Room, at: datetime) -> None:
    exam = session.get_one(ExamSession, here.session_id)
    exam.state, exam.released_at = "released", at
    session.commit()


def long_ago(days: int) -> datetime:
    return clock_now() - timedelta(days=days)


def assignment(session: Session, here: Room) -> StaffAssignment:
    return session.scalars(select(StaffAssignment).where(StaffAssignment.user_id == here.proctor.id)).one()
