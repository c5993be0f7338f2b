"""The log of decisions: sealed a moment later, and every later change shows."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import GENESIS, SYSTEM, Actor
from app.core.db import db

LINES = 6


@pytest.fixture
def log(session: Session) -> Session:
    for number in range(LINES):
        audit.record(session, "test:decided", Actor(number, f"员{number}", "screen"), "thing", number, points="59.99")
    assert audit.seal(session) == LINES
    session.commit()
    return session


def tamper(session: Session, statement: str, **values: object) -> None:
    """What somebody who owns the database could do: the guards switched off, then on again."""
    for table in ("audit_line", "audit_seal"):
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    session.execute(text(statement), values)
    for table in ("audit_line", "audit_seal"):
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def test_an_untouched_log_verifies_with_its_head(log: Session) -> None:
    report = audit.verify(log)
    assert (report.intact, report.lines) == (True, LINES)
    assert audit.verify(log, known_head=report.head).intact
    assert not audit.verify(log, known_head="f" * 64).intact


def test_an_empty_log_has_the_first_head(session: Session) -> None:
    assert audit.verify(session).head == GENESIS


def test_a_line_rolled_back_leaves_no_trace_and_breaks_nothing(log: Session) -> None:
    audit.record(log, "test:regretted", SYSTEM, "thing", 7)
    log.rollback()
    audit.record(log, "test:decided", SYSTEM, "thing", 8)
    audit.seal(log)
    assert audit.verify(log).lines == LINES + 1


@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    line=st.integers(1, LINES),
    change=st.sampled_from(
        [
            "UPDATE audit_line SET data = jsonb_set(data, '{points}', '\"60\"') WHERE id = :line",
            "UPDATE audit_line SET at = at + interval '1 microsecond' WHERE id = :line",
            "UPDATE audit_line SET actor_name = 'somebody else' WHERE id = :line",
            "DELETE FROM audit_line WHERE id = :line",
            "DELETE FROM audit_seal WHERE line_id = :line",
            "UPDATE audit_seal SET line_id = -line_id WHERE line_id = :line",
        ]
    ),
)
def test_any_change_or_gap_shows(log: Session, line: int, change: str) -> None:
    before = audit.verify(log).head
    tamper(log, change, line=line)
    assert not audit.verify(log, known_head=before).intact
    log.rollback()


def test_two_lines_swapped_show(log: Session) -> None:
    tamper(log, "UPDATE audit_seal SET line_id = -line_id WHERE line_id IN (2, 3)")
    tamper(log, "UPDATE audit_seal SET line_id = 5 + line_id WHERE line_id IN (-2, -3)")
    assert not audit.verify(log).intact


def test_two_sealers_at_once_make_one_chain(store: Flask) -> None:
    with store.app_context():
        for number in range(50):
            audit.record(db.session(), "test:decided", SYSTEM, "thing", number)
        db.session.commit()

    def seal() -> None:
        with store.app_context():
            audit.seal(db.session())
            db.session.commit()

    sealers = [threading.Thread(target=seal) for _ in range(4)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    with store.app_context():
        audit.seal(db.session())
        report = audit.verify(db.session())
        assert (report.intact, report.lines) == (True, 50)
        db.session.rollback()
