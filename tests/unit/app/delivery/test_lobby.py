"""However many wait, a process asks the database little; and what it says changes when the truth does."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now
from app.delivery import direct
from app.delivery.direct import Line
from app.delivery.lobby import KNOW_FOR, LATEST, LOOK_EVERY, SOONEST, Lobby
from app.models.account import User
from app.models.exam import Attempt
from app.models.registration import ExamSession, SessionState
from proctoring import doors
from tests.factories import people, rooms_of_session
from tests.factories.rooms_of_session import Divided


class Counting:
    """The line of the application, every question counted."""

    def __init__(self, line: Line) -> None:
        self.line, self.asked = line, Counter[str]()

    def run(self, work: Any) -> Any:
        self.asked["all"] += 1
        return self.line.run(work)


class Time:
    def __init__(self) -> None:
        self.moment = 1000.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def here(session: Session) -> Divided:
    return rooms_of_session.divided(session, candidates=3, size=3)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def lobby(time: Time) -> Lobby:
    return Lobby(time)


@pytest.fixture
def line(app: Flask, session: Session) -> Any:
    return Counting(direct.line())


def logged_in(session: Session, here: Divided, place: int = 0) -> tuple[int, UUID]:
    user = session.get_one(User, here.holders[place].user_id)
    found = people.login(session, user).id
    session.commit()
    return here.holders[place].attempt_id, found


def test_a_session_is_looked_at_twice_a_second_and_a_candidate_once_in_a_while(
    session: Session, here: Divided, lobby: Lobby, line: Any, time: Time
) -> None:
    waiting = [logged_in(session, here, place) for place in range(3)]
    for _ in range(10):
        for one in waiting:
            assert lobby.view(line, *one) is not None
    assert line.asked["all"] == 1 + 3
    time.moment += LOOK_EVERY
    for one in waiting:
        lobby.view(line, *one)
    assert line.asked["all"] == 2 + 3
    time.moment += KNOW_FOR
    for one in waiting:
        lobby.view(line, *one)
    assert line.asked["all"] == 3 + 6


def test_the_opening_shows_within_half_a_second(
    session: Session, here: Divided, lobby: Lobby, line: Any, time: Time
) -> None:
    waiting = logged_in(session, here)
    before = lobby.view(line, *waiting)
    doors.open_room(session, here.actor, here.rooms[0].id, now())
    session.commit()
    time.moment += LOOK_EVERY
    after = lobby.view(line, *waiting)
    assert before is not None
    assert after is not None
    assert (before.may_start, after.may_start, after.gated, after.over) == (False, True, True, False)
    assert before.etag != after.etag
    assert after.entry_until is not None


def test_the_time_goes_on_without_being_asked_for(
    session: Session, here: Divided, lobby: Lobby, line: Any, time: Time
) -> None:
    waiting = logged_in(session, here)
    first = lobby.view(line, *waiting)
    time.moment += LOOK_EVERY / 2
    second = lobby.view(line, *waiting)
    assert first is not None
    assert second is not None
    assert (second.server_time - first.server_time).total_seconds() == pytest.approx(LOOK_EVERY / 2)
    assert second.etag == first.etag


@pytest.mark.parametrize("state", [SessionState.CLOSED, SessionState.RELEASED])
def test_a_session_that_is_over_is_waited_for_no_more(
    session: Session, here: Divided, lobby: Lobby, line: Any, state: SessionState
) -> None:
    waiting = logged_in(session, here)
    session.get_one(ExamSession, here.session_id).state = state
    session.commit()
    found = lobby.view(line, *waiting)
    assert found is not None
    assert (found.over, found.may_start) == (True, False)


def test_strangers_and_ended_log_ins_see_nothing(session: Session, here: Divided, lobby: Lobby, line: Any) -> None:
    mine, my_login = logged_in(session, here)
    assert lobby.view(line, here.holders[1].attempt_id, my_login) is None
    assert lobby.view(line, mine, uuid4()) is None
    assert lobby.view(line, 10**9, my_login) is None
    session.get_one(User, here.holders[0].user_id).active = False
    session.commit()
    assert lobby.view(line, mine, my_login) is None


def test_who_has_begun_waits_no_more(session: Session, here: Divided, lobby: Lobby, line: Any) -> None:
    waiting = logged_in(session, here)
    session.get_one(Attempt, waiting[0]).state = "submitted"
    session.commit()
    found = lobby.view(line, *waiting)
    assert found is not None
    assert (found.over, found.may_start) == (True, False)


def test_the_more_wait_the_more_rarely_each_looks(session: Session, here: Divided, line: Any, time: Time) -> None:
    waiting = logged_in(session, here)
    few, many = Lobby(time), Lobby(time)
    alone = few.view(line, *waiting)
    many.view(line, *waiting)
    kept = next(iter(many._places.values()))
    many._places |= {(number, uuid4()): kept for number in range(50_000)}
    crowded = many.view(line, *waiting)
    assert alone is not None
    assert crowded is not None
    assert alone.again == SOONEST < crowded.again == LATEST
    assert alone.spread < 0.1 < crowded.spread
