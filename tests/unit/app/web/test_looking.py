"""Who may look is asked again within seconds, for all at once, and never believed for longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.delivery import direct
from app.models.account import Login, Role, RoleGrant
from app.models.registration import StaffAssignment
from app.web.looking import LOOKS_ON, Looking
from tests.factories import people, rooms
from tests.factories.rooms import Room


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def here(store: Flask, session: Session) -> Room:
    return rooms.room(session, candidates=1)


@pytest.fixture
def asked(store: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many log-ins each question was about."""
    found = list[int]()
    real = Looking._allowed

    def counted(self: Looking, logins: Any, session_id: int) -> Any:
        found.append(len(list(logins)))
        return real(self, logins, session_id)

    monkeypatch.setattr(Looking, "_allowed", counted)
    return found


def taken_off(session: Session, here: Room, login: Login) -> None:
    session.execute(delete(StaffAssignment).where(StaffAssignment.user_id == login.user_id))


def role_lost(session: Session, here: Room, login: Login) -> None:
    session.execute(delete(RoleGrant).where(RoleGrant.user_id == login.user_id))


def logged_out(session: Session, here: Room, login: Login) -> None:
    login.ended_at = clock_now()


def expired(session: Session, here: Room, login: Login) -> None:
    login.created_at = login.expires_at = clock_now()


def account_closed(session: Session, here: Room, login: Login) -> None:
    login.user.active = False


@pytest.mark.parametrize("end", [taken_off, role_lost, logged_out, expired, account_closed])
def test_whoever_lost_the_right_loses_the_board_within_seconds(
    store: Flask, session: Session, here: Room, end: Callable[[Session, Room, Login], None]
) -> None:
    clock = Time()
    looking = Looking(direct.line(store), clock)
    login = people.login(session, here.proctor)
    session.commit()
    assert looking.may(login.id, here.session_id)
    end(session, here, login)
    session.commit()
    clock.now += LOOKS_ON + 0.01
    assert not looking.may(login.id, here.session_id)
    assert not looking.may(login.id, here.session_id)


def test_all_are_asked_about_at_once_and_those_who_left_no_more(
    store: Flask, session: Session, here: Room, asked: list[int]
) -> None:
    clock = Time()
    looking = Looking(direct.line(store), clock)
    logins = [people.login(session, people.user(session, Role.REGISTRAR)).id for _ in range(4)]
    session.commit()
    assert [looking.may(one, here.session_id) for one in logins * 2] == [True] * 8
    assert asked == [1, 1, 1, 1]
    clock.now += LOOKS_ON + 0.01
    assert [looking.may(one, here.session_id) for one in logins] == [True] * 4
    assert asked[4:] == [4]
    clock.now += 120
    assert looking.may(logins[0], here.session_id)
    assert asked[5:] == [1]


@pytest.mark.parametrize(
    ("role", "lets_in"),
    [(Role.PROCTOR, False), (Role.REGISTRAR, True)]
    + [(one, False) for one in Role if one not in (Role.PROCTOR, Role.REGISTRAR)],
)
def test_nobody_else_looks(store: Flask, session: Session, here: Room, role: Role, lets_in: bool) -> None:
    """A proctor of another session is nobody here; and nobody is told of a session that is none."""
    looking = Looking(direct.line(store))
    login = people.login(session, people.user(session, role)).id
    session.commit()
    assert looking.may(login, here.session_id) == lets_in
    assert not looking.may(login, here.session_id + 1000)


def test_a_log_in_for_one_attempt_sees_no_board(store: Flask, session: Session, here: Room) -> None:
    login = people.login(session, here.proctor)
    login.attempt_id = here.attempt_ids[0]
    session.commit()
    assert not Looking(direct.line(store)).may(login.id, here.session_id)
