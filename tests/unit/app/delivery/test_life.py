"""An attempt's life as a machine: in whatever order, it holds what was acknowledged and nothing else.

Two clients, a proctor, the clock, the sweeper, the job that marks, the one who closes the session, and machines that
fail: each rule is an act of one of them, and after each the whole store is held against the model.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import redis
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.cli import worker
from app.core import audit
from app.core.db import db
from app.core.errors import Refusal
from app.delivery import acts, attempts, closing, direct, marking_job, papers, receipts, sessions
from app.delivery.acts import Order
from app.models.audit import AuditLine
from app.models.exam import Attempt, AttemptChange, Response
from app.models.registration import ExamSession
from app.models.registration import Seat as SeatRow
from tests.factories import theory
from tests.factories.theory import REGISTRAR, Sitting
from tests.factories.times import now
from tests.web.api.test_attempts import Seat, code

Answers = dict[int, list[str]]
POSITIONS = {1: [["T"], ["F"], []], 21: [["A"], ["D"], []], 90: [["A", "C"], ["B"], []]}
"""One position of each type; T, B and A+C are right."""
RIGHT = {1: (["T"], 1), 21: (["B"], 1), 90: (["A", "C"], 2)}
edits = st.sampled_from([(position, answer) for position, answers in POSITIONS.items() for answer in answers])
flags = st.sampled_from([None, True, False])


class Life(RuleBasedStateMachine):
    app: ClassVar[Flask]
    first: ClassVar[Sitting]

    @property
    def ripe(self) -> bool:
        """Lives that end before much has happened show little."""
        return len(self.stored) > 4

    @initialize(starts=st.sampled_from([True, True, True, False]))
    def sit_down(self, starts: bool) -> None:
        with self.app.app_context():
            session, like = db.session(), db.session.get_one(Attempt, self.first.attempt_id)
            applied = theory.application(session)
            number = (session.scalar(sa.select(sa.func.max(SeatRow.number))) or 0) + 1
            seat = theory.seat(session, like.session, applied, number)
            attempt = Attempt(
                session_id=like.session_id, seat_id=seat.id, user_id=applied.candidate.user_id, paper_id=like.paper_id
            )
            session.add(attempt)
            session.flush()
            sitting = theory.sitting(session, attempt)
            session.commit()
        self.seat = Seat(self.app, sitting)
        self.state, self.over, self.closed_how = "prepared", False, ""
        self.last_seq, self.receipt, self.final = 0, "", {}
        self.answers: Answers = {}
        self.flagged: dict[int, bool] = {}
        self.stored: list[dict[str, Any]] = []
        self.earlier: list[tuple[dict[str, str], str]] = []
        self.deadline, self.unmarked, self.ended = now(), False, False
        self.late: set[int] = set()
        if starts:
            self.start()

    # -- the candidate ------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.ripe or self.state == "prepared")
    @rule()
    def start(self) -> None:
        answer = self.seat.start()
        if self._closed():
            assert code(answer) == (409, "attempt_closed")
            return
        assert answer.status_code == 200
        self.state = "in_progress" if self.state == "prepared" else self.state
        assert answer.json["state"] == self.state
        assert answer.json["next_seq"] == self.last_seq + 1
        assert answer.json["responses"] == {str(place): given for place, given in self.answers.items() if given}
        assert answer.json["flagged"] == sorted(place for place, on in self.flagged.items() if on)

    @precondition(lambda self: self.state in ("in_progress", "paused") and not self.over)
    @rule()
    def log_in_elsewhere(self) -> None:
        self.earlier.append((self.seat.headers, self.seat.client))
        self.seat.log_in()
        assert self.seat.start().json["client"] != self.earlier[-1][1]

    @precondition(lambda self: self.earlier)
    @rule(edit=edits)
    def save_from_before(self, edit: tuple[int, list[str]]) -> None:
        current = self.seat.headers
        self.seat.headers, client = self.earlier[-1]
        answer = self.seat.change(self._next(edit), client=client)
        self.seat.headers = current
        assert code(answer) == (409, "attempt_closed" if self._closed() else "client_replaced")

    @precondition(lambda self: self.state != "prepared")
    @rule(batch=st.lists(st.tuples(edits, flags), max_size=4), gap=st.integers(0, 3))
    def save(self, batch: list[tuple[tuple[int, list[str]], bool | None]], gap: int) -> None:
        changes = [self._next(edit, flag, gap + place) for place, (edit, flag) in enumerate(batch)]
        self._expect(self.seat.change(*changes), changes)

    @precondition(lambda self: self.stored)
    @rule(data=st.data(), more=st.lists(edits, max_size=2))
    def send_again(self, data: st.DataObject, more: list[tuple[int, list[str]]]) -> None:
        start = data.draw(st.integers(0, len(self.stored) - 1))
        fresh = [self._next(edit, None, place) for place, edit in enumerate(more)]
        self._expect(self.seat.change(*self.stored[start:], *fresh), fresh)

    @precondition(lambda self: self.stored)
    @rule(data=st.data(), more=st.lists(edits, max_size=2))
    def send_what_was_never_stored(self, data: st.DataObject, more: list[tuple[int, list[str]]]) -> None:
        change = data.draw(st.sampled_from(self.stored))
        other = {**change, "position": 2, "answer": ["T"]}
        fresh = [self._next(edit, None, place) for place, edit in enumerate(more)]
        answer = self.seat.change(other, *fresh)
        expected = (
            "attempt_closed" if self._closed() else "attempt_paused" if self.state == "paused" else "seq_below_last"
        )
        assert code(answer) == (409, expected)

    @precondition(lambda self: self.state == "in_progress" and not self.over)
    @rule(edit=edits)
    def save_in_the_grace(self, edit: tuple[int, list[str]]) -> None:
        self._set_deadline(now() - timedelta(seconds=1))
        change = self._next(edit)
        self._expect(self.seat.change(change), [change])
        self.late.add(change["seq"])
        self._set_deadline(now() + timedelta(hours=1))

    @precondition(lambda self: self.ripe and self.state != "prepared")
    @rule()
    def submit(self) -> None:
        answer = self.seat.submit()
        if self._closed() and self.state == "voided":
            assert code(answer) == (409, "attempt_closed")
        elif self._closed() or self.state == "in_progress":
            if not self.ended:  # the short way closes, and leaves the marking to the worker
                self._end("submitted")
                self.state, self.unmarked = "submitted", True
            assert answer.status_code == 200
            self.final = self.final or answer.json
            assert {**answer.json, "server_time": 0} == {**self.final, "server_time": 0}
        else:
            assert code(answer) == (409, "attempt_paused")

    @precondition(lambda self: self.ripe)
    @rule()
    def look(self) -> None:
        listed = self.seat.http.get("/api/v1/attempts", headers=self.seat.headers).json["attempts"]
        self._touched()
        shown = {"submitted": "submitted"}.get(self.closed_how, "expired") if self.ended else self.state
        assert [entry["state"] for entry in listed] == ["voided" if self.state == "voided" else shown]

    # -- the proctor, the worker, the machines ------------------------------------------------------------------------

    @precondition(lambda self: self.state == "in_progress" and not self.over)
    @rule()
    def pause(self) -> None:
        with self.app.app_context():
            attempts.pause(db.session(), REGISTRAR, self.seat.sitting.attempt_id, "reason", now())
            db.session.commit()
        self.state = "paused"

    @precondition(lambda self: self.state == "paused")
    @rule(minutes=st.integers(0, 600))
    def resume(self, minutes: int) -> None:
        """However long the pause, what was left of the time is left."""
        with self.app.app_context():
            attempt = db.session.get_one(Attempt, self.seat.sitting.attempt_id)
            assert attempt.paused_at is not None
            assert attempt.deadline is not None
            left, at = attempt.deadline - attempt.paused_at, attempt.paused_at + timedelta(minutes=minutes)
            attempts.resume(db.session(), REGISTRAR, attempt.id, "reason", at)
            assert attempt.deadline - at == left
            db.session.commit()
        self.state = "in_progress"

    @precondition(lambda self: self.state in ("in_progress", "paused") and not self.over)
    @rule(seconds=st.integers(1, 3600))
    def extend(self, seconds: int) -> None:
        with self.app.app_context():
            before = db.session.get_one(Attempt, self.seat.sitting.attempt_id).deadline
            found = attempts.extend(
                db.session(), REGISTRAR, self.seat.sitting.attempt_id, seconds, reason="reason", now=now()
            )
            assert before is not None
            assert found.deadline == before + timedelta(seconds=seconds)
            db.session.commit()

    @precondition(lambda self: self.ripe and self.state == "in_progress" and not self.over)
    @rule()
    def time_runs_out(self) -> None:
        self._set_deadline(now() - timedelta(minutes=1))
        self.over = True

    @precondition(lambda self: self.ripe)
    @rule()
    def sweep(self) -> None:
        with self.app.app_context():
            attempts.sweep(db.session(), now())
            db.session.commit()
        self._touched()

    @precondition(lambda self: self.ripe and self.state in ("in_progress", "paused") and not self.over)
    @rule()
    def proctor_ends(self) -> None:
        with self.app.app_context():
            acts.one(db.session(), self.seat.sitting.attempt_id, "end", Order(REGISTRAR, "fainted", now()))
            db.session.commit()
        self._end(closing.BY_PROCTOR)

    @precondition(lambda self: self.ripe and self.state not in ("prepared", "voided"))
    @rule()
    def proctor_voids(self) -> None:
        with self.app.app_context():
            acts.one(db.session(), self.seat.sitting.attempt_id, "void", Order(REGISTRAR, "a stranger sat", now()))
            db.session.commit()
        self.state, self.closed_how = "voided", self.closed_how or closing.VOIDED

    @precondition(lambda self: self.ripe and self.state in ("in_progress", "paused"))
    @rule(held=st.booleans())
    def session_closes(self, held: bool) -> None:
        """With `held`, this attempt is marked by a job; the session is open again for the next life."""
        paused, most = self.state == "paused", marking_job.AT_ONCE
        marking_job.AT_ONCE = 0 if held else most
        try:
            with self.app.app_context():
                exam = db.session.get_one(ExamSession, self._session_id())
                sessions.close_session(db.session(), REGISTRAR, exam.id, now())
                exam.state = "open"
                db.session.commit()
        finally:
            marking_job.AT_ONCE = most
        self._end(closing.BY_DEADLINE if self.over and not paused else closing.BY_SESSION)
        if held:
            self.state, self.unmarked = "expired", True

    @precondition(lambda self: self.unmarked and self.state in ("expired", "submitted"))
    @rule(dies=st.booleans(), by_job=st.booleans())
    def worker_marks(self, dies: bool, by_job: bool) -> None:
        with self.app.app_context():
            if dies:  # a batch is done and never committed
                attempts.sweep(db.session(), now())
                marking_job.step(db.session(), self._session_id(), now())
                marking_job.mark_batch(db.session(), marking_job.handed_in(db.session(), 0, 100), now())
                db.session.rollback()
                return
            if by_job:
                worker.work_on_jobs()
            worker.mark()
        self.state, self.unmarked = "marked", False

    @rule()
    def every_web_worker_restarts(self) -> None:
        """Whatever a process kept is gone: connections, forms, items, tokens checked before."""
        with self.app.app_context():
            direct.close()
            papers.forget()

    @precondition(lambda self: self.ripe and self.state in ("marked", "expired", "submitted", "voided"))
    @rule(act=st.sampled_from(["pause", "resume", "extend", "end", "hand_over"]))
    def nothing_moves_what_is_closed(self, act: str) -> None:
        with self.app.app_context():
            order = Order(REGISTRAR, "reason", now(), 60)
            try:
                acts.one(db.session(), self.seat.sitting.attempt_id, act, order)
            except Refusal as refusal:
                assert refusal.code == "attempt_closed"  # noqa: PT017  # either way of running is looked at
            else:
                raise AssertionError(f"{act} was done to a closed attempt")
            finally:
                db.session.rollback()

    @precondition(lambda self: self.ripe)
    @rule()
    def redis_vanishes(self) -> None:
        nowhere = redis.Redis(unix_socket_path="/nonexistent/socket")
        self.app.extensions["store"], self.kept = nowhere, self.app.extensions["store"]
        try:
            self.start()
            self.look()
        finally:
            self.app.extensions["store"] = self.kept

    # -- what must always hold ----------------------------------------------------------------------------------------

    @invariant()
    def the_store_holds_what_was_acknowledged(self) -> None:
        with self.app.app_context():
            attempt = db.session.get_one(Attempt, self.seat.sitting.attempt_id)
            rows = db.session.scalars(sa.select(Response).where(Response.attempt_id == attempt.id)).all()
            assert {row.position: row.answer for row in rows} == self.answers
            assert {row.position: row.flagged for row in rows} == {
                place: self.flagged.get(place, False) for place in self.answers
            }
            history = db.session.scalars(sa.select(AttemptChange).where(AttemptChange.attempt_id == attempt.id)).all()
            assert sorted(row.seq for row in history) == [change["seq"] for change in self.stored]
            assert attempt.last_seq == self.last_seq
            assert receipts.recomputed(db.session(), attempt) == attempt.receipt
            assert attempt.state == self.state or (self.over and attempt.state == "in_progress")
            assert {row.seq for row in history if row.late} == self.late
            if attempt.state == "marked":
                self._check_closed(attempt)
            db.session.remove()

    def teardown(self) -> None:
        """It ends once and is marked once, and the log of it all is whole."""
        with self.app.app_context():
            tags = db.session.scalars(
                sa.select(AuditLine.tag).where(
                    AuditLine.subject == "attempt", AuditLine.subject_id == str(self.seat.sitting.attempt_id)
                )
            ).all()
            assert sum(tag in ("attempt:submitted", "attempt:expired") for tag in tags) == self.ended
            assert tags.count("attempt:marked") == (self.ended and not self.unmarked)
            audit.seal(db.session())
            db.session.commit()
            assert audit.verify(db.session()).intact

    def _check_closed(self, attempt: Attempt) -> None:
        assert attempt.closed_how == self.closed_how
        if self.closed_how == "deadline":
            assert attempt.submitted_at == attempt.deadline == self.deadline
        last = attempt.last_saved_at or attempt.started_at
        assert attempt.submitted_at is not None
        assert attempt.deadline is not None
        assert last is not None
        assert min(last, attempt.deadline) <= attempt.submitted_at, "what was acknowledged came before the end"
        assert attempt.score == sum(
            marks for place, (right, marks) in RIGHT.items() if self.answers.get(place) == right
        )

    # -- the model's bookkeeping --------------------------------------------------------------------------------------

    def _next(self, edit: tuple[int, list[str]], flag: bool | None = None, ahead: int = 0) -> dict[str, Any]:
        return {"seq": self.last_seq + 1 + ahead, "position": edit[0], "answer": edit[1], "flagged": flag}

    def _expect(self, answer: Any, fresh: list[dict[str, Any]]) -> None:
        if self._closed():
            assert code(answer) == (409, "attempt_closed")
        elif self.state == "paused":
            assert code(answer) == (409, "attempt_paused")
        else:
            assert answer.status_code == 200
            for change in fresh:
                self.answers[change["position"]] = change["answer"]
                if change["flagged"] is not None:
                    self.flagged[change["position"]] = change["flagged"]
            self.stored += fresh
            self.last_seq = max([self.last_seq, *(change["seq"] for change in fresh)])
            assert answer.json["acked"] == self.last_seq
            assert (answer.json["receipt"] != self.receipt) == bool(fresh)
            self.receipt = answer.json["receipt"]

    def _closed(self) -> bool:
        """Whether it is closed, now that someone has touched it."""
        self._touched()
        return self.state in ("marked", "expired", "submitted", "voided")

    def _touched(self) -> None:
        if self.over and self.state == "in_progress":
            self._end("deadline")

    def _end(self, how: str) -> None:
        self.state, self.closed_how, self.ended = "marked", how, True

    def _session_id(self) -> int:
        return db.session.get_one(Attempt, self.seat.sitting.attempt_id).session_id

    def _set_deadline(self, deadline: Any) -> None:
        self.deadline = deadline
        self.seat.move(deadline=deadline)


def test_an_attempt_keeps_its_promises_through_any_life(store: Flask) -> None:
    with store.app_context():
        Life.app, (Life.first,) = store, theory.open_sitting(db.session(), window=timedelta(days=2))
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Life,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
