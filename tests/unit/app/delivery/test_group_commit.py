"""Batches stored together: the same as one by one, and none in the way of another."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Barrier, Event
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.clock import now
from app.core.db import db
from app.delivery import attempts, direct, papers, receipts, saving
from app.delivery.group_commit import GroupCommit, group_commit
from app.delivery.receipts import Change
from app.delivery.saving import Batch, Ready, Saved
from app.models.account import Login, User
from app.models.exam import Attempt, AttemptChange, AttemptState, Response
from tests.factories import theory

GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Sat:
    """A running attempt and who sits it."""

    id: int
    user_id: int
    login_id: UUID
    client: UUID

    def batch(self, *changes: Change, **other: Any) -> Batch:
        return replace(Batch(self.id, self.login_id, self.client, changes), **other)


@pytest.fixture
def four(store: Flask) -> list[Sat]:
    with store.app_context():
        session = db.session()
        sittings = theory.open_sitting(session, candidates=4)
        running = [attempts.start(session, one.sitter, one.attempt_id, now()) for one in sittings]
        found = [Sat(one.id, one.user_id, one.login_id, one.client) for one in running]  # type: ignore[arg-type]
        session.commit()
    return found


@pytest.fixture
def line(store: Flask) -> Iterator[direct.Line]:
    """Connections of its own."""
    with store.app_context():
        made = direct.Line(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    yield made
    made.close()


def rows(store: Flask, attempt_id: int) -> tuple[Any, ...]:
    """Everything stored of an attempt but the moments; the receipt is held against it."""
    with store.app_context():
        attempt = db.session.get_one(Attempt, attempt_id)
        assert receipts.recomputed(db.session(), attempt) == attempt.receipt
        history = db.session.execute(
            sa.select(AttemptChange.seq, AttemptChange.client, AttemptChange.position, AttemptChange.answer)
            .add_columns(AttemptChange.flagged, AttemptChange.late)
            .where(AttemptChange.attempt_id == attempt_id)
            .order_by(AttemptChange.seq)
        ).all()
        standing = db.session.execute(
            sa.select(Response.position, Response.answer, Response.flagged, Response.seq, Response.late)
            .where(Response.attempt_id == attempt_id)
            .order_by(Response.position)
        ).all()
        return attempt.last_seq, [tuple(one) for one in history], [tuple(one) for one in standing]


positions = st.integers(1, 3)
changes = st.builds(
    Change,
    seq=st.integers(1, 12),
    position=positions,
    answer=st.sampled_from([(), ("T",), ("F",)]),
    flagged=st.sampled_from([None, True, False]),
)
numbered = st.lists(changes, max_size=4, unique_by=lambda one: one.seq).map(
    lambda some: tuple(sorted(some, key=lambda one: one.seq))
)
mistakes = st.sampled_from(["", "", "", "", "client", "login"])
rounds = st.lists(st.lists(st.tuples(numbered, mistakes), min_size=2, max_size=2), min_size=1, max_size=5)
ways = st.sampled_from(["in_progress", "in_progress", "paused", "late", "over"])


@given(rounds, st.lists(ways, min_size=2, max_size=2))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_together_is_as_one_by_one(
    store: Flask, four: list[Sat], line: direct.Line, given_rounds: list[Any], how: list[str]
) -> None:
    """Two attempts are saved to together, two twins of theirs one after the other, each told by a plain model."""
    secret, (one, two, twin_one, twin_two) = store.config["SECRET_KEY"], four
    _reset(
        store, dict(zip((one.id, two.id), how, strict=True)) | dict(zip((twin_one.id, twin_two.id), how, strict=True))
    )
    last = {one.id: 0, two.id: 0}
    for batches in given_rounds:
        asked = [_made(who, some) for who, some in zip((one, two), batches, strict=True)]
        alone = [_made(who, some) for who, some in zip((twin_one, twin_two), batches, strict=True)]
        together = line.run(lambda c, a=asked: saving.store(c, [saving.ready(b, GRACE, secret) for b in a]))
        singly = [line.run(lambda c, b=b: saving.store(c, [saving.ready(b, GRACE, secret)])) for b in alone]
        for batch, state, twin, apart in zip(asked, how, alone, singly, strict=True):
            expected = _expected(batch, state, last[batch.attempt_id], batches[asked.index(batch)][1])
            assert (batch.attempt_id in together) == (twin.attempt_id in apart) == expected
            if expected and batch.changes:
                last[batch.attempt_id] = batch.changes[-1].seq
    for mine, twin in ((one, twin_one), (two, twin_two)):
        ours, others = rows(store, mine.id), rows(store, twin.id)
        assert ours[0] == others[0] == last[mine.id]
        assert [(a, *b) for a, _, *b in ours[1]] == [(a, *b) for a, _, *b in others[1]]
        assert ours[2] == others[2] == _standing(ours[1])


def _made(who: Sat, given_one: tuple[tuple[Change, ...], str]) -> Batch:
    some, mistake = given_one
    wrong = {"client": {"client": uuid4()}, "login": {"login_id": uuid4()}}.get(mistake, {})
    return who.batch(*some, **wrong)


def _expected(batch: Batch, state: str, last: int, mistake: str) -> bool:
    return not mistake and state in ("in_progress", "late") and (not batch.changes or batch.changes[0].seq > last)


def _standing(history: list[Any]) -> list[Any]:
    """What stands follows from the history: the last answer, and the last flag that was given."""
    found: dict[int, tuple[Any, ...]] = {}
    for seq, _, position, answer, flagged, late in history:
        before = found.get(position)
        keeps = before[2] if before else False
        found[position] = (position, answer, keeps if flagged is None else flagged, seq, late)
    return [found[position] for position in sorted(found)]


def _reset(store: Flask, how: dict[int, str]) -> None:
    """The attempts as just begun, in the state and at the time asked for."""
    with store.app_context():
        db.session.execute(sa.text("TRUNCATE attempt_change, response"))
        for attempt_id, state in how.items():
            over = {"late": timedelta(seconds=3), "over": timedelta(minutes=1)}.get(state, timedelta(hours=-1))
            db.session.execute(
                sa.update(Attempt).where(Attempt.id == attempt_id).values(
                    state="paused" if state == "paused" else "in_progress", deadline=now() - over,
                    last_seq=0, receipt="", last_saved_at=None,
                )
            )  # fmt: skip
        db.session.commit()


def test_many_at_once_share_commits_and_all_are_stored(store: Flask, four: list[Sat]) -> None:
    committer = group_commit(store)
    barrier = Barrier(4)

    def sit(who: Sat) -> list[Saved | None]:
        barrier.wait()
        return [committer.save(who.batch(Change(seq, seq % 20 + 1, ("T",)))) for seq in range(1, 31)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(sit, four))
    assert [[one and one.acked for one in some] for some in answers] == [list(range(1, 31))] * 4
    for who in four:
        assert rows(store, who.id)[0] == 30


class Held(direct.Line):
    """Connections whose first use waits, so that others gather behind it."""

    def __init__(self, line: direct.Line) -> None:
        super().__init__(line._conninfo)
        self.entered, self.go, self.groups = Event(), Event(), list[int]()

    def run(self, work: Any) -> Any:
        if not self.entered.is_set():
            self.entered.set()
            self.go.wait(20)
        return super().run(work)


def gathered(committer: GroupCommit, held: Held, batches: list[Batch]) -> list[Any]:
    """The first is held at the database until the others wait behind it."""

    def save(batch: Batch) -> Any:
        try:
            return committer.save(batch)
        except psycopg.Error as error:
            return error

    with ThreadPoolExecutor(len(batches)) as pool:
        first = pool.submit(save, batches[0])
        held.entered.wait(20)
        others = [pool.submit(save, one) for one in batches[1:]]
        while committer.waiting < len(others):
            Event().wait(0.005)
        held.go.set()
        return [first.result(), *[one.result() for one in others]]


@pytest.fixture
def held(store: Flask, four: list[Sat], line: direct.Line) -> Iterator[tuple[GroupCommit, Held]]:
    made = Held(line)
    for who in four:
        papers.form_of(who.id, line.run)
    yield GroupCommit(made, store.config["SECRET_KEY"], 1), made
    made.close()


def test_a_batch_the_database_cannot_take_fails_alone(
    store: Flask, four: list[Sat], held: tuple[GroupCommit, Held], monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, real = four[2].id, saving.ready

    def ready(batch: Batch, grace: timedelta, secret: str) -> Ready:
        made = real(batch, grace, secret)
        return replace(made, row=made.row.replace(b"T", b"\\u0000")) if batch.attempt_id == poisoned else made

    monkeypatch.setattr(saving, "ready", ready)
    answers = gathered(*held, [who.batch(Change(1, 1, ("T",))) for who in four])
    assert [type(one) for one in answers[:2] + answers[3:]] == [Saved] * 3
    assert isinstance(answers[2], psycopg.DataError)
    assert [rows(store, who.id)[0] for who in four] == [1, 1, 0, 1]


def test_papers_new_to_the_process_are_read_with_the_group(
    store: Flask, four: list[Sat], held: tuple[GroupCommit, Held], line: direct.Line
) -> None:
    papers.forget()
    known, *_ = [papers.form_of(who.id, line.run) for who in four[:2]]
    batches = [who.batch(Change(1, 1, ("T",))) for who in four]
    batches[2] = four[2].batch(Change(1, 91, ("T",)))  # no such item on the paper
    answers = gathered(*held, batches)
    assert [type(one) for one in answers] == [Saved, Saved, type(None), Saved]
    assert [rows(store, who.id)[0] for who in four] == [1, 1, 0, 1]
    assert known is not None
    assert papers.known_form(four[3].id) == papers.Form(known.items, known.grace)


def test_of_one_attempt_only_one_batch_goes_with_a_group(
    store: Flask, four: list[Sat], held: tuple[GroupCommit, Held]
) -> None:
    one, two = four[:2]
    batches = [one.batch(Change(1, 1, ("T",)))] + [two.batch(Change(seq, 2, ("F",))) for seq in (1, 2, 3)]
    answers = gathered(*held, batches)
    acked = [saved.acked for saved in answers if saved]
    assert set(acked) <= {1, 2, 3}
    assert rows(store, two.id)[0] == max(saved.acked for saved in answers[1:] if saved)


def test_what_fails_without_the_database_tells_nobody_else_a_lie(
    four: list[Sat], held: tuple[GroupCommit, Held], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = saving.store

    def store_(cursor: Any, batches: Any) -> Any:
        if len(batches) > 1:
            raise ZeroDivisionError
        return real(cursor, batches)

    monkeypatch.setattr(saving, "store", store_)
    committer, line = held

    def save(batch: Batch) -> Any:
        try:
            return committer.save(batch)
        except ZeroDivisionError:
            return "failed"

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(save, four[0].batch(Change(1, 1, ("T",))))
        line.entered.wait(20)
        others = [pool.submit(save, who.batch(Change(1, 1, ("T",)))) for who in four[1:3]]
        while committer.waiting < 2:
            Event().wait(0.005)
        line.go.set()
        assert isinstance(first.result(), Saved)
        assert sorted([str(one.result()) for one in others]) == ["None", "failed"]
    assert isinstance(committer.save(four[3].batch(Change(1, 1, ("T",)))), Saved)


def test_an_attempt_held_by_somebody_else_holds_up_nobody(store: Flask, four: list[Sat], line: direct.Line) -> None:
    committer = GroupCommit(line, store.config["SECRET_KEY"], 1)
    with store.app_context():
        db.session.execute(sa.select(Attempt.id).where(Attempt.id == four[0].id).with_for_update())
        assert committer.save(four[0].batch(Change(1, 1, ("T",)))) is None
        assert isinstance(committer.save(four[1].batch(Change(1, 1, ("T",)))), Saved)
        db.session.rollback()
    assert isinstance(committer.save(four[0].batch(Change(1, 1, ("T",)))), Saved)


@pytest.mark.parametrize("end", ["log out", "close the account", "remove the log-in"])
def test_a_log_in_that_ends_takes_its_client_with_it(store: Flask, four: list[Sat], end: str) -> None:
    one, other = four[:2]
    committer = group_commit(store)
    assert committer.save(one.batch(Change(1, 1, ("T",)))) is not None
    with store.app_context():
        session = db.session()
        if end == "log out":
            session.get_one(Login, one.login_id).ended_at = now()
        elif end == "close the account":
            session.get_one(User, one.user_id).active = False
        else:
            session.execute(sa.delete(Login).where(Login.id == one.login_id))
        session.commit()
    assert committer.save(one.batch(Change(2, 1, ("F",)))) is None
    assert committer.save(one.batch()) is None
    assert committer.save(other.batch(Change(1, 1, ("T",)))) is not None
    assert rows(store, one.id)[0] == 1


def test_a_log_in_ends_without_touching_what_is_closed(store: Flask, four: list[Sat]) -> None:
    one = four[0]
    with store.app_context():
        db.session.execute(sa.update(Attempt).where(Attempt.id == one.id).values(state=AttemptState.MARKED))
        db.session.get_one(Login, one.login_id).ended_at = now()
        db.session.commit()
        assert db.session.get_one(Attempt, one.id).client == one.client


def test_a_form_is_kept_small(four: list[Sat], line: direct.Line) -> None:
    form = papers.form_of(four[0].id, line.run)
    assert form is not None
    assert papers.form_of(four[0].id, line.run) is form
    assert form.item(1) == ("truefalse", ("T", "F"))
    assert form.item(90) == ("multiple", ("A", "B", "C", "D"))
    assert (form.item(0), form.item(91)) == (None, None)
    assert form.items.itemsize * len(form.items) == 180
    assert papers.form_of(2**62, line.run) is None


def test_saved_tells_what_the_row_says(store: Flask, four: list[Sat]) -> None:
    with store.app_context():
        db.session.execute(sa.update(Attempt).where(Attempt.id == four[0].id).values(notices=3))
        db.session.commit()
        deadline: datetime | None = db.session.get_one(Attempt, four[0].id).deadline
    saved = group_commit(store).save(four[0].batch(Change(7, 90, ("C", "A"))))
    assert saved is not None
    assert (saved.acked, saved.notice, saved.deadline) == (7, 3, deadline)
    assert rows(store, four[0].id)[2] == [(90, ["A", "C"], False, 7, False)]


def test_rows_are_looked_up_by_index_whatever_the_size_of_the_tables(
    store: Flask, four: list[Sat], line: direct.Line
) -> None:
    batch = saving.ready(four[0].batch(Change(1, 1, ("T",))), GRACE, store.config["SECRET_KEY"])
    values = {"given": f"[{batch.row.decode()}]", "flags": "{}"}
    for statement in (saving.STORE, saving.ALIVE):
        plan = line.run(lambda c, s=statement: [one for (one,) in c.execute(f"EXPLAIN {s}", values).fetchall()])
        assert any("Index Scan" in one for one in plan)
        assert not [one for one in plan if "Seq Scan" in one or "Hash Join" in one or "Merge Join" in one]
