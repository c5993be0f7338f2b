"""The background work, and that a missing database only delays it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Event

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.cli import worker
from app.core import audit, clock
from app.delivery import marking
from app.models.exam import Attempt, AttemptState
from tests.factories import rooms


def overdue(session: Session, attempt_id: int) -> None:
    session.get_one(Attempt, attempt_id).deadline = clock.now() - timedelta(minutes=1)
    session.commit()


def test_one_round_closes_what_is_due_and_seals_the_log(session: Session, app: Flask) -> None:
    here = rooms.room(session, candidates=3)
    overdue(session, here.attempt_ids[0])
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output
    states = [rooms.state_of(session, one) for one in here.attempt_ids]
    assert states == [AttemptState.MARKED, AttemptState.IN_PROGRESS, AttemptState.IN_PROGRESS]
    assert session.scalar(sa.text("SELECT count(*) FROM audit_line")) == audit.verify(session).lines
    assert audit.verify(session).intact


def test_an_attempt_that_cannot_be_marked_holds_up_no_other(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    here = rooms.room(session)
    broken, sound = here.attempt_ids
    for one in here.attempt_ids:
        overdue(session, one)
    mark = marking.mark

    def fails_for_one(session: Session, attempts: Sequence[int], now: datetime) -> dict[int, Decimal]:
        if broken in attempts:
            raise ValueError("an item is missing")
        return mark(session, attempts, now)

    monkeypatch.setattr(marking, "mark", fails_for_one)
    assert worker.sweep() == 1
    assert rooms.state_of(session, sound) == AttemptState.MARKED
    assert rooms.state_of(session, broken) == AttemptState.IN_PROGRESS


def test_a_missing_database_delays_the_next_round(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    class Stopping(Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0)
            if len(waits) == 3:
                monkeypatch.undo()
            if len(waits) == 5:
                self.set()
            return True

    def gone(*_: object) -> int:
        raise sa.exc.OperationalError("SELECT", {}, Exception("the server is restarting"))

    monkeypatch.setattr(audit, "seal", gone)
    worker.run_until(Stopping())
    assert waits == [4, 8, 16, worker.EVERY, worker.EVERY]
