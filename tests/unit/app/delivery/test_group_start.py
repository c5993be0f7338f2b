"""Starts that share a commit: the rules of each hold as if it came alone, and nobody is told what is not durable."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.audit import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import Refusal
from app.delivery import attempts, direct, entry, quick_start, starting
from app.delivery.group_start import GroupStart, group_start
from app.delivery.quick_start import Begun
from app.models.account import Login, User
from app.models.attendance import Attendance
from app.models.audit import AuditLine
from app.models.exam import Attempt
from app.models.integrity import SessionIntegrity
from app.models.registration import ExamSession, Room, Seat
from tests.factories import people, rooms_of_session
from tests.factories.rooms_of_session import Divided
from tests.unit.app.delivery.test_group_commit import Held

MINUTE = timedelta(minutes=1)
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = :name"
)


@dataclass(frozen=True)
class Sat:
    id: int
    seat_id: int
    user_id: int
    login_id: UUID


@dataclass(frozen=True)
class Hall:
    """Three candidates, each in a room of their own."""

    session_id: int
    sat: list[Sat]
    proctor_id: int


@pytest.fixture
def hall(store: Flask) -> Hall:
    with store.test_request_context():
        session = db.session()
        here: Divided = rooms_of_session.divided(session, candidates=3, size=1, gated=False)
        found = [
            Sat(one.attempt_id, one.seat_id, one.user_id, people.login(session, session.get_one(User, one.user_id)).id)
            for one in here.holders
        ]
        session.execute(sa.update(Room).values(opened_at=now()))
        hall = Hall(here.session_id, found, here.proctor.id)
        session.commit()
        return hall


@pytest.fixture
def line(store: Flask) -> Iterator[direct.Line]:
    with store.app_context():
        made = direct.Line(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    yield made
    made.close()


def begin(line: direct.Line, *wishes: quick_start.Wish) -> dict[int, Begun]:
    return line.run(lambda cursor: quick_start.begin(cursor, wishes))


def wish(one: Sat, **other: Any) -> quick_start.Wish:
    given = {"login_id": one.login_id, "gate_code": "", "via": "api", "paper": False}
    return quick_start.wish(one.id, **{**given, **other})


def lines_of(store: Flask) -> list[str]:
    with store.app_context():
        return sorted(db.session.scalars(sa.select(AuditLine.subject_id).where(AuditLine.tag == "attempt:started")))


@dataclass(frozen=True)
class Case:
    """How one candidate stands before the door."""

    opened: timedelta | None
    gate: str
    typed: str
    let_in: bool
    turned_away: bool
    who: str
    state: str


LATE = 30 * MINUTE
cases = st.builds(
    Case,
    opened=st.sampled_from([timedelta(), timedelta(), LATE - MINUTE, LATE + timedelta(seconds=1), None]),
    gate=st.sampled_from(["", "", "123456"]),
    typed=st.sampled_from(["", "123456", " 123-456 ", "１２３４５６", "000000"]),
    let_in=st.booleans(),
    turned_away=st.sampled_from([False, False, False, True]),
    who=st.sampled_from(["self", "self", "self", "ended", "neighbour", "nobody", "closed account", "no role"]),
    state=st.sampled_from(["prepared", "prepared", "prepared", "in_progress", "voided"]),
)


@given(
    some=st.lists(cases, min_size=3, max_size=3),
    session_state=st.sampled_from(["open", "open", "open", "planned", "closed"]),
    asks=st.sampled_from(["", "", "camera", "required", "allowed"]),
    asked=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_begun_together_is_what_the_rules_let_begin(
    store: Flask, hall: Hall, line: direct.Line, some: list[Case], session_state: str, asks: str, asked: bool
) -> None:
    with store.app_context():
        wishes, may = _arranged(hall, some, session_state, asks, asked=asked)
    expected = {one.id for one, fits in zip(hall.sat, may, strict=True) if fits}
    begun = begin(line, *wishes)
    assert set(begun) == expected
    assert lines_of(store) == sorted(map(str, expected))
    with store.app_context():
        for one, case in zip(hall.sat, some, strict=True):
            row = db.session.get_one(Attempt, one.id)
            if one.id not in expected:
                assert (row.state, row.client) == (case.state, None)
                continue
            told = begun[one.id]
            assert (told.client, told.login_id, told.deadline) == (row.client, row.login_id, row.deadline)
            assert row.deadline is not None
            assert row.deadline == min(told.started_at + 120 * MINUTE, row.session.closes_at)


def _arranged(
    hall: Hall, some: list[Case], session_state: str, asks: str, *, asked: bool
) -> tuple[list[quick_start.Wish], list[bool]]:
    """The rows as the cases say, each wish, and whether the rules let it begin."""
    session, moment, found = db.session(), now(), list[quick_start.Wish]()
    session.execute(sa.text("TRUNCATE attendance, session_integrity, audit_line"))
    exam = session.get_one(ExamSession, hall.session_id)
    exam.state, exam.opens_at, exam.opened_at = session_state, moment - 60 * MINUTE, moment - 60 * MINUTE
    exam.closes_at = moment + 240 * MINUTE
    if asks:
        how = {"camera": True} if asks == "camera" else {"lockdown": asks}
        session.add(SessionIntegrity(session_id=exam.id, signals=["focus"], **how))
    for one, case in zip(hall.sat, some, strict=True):
        seat = session.get_one(Seat, one.seat_id)
        room = session.scalars(sa.select(Room).where(Room.first_seat == seat.number)).one()
        room.opened_at = None if case.opened is None else moment - case.opened
        room.gate_code, seat.let_in_at = case.gate, moment if case.let_in else None
        if case.turned_away:
            session.add(Attendance(seat_id=seat.id, arrival="present", comparison="different",
                                   checked_by=hall.proctor_id, checked_at=moment))  # fmt: skip
        session.execute(sa.update(Attempt).where(Attempt.id == one.id).values(
            state=case.state, client=None, login_id=None, started_at=None, deadline=None
        ))  # fmt: skip
        user, login = session.get_one(User, one.user_id), session.get_one(Login, one.login_id)
        login.ended_at = moment if case.who == "ended" else None
        user.active = case.who != "closed account"
        session.execute(sa.text("DELETE FROM role_grant WHERE user_id = :user"), {"user": user.id})
        role = "author" if case.who == "no role" else "candidate"
        session.execute(sa.text("INSERT INTO role_grant VALUES (:user, :role)"), {"user": user.id, "role": role})
        other = {"neighbour": next(x.login_id for x in hall.sat if x is not one), "nobody": uuid4()}
        found.append(wish(one, login_id=other.get(case.who, one.login_id), gate_code=case.typed, asked=asked))
    session.commit()
    may = []
    for one, case in zip(hall.sat, some, strict=True):
        doors = starting.doors_of(session.execute(starting.TERMS.where(Seat.id == one.seat_id)).one())
        lets = entry.obstacle(doors, case.typed, moment) is None and (asked or asks not in ("camera", "required"))
        may.append(lets and case.who == "self" and case.state == "prepared")
    session.rollback()
    return found, may


def test_the_paper_comes_along_only_where_it_is_wished_for(hall: Hall, line: direct.Line) -> None:
    one, other, _ = hall.sat
    begun = begin(line, wish(one), wish(other, paper=True))
    assert begun[one.id].entries is None
    entries = begun[other.id].entries
    assert entries is not None
    assert len(entries) == 90


def test_two_starts_of_one_candidate_in_one_group_begin_once(store: Flask, hall: Hall, line: direct.Line) -> None:
    held = Held(line)
    starts = GroupStart(held, "", 1)
    first, twice, _ = hall.sat
    with ThreadPoolExecutor(3) as pool:
        leading = pool.submit(starts.begin, wish(first))
        held.entered.wait(20)
        both = [pool.submit(starts.begin, wish(twice)) for _ in range(2)]
        while starts._group.waiting < 2:
            Event().wait(0.005)
        held.go.set()
        assert leading.result() is not None
        done = [one.result() for one in both]
    held.close()
    assert sorted(one is None for one in done) == [False, True]
    assert lines_of(store) == sorted([str(first.id), str(twice.id)])
    (begun,) = [one for one in done if one]
    with store.app_context():
        login = db.session.get_one(Login, twice.login_id)
        actor = starting.Sitter(Actor(twice.user_id, "", "api"), login.id, login.created_at)
        again = attempts.start(db.session(), actor, twice.id, now())  # as the second goes on, by the ordinary way
        assert (again.client, again.deadline) == (begun.client, begun.deadline)


def test_of_an_older_and_a_newer_log_in_the_newer_sits_at_last(store: Flask, hall: Hall, line: direct.Line) -> None:
    """Whichever comes first: the older begins and is taken over, or the newer begins and the older is told so."""
    for one, newer_first in zip(hall.sat[:2], (True, False), strict=True):
        with store.app_context():
            session = db.session()
            newer = people.login(session, session.get_one(User, one.user_id), now() + timedelta(seconds=1))
            second = starting.Sitter(Actor(one.user_id, "", "api"), newer.id, newer.created_at)
            first_at = session.get_one(Login, one.login_id).created_at
            session.commit()
            older = starting.Sitter(second.actor, one.login_id, first_at)
            mine, theirs = wish(one), wish(one, login_id=second.login_id)
            assert len(begin(line, theirs if newer_first else mine)) == 1
            assert begin(line, mine if newer_first else theirs) == {}
            if newer_first:
                with pytest.raises(Refusal) as refused:
                    attempts.start(session, older, one.id, now())
                assert refused.value.code == "client_replaced"
            else:
                attempts.start(session, second, one.id, now())
                session.commit()
            assert session.get_one(Attempt, one.id).login_id == second.login_id
            session.rollback()


def test_an_attempt_held_by_somebody_else_holds_up_nobody(store: Flask, hall: Hall, line: direct.Line) -> None:
    one, other, _ = hall.sat
    with store.app_context():
        db.session.execute(sa.select(Attempt.id).where(Attempt.id == one.id).with_for_update())
        assert set(begin(line, wish(one), wish(other))) == {other.id}
        db.session.rollback()
    assert set(begin(line, wish(one))) == {one.id}


def test_a_crash_before_the_commit_acknowledges_nobody(store: Flask, hall: Hall, line: direct.Line) -> None:
    """The log cannot be written to, so that the statement waits; then the database ends it, twice."""
    answers = list[Any]()
    with store.app_context():
        db.session.execute(sa.text("LOCK TABLE audit_line IN ACCESS EXCLUSIVE MODE"))
        going = Thread(target=lambda: answers.append(_failing(line, hall)))
        going.start()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
            while going.is_alive():
                link.execute(sa.text(CUT), {"name": direct.NAME})
                going.join(0.05)
        db.session.rollback()
        assert isinstance(answers[0], psycopg.OperationalError)
        assert {db.session.get_one(Attempt, one.id).state for one in hall.sat} == {"prepared"}
    assert lines_of(store) == []
    assert len(begin(line, *map(wish, hall.sat))) == 3


def _failing(line: direct.Line, hall: Hall) -> Any:
    try:
        return begin(line, *map(wish, hall.sat))
    except psycopg.Error as error:
        return error


def test_done_again_after_a_lost_answer_it_begins_nothing_twice(hall: Hall, line: direct.Line) -> None:
    wishes = list(map(wish, hall.sat))
    assert len(begin(line, *wishes)) == 3
    assert begin(line, *wishes) == {}


def test_rows_are_looked_up_by_index_whatever_the_size_of_the_tables(hall: Hall, line: direct.Line) -> None:
    values = {
        "given": msgspec.json.encode(list(map(wish, hall.sat))).decode(),
        "roles": quick_start.SITTING,
    }
    plan = line.run(lambda c: [one for (one,) in c.execute(f"EXPLAIN {quick_start.BEGIN}", values).fetchall()])
    assert not [one for one in plan if "Seq Scan" in one or "Hash Join" in one or "Merge Join" in one], plan


def test_one_of_each_application(store: Flask) -> None:
    assert group_start(store) is group_start(store)
