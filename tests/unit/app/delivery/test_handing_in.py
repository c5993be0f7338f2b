"""Many hand in at once: each closed once, at the right moment, with the receipt that follows from what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import db
from app.delivery import attempts, closing, direct, handing_in, papers, quick_start, receipts
from app.delivery.group_commit import GroupHandIn, group_commit
from app.delivery.handing_in import HandedIn, Wish
from app.delivery.receipts import Change
from app.delivery.saving import Batch
from app.models.audit import AuditLine
from app.models.exam import Attempt
from app.models.registration import ExamSession
from tests.factories import theory
from tests.factories.theory import REGISTRAR
from tests.factories.times import now

GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Sat:
    """A running attempt and who sits it."""

    id: int
    login_id: UUID
    client: UUID

    def wish(self, **other: Any) -> Wish:
        return replace(Wish(self.id, self.login_id, self.client, "api"), **other)


@pytest.fixture
def three(store: Flask) -> list[Sat]:
    with store.app_context():
        session = db.session()
        sittings = theory.open_sitting(session, candidates=3, hold=0)
        running = [attempts.start(session, one.sitter, one.attempt_id, now()) for one in sittings]
        found = [Sat(one.id, one.login_id, one.client) for one in running]  # type: ignore[arg-type]
        session.commit()
    return found


@pytest.fixture
def line(store: Flask) -> Iterator[direct.Line]:
    with store.app_context():
        made = direct.Line(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    yield made
    made.close()


def stored(store: Flask, attempt_id: int) -> tuple[str, str, datetime | None, str]:
    """The attempt as it stands; its receipt is held against what is stored."""
    with store.app_context():
        attempt = db.session.get_one(Attempt, attempt_id)
        assert receipts.recomputed(db.session(), attempt) == attempt.receipt
        return attempt.state, attempt.closed_how, attempt.submitted_at, attempt.receipt


def lines(store: Flask, attempt_id: int) -> list[Any]:
    with store.app_context():
        about = (AuditLine.subject_id == str(attempt_id)) & AuditLine.tag.in_(["attempt:submitted", "attempt:expired"])
        query = sa.select(AuditLine.tag, AuditLine.actor_name, AuditLine.via, AuditLine.data).where(about)
        return [tuple(one) for one in db.session.execute(query)]


def closed(store: Flask, line: direct.Line, wishes: list[Wish]) -> dict[int, HandedIn]:
    ready = [handing_in.ready(one, GRACE, store.config["SECRET_KEY"]) for one in wishes]
    return line.run(lambda cursor: handing_in.close(cursor, ready))


def set_to(store: Flask, attempt_id: int, **columns: Any) -> None:
    with store.app_context():
        db.session.execute(sa.update(Attempt).where(Attempt.id == attempt_id).values(**columns))
        db.session.commit()


moments = st.integers(-3, 20).map(lambda seconds: timedelta(seconds=seconds, microseconds=seconds % 3))


@given(
    state=st.sampled_from(["in_progress"] * 4 + ["paused", "submitted", "marked", "voided"]),
    mistake=st.sampled_from(["", "", "", "client", "login"]),
    over=moments, held=st.sampled_from([0, 0, 30]), begun=st.sampled_from([29, 31]),
    saved=st.sampled_from([None, timedelta(0), timedelta(seconds=5)]),
)  # fmt: skip
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_statement_decides_as_the_ordinary_way(
    store: Flask, three: list[Sat], line: direct.Line,
    state: str, mistake: str, over: timedelta, held: int, begun: int, saved: timedelta | None,
) -> None:  # fmt: skip
    """Told by a plain model; `over` is how long ago the time ran out, `begun` how many minutes ago it began."""
    moment, one = now(), three[0]
    deadline = moment - over
    with store.app_context():
        db.session.execute(sa.text("TRUNCATE attempt_change"))
        db.session.execute(sa.update(ExamSession).values(hold_minutes=held))
        db.session.commit()
    last = deadline - saved if saved is not None else None
    set_to(
        store, one.id, state=state, deadline=deadline, started_at=moment - timedelta(minutes=begun), receipt="",
        submitted_at=None, closed_how="", last_saved_at=last, client=one.client, login_id=one.login_id,
    )  # fmt: skip
    wrong = {"client": {"client": uuid4()}, "login": {"login_id": uuid4()}}.get(mistake, {})
    done = closed(store, line, [one.wish(**wrong)])
    if timedelta(seconds=9) < over < timedelta(seconds=12):
        return  # too near the end of the grace to say beforehand
    early = held > begun and over <= timedelta(seconds=-1)
    if timedelta(seconds=-2) < over <= timedelta(0) and held > begun:
        return
    if state == "in_progress" and not mistake and over <= GRACE and not early:
        given_at = done[one.id].submitted_at
        assert min(moment, deadline) <= given_at <= deadline
        assert last is None or given_at >= last
        assert stored(store, one.id) == ("submitted", "submitted", given_at, done[one.id].receipt)
    else:
        assert done == {}
        with store.app_context():
            assert db.session.get_one(Attempt, one.id).state == state


def test_the_log_says_who_and_the_receipt_of_a_whole_second_fits(
    store: Flask, three: list[Sat], line: direct.Line
) -> None:
    whole = now().replace(microsecond=0)
    set_to(store, three[0].id, deadline=whole)
    done = closed(store, line, [three[0].wish(via="screen")])[three[0].id]
    assert stored(store, three[0].id) == ("submitted", "submitted", whole, done.receipt)
    ((tag, name, via, data),) = lines(store, three[0].id)
    assert (tag, via, data["how"], data["receipt"]) == ("attempt:submitted", "screen", "submitted", done.receipt)
    assert name
    assert data["at"] == whole.astimezone(UTC).isoformat()


class Held(direct.Line):
    """Connections whose first use waits, so that others gather behind it."""

    def __init__(self, line: direct.Line) -> None:
        super().__init__(line._conninfo)
        self.entered, self.go = Event(), Event()

    def run(self, work: Any) -> Any:
        if not self.entered.is_set():
            self.entered.set()
            self.go.wait(20)
        return super().run(work)


def gathered(held: Held, committer: GroupHandIn, wishes: list[Wish]) -> list[Any]:
    """The first is held at the database until the others wait behind it."""

    def submit(wish: Wish) -> Any:
        try:
            return committer.submit(wish)
        except (psycopg.Error, ZeroDivisionError) as error:
            return type(error)

    with ThreadPoolExecutor(len(wishes)) as pool:
        first = pool.submit(submit, wishes[0])
        held.entered.wait(20)
        others = [pool.submit(submit, one) for one in wishes[1:]]
        while committer.waiting < len(others):
            Event().wait(0.005)
        held.go.set()
        return [first.result(), *[one.result() for one in others]]


@pytest.fixture
def held(store: Flask, three: list[Sat], line: direct.Line) -> Iterator[tuple[Held, GroupHandIn]]:
    made = Held(line)
    for who in three:
        papers.form_of(who.id, line.run)
    yield made, GroupHandIn(made, store.config["SECRET_KEY"], 1)
    made.close()


def test_twice_in_one_group_is_once(store: Flask, three: list[Sat], held: tuple[Held, GroupHandIn]) -> None:
    one, two, third = three
    answers = gathered(*held, [one.wish(), two.wish(), two.wish(), two.wish(), third.wish()])
    assert [isinstance(answers[at], HandedIn) for at in (0, 4)] == [True, True]
    assert [isinstance(answer, HandedIn) for answer in answers[1:4]].count(True) == 1
    assert [len(lines(store, who.id)) for who in three] == [1, 1, 1]


def test_a_crash_before_the_commit_acknowledges_nobody(
    store: Flask, three: list[Sat], held: tuple[Held, GroupHandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = handing_in.close

    def crashes(cursor: Any, wishes: Any) -> Any:
        cursor.execute("BEGIN")
        real(cursor, wishes)
        raise ZeroDivisionError  # the connection ends, and with it what was not committed

    monkeypatch.setattr(handing_in, "close", crashes)
    answers = gathered(*held, [who.wish() for who in three])
    assert not any(isinstance(one, HandedIn) for one in answers)
    assert [stored(store, who.id)[0] for who in three] == ["in_progress"] * 3
    assert [lines(store, who.id) for who in three] == [[], [], []]
    monkeypatch.setattr(handing_in, "close", real)
    assert all(isinstance(held[1].submit(who.wish()), HandedIn) for who in three)


@pytest.mark.parametrize("other", ["pause", "sweep", "void"])
def test_whoever_holds_the_attempt_decides_first(store: Flask, three: list[Sat], line: direct.Line, other: str) -> None:
    """A proctor's act or the sweeper that has the row: the short way closes nothing, and closes the others."""
    one, two = three[:2]
    if other == "sweep":
        set_to(store, one.id, deadline=now() - timedelta(minutes=1))
    with store.app_context():
        session = db.session()
        if other == "sweep":
            assert attempts.sweep(session, now()) == 1
        elif other == "pause":
            attempts.pause(session, REGISTRAR, one.id, "fire drill", now())
        else:
            attempts.void(session, REGISTRAR, one.id, "a stranger sat", now())
        assert list(closed(store, line, [one.wish(), two.wish()])) == [two.id]
        session.commit()
    assert closed(store, line, [one.wish()]) == {}
    state, how, *_ = stored(store, one.id) if other != "void" else ("voided", closing.VOIDED)
    expected = {"pause": ("paused", ""), "sweep": ("marked", "deadline"), "void": ("voided", "voided")}[other]
    assert (state, how) == expected


def test_what_was_saved_meanwhile_is_covered(store: Flask, three: list[Sat]) -> None:
    """Saves and the hand-in of one attempt at the same moment: the chain holds whichever comes first."""
    one, committer = three[0], group_commit(store)
    line = direct.line(store, "closing")
    saved = list[int]()

    def save() -> None:
        for seq in range(1, 100):
            found = committer.save(Batch(one.id, one.login_id, one.client, (Change(seq, 1, ("T",)),)))
            if found is not None:
                saved.append(found.acked)

    def submit() -> None:
        while not (saved and closed(store, line, [one.wish()])):
            Event().wait(0.001)

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(save), pool.submit(submit)]:
            work.result()
    stored(store, one.id)
    with store.app_context():
        attempt = db.session.get_one(Attempt, one.id)
        assert attempt.last_seq == saved[-1] == len(saved)
        assert attempt.submitted_at is not None
        assert attempt.last_saved_at is not None
        assert attempt.submitted_at >= attempt.last_saved_at


def test_rows_are_looked_up_by_index_whatever_the_size_of_the_tables(three: list[Sat], line: direct.Line) -> None:
    values = {"given": "[]", "roles": quick_start.SITTING}
    plan = line.run(lambda c: [one for (one,) in c.execute(f"EXPLAIN {handing_in.CLOSE}", values).fetchall()])
    assert not [one for one in plan if "Seq Scan" in one or "Hash Join" in one or "Merge Join" in one], plan
