"""What happens at the same moment, and what survives a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.audit import SYSTEM
from app.core.db import db
from app.delivery import acts, attempts, direct, receipts
from app.delivery.acts import Order
from app.models.audit import AuditLine
from app.models.exam import Attempt, AttemptChange, Response
from tests.factories import theory
from tests.factories.theory import KEYS
from tests.factories.times import now
from tests.web.api.test_attempts import Seat, code, one

CUT = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = :name"
)


@pytest.fixture
def seat(store: Flask) -> Seat:
    with store.app_context():
        (sitting,) = theory.open_sitting(db.session())
    return Seat(store, sitting)


def together(*work: Callable[[], Any]) -> list[Any]:
    """Each in a thread of its own, let go at the same moment."""
    barrier = Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        barrier.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


@contextmanager
def stored(seat: Seat) -> Iterator[Attempt]:
    with seat.app.app_context():
        attempt = db.session.get_one(Attempt, seat.sitting.attempt_id)
        assert receipts.recomputed(db.session(), attempt) == attempt.receipt
        yield attempt


def seqs(attempt: Attempt) -> list[int]:
    query = sa.select(AttemptChange.seq).where(AttemptChange.attempt_id == attempt.id).order_by(AttemptChange.seq)
    return list(db.session.scalars(query))


def lines(tag: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(AuditLine.tag == tag)) or 0


def test_starting_twice_at_once_makes_one_client(seat: Seat) -> None:
    answers = together(*[lambda: seat.post("start")] * 4)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["client"] for answer in answers}) == 1
    with stored(seat):
        assert lines("attempt:started") == 1


def test_of_two_changes_with_one_number_one_is_stored(seat: Seat) -> None:
    seat.start()
    for seq in range(1, 6):
        first, second = together(
            lambda seq=seq: seat.change(one(seq, 1, "T")), lambda seq=seq: seat.change(one(seq, 1, "F"))
        )
        assert sorted([first.status_code, second.status_code]) == [200, 409]
    with stored(seat) as attempt:
        assert seqs(attempt) == [1, 2, 3, 4, 5]


def test_the_same_change_sent_twice_at_once_is_acknowledged_twice_and_stored_once(seat: Seat) -> None:
    seat.start()
    for seq in range(1, 6):
        answers = together(*[lambda seq=seq: seat.change(one(seq, 1, "T"))] * 3)
        assert [answer.status_code for answer in answers] == [200] * 3
        assert len({answer.json["receipt"] for answer in answers}) == 1
    with stored(seat) as attempt:
        assert seqs(attempt) == [1, 2, 3, 4, 5]


def test_submitting_twice_at_once_is_submitting_once(seat: Seat) -> None:
    seat.start()
    seat.change(one(1, 1, "T"))
    answers = together(*[seat.submit] * 4)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["receipt"] for answer in answers}) == 1
    with stored(seat) as attempt:
        assert (lines("attempt:submitted"), lines("attempt:marked"), attempt.score) == (1, 0, None)
    together(*[seat.marked] * 3)
    with stored(seat) as attempt:
        assert (lines("attempt:submitted"), lines("attempt:marked"), attempt.score) == (1, 1, 1)


def test_sweeper_and_candidate_close_an_attempt_once(seat: Seat) -> None:
    seat.start()
    seat.move(deadline=now() - timedelta(minutes=1))

    def sweep() -> None:
        with seat.app.app_context():
            attempts.sweep(db.session(), now())
            db.session.commit()

    together(sweep, sweep, seat.submit, lambda: seat.change(one(1, 1, "T")))
    with stored(seat) as attempt:
        assert (attempt.state, attempt.closed_how) == ("marked", "deadline")
        assert lines("attempt:expired") == 1


@pytest.mark.parametrize("end", ["submit", "deadline"])
def test_what_is_acknowledged_while_the_attempt_closes_is_marked(seat: Seat, end: str) -> None:
    seat.start()
    acked: list[int] = []
    going = Event()

    def save() -> None:
        for seq in range(1, 200):
            answer = seat.change(one(seq, seq % 20 + 1, *(KEYS["truefalse"] if seq % 3 else ["F"])))
            if answer.status_code != 200:
                assert code(answer) == (409, "attempt_closed")
                return
            acked.append(seq)
            if seq == 10:
                going.set()

    def close() -> None:
        going.wait()
        if end == "submit":
            assert seat.submit().status_code == 200
        else:
            seat.move(deadline=now() - timedelta(minutes=1))

    together(save, close)
    seat.submit()
    seat.marked()
    with stored(seat) as attempt:
        assert seqs(attempt) == acked
        right = db.session.scalars(sa.select(Response.answer).where(Response.attempt_id == attempt.id)).all()
        assert attempt.score == sum(answer == ["T"] for answer in right)


def test_answers_survive_the_loss_of_every_connection(seat: Seat) -> None:
    """The server drops the saving connections again and again; no acknowledged answer is missing or doubled."""
    seat.start()
    acked: list[int] = []
    done = Event()

    def save() -> None:
        seq = 1
        while seq <= 40:
            answer = seat.change(one(seq, seq % 20 + 1, "T"))
            if answer.status_code == 200:
                acked.append(seq)
                seq += 1
            else:
                assert answer.status_code in (500, 503)
        done.set()

    def cut() -> None:
        engine = sa.create_engine(seat.app.config["SQLALCHEMY_DATABASE_URI"], isolation_level="AUTOCOMMIT")
        with engine.connect() as link:
            while not done.wait(0.05):
                link.execute(CUT, {"name": direct.NAME})
        engine.dispose()

    together(save, cut)
    with stored(seat) as attempt:
        assert seqs(attempt) == acked == list(range(1, 41))


def test_a_hand_over_does_not_wait_for_a_log_out_that_waits_for_it(seat: Seat) -> None:
    seat.start()
    with seat.app.app_context(), db.engine.connect() as leaving:
        attempt = db.session.get_one(Attempt, seat.sitting.attempt_id)
        held = sa.text("SELECT FROM login WHERE id = :login FOR NO KEY UPDATE")
        leaving.execute(held, {"login": attempt.login_id})
        db.session.execute(sa.text("SET LOCAL lock_timeout = '10s'"))
        acts.one(db.session(), attempt.id, "hand_over", Order(SYSTEM, "the screen is broken", now()))
        db.session.commit()
        assert (attempt.client, attempt.login_id) == (None, None)
