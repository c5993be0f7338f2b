"""Dividing a session, and who may open what."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.account import Role
from app.models.registration import Room, Seat, SessionState, StaffAssignment
from app.registration import rooms, seating
from proctoring import doors
from tests.factories import people, rooms_of_session, theory
from tests.factories.theory import REGISTRAR


def test_every_seat_finds_its_room(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=5, size=2)
    seats = session.scalars(select(Seat).where(Seat.session_id == here.session_id).order_by(Seat.number)).all()
    found = [rooms.room_of_seat(session, seat) for seat in seats]
    assert [room.name for room in found if room] == ["01", "02", "02", "03", "03"]
    assert all(len(room.gate_code) == 6 and room.gate_code.isdigit() for room in here.rooms)
    assert [rooms.seats_in(session, room) for room in here.rooms] == [1, 2, 2]


def test_divided_again_rooms_keep_what_they_are(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=5, size=2, opened=False)
    first = here.rooms[0]
    rooms.change_room(session, REGISTRAR, first.id, name="三楼机房")
    rooms.assign_room(session, REGISTRAR, here.session_id, here.proctor.id, first.id)
    code = first.gate_code
    again = rooms.divide(session, REGISTRAR, here.session_id, size=3)
    assert next((room.id, room.name, room.gate_code) for room in again) == (first.id, "三楼机房", code)
    assert len(again) == 2
    assert rooms.divide(session, REGISTRAR, here.session_id, size=0) == []
    assignment = session.scalars(select(StaffAssignment).where(StaffAssignment.session_id == here.session_id)).one()
    session.refresh(assignment)
    assert assignment.room_id is None


def test_who_comes_later_sits_in_the_last_room(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=4, size=2, opened=False)
    late = theory.application(session)
    seat = seating.add_candidates(session, REGISTRAR, here.session_id, [late.id], now())[0]
    room = rooms.room_of_seat(session, seat)
    assert room is not None
    assert room.id == here.rooms[-1].id


def test_an_open_session_is_not_divided_any_more(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=2)
    with pytest.raises(Refusal) as refused:
        rooms.divide(session, REGISTRAR, here.session_id)
    assert refused.value.code == "session_begun"


def test_two_rooms_never_share_a_name(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=4, size=2)
    with pytest.raises(Refusal) as refused:
        rooms.change_room(session, REGISTRAR, here.rooms[0].id, name=here.rooms[1].name)
    assert refused.value.code == "room_name_taken"
    assert rooms.change_room(session, REGISTRAR, here.rooms[0].id, name="A", gate="none").gate_code == ""
    assert len(rooms.change_room(session, REGISTRAR, here.rooms[0].id, name="A", gate="new").gate_code) == 6


def test_a_room_of_another_session_is_nobodys_here(session: Session) -> None:
    here, there = (rooms_of_session.divided(session, candidates=2, size=1) for _ in range(2))
    with pytest.raises(NotFound):
        rooms.assign_room(session, REGISTRAR, here.session_id, here.proctor.id, there.rooms[0].id)
    with pytest.raises(NotFound):
        doors.open_room(session, here.actor, there.rooms[0].id, now())


def test_a_room_opens_once_the_session_is_open(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=2, size=1, opened=False)
    with pytest.raises(Refusal) as refused:
        doors.open_room(session, here.actor, here.rooms[0].id, now())
    assert refused.value.code == "session_not_open"


def test_opening_twice_is_opening_once(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=2, size=1)
    first = doors.open_room(session, here.actor, here.rooms[0].id, now()).opened_at
    assert doors.open_room(session, here.actor, here.rooms[0].id, now()).opened_at == first
    assert session.get_one(Room, here.rooms[1].id).opened_at is None


def test_a_proctor_of_another_room_leaves_it_closed(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=2, size=1)
    rooms.assign_room(session, REGISTRAR, here.session_id, here.proctor.id, here.rooms[1].id)
    with pytest.raises(Refusal) as refused:
        doors.open_room(session, here.actor, here.rooms[0].id, now())
    assert refused.value.code == "other_room"


def test_a_room_needs_its_own_proctors_and_the_session_its_all(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=31, size=31, proctors=2)
    staff = session.scalars(select(StaffAssignment).where(StaffAssignment.session_id == here.session_id)).all()
    other = next(one for one in staff if one.user_id != here.proctor.id)
    other.left_at = now()
    session.commit()
    with pytest.raises(Refusal) as refused:
        doors.open_room(session, here.actor, here.rooms[0].id, now())
    assert refused.value.code == "understaffed"
    assert refused.value.details["need"] == 2
    other.left_at = None
    session.commit()
    assert doors.open_room(session, here.actor, here.rooms[0].id, now()).opened_at is not None


def test_only_who_is_on_duty_works_the_door(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=2, size=1)
    stranger = people.user(session, Role.PROCTOR)
    actor = Actor(stranger.id, stranger.name, "test")
    attempt = here.holders[0].attempt_id
    for act in (
        lambda: doors.open_room(session, actor, here.rooms[0].id, now()),
        lambda: doors.let_in(session, actor, attempt, now()),
        lambda: doors.reopen_code(session, actor, attempt, "why", now()),
    ):
        with pytest.raises(NotFound):
            act()


def test_practical_sessions_have_no_rooms(session: Session) -> None:
    here = rooms_of_session.divided(session, candidates=1, opened=False)
    exam = session.get_one(Seat, here.holders[0].seat_id).session
    exam.part = "practical"
    session.flush()
    with pytest.raises(Refusal) as refused:
        rooms.divide(session, REGISTRAR, exam.id)
    assert refused.value.code == "session_not_theory"
    assert exam.state == SessionState.PREPARED
