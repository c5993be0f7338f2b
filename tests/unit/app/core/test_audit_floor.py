"""Sealing looks at what is new; and whatever commits late, below what is sealed already, is sealed all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core import audit, audit_floor
from app.core.audit import SYSTEM
from app.core.audit_floor import Floor
from app.core.db import db
from tests.faults.hosts import wait_until


@pytest.fixture
def log(store: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A process that has sealed nothing yet, and does not wait a minute."""
    monkeypatch.setattr(audit_floor, "LEAST_AGE", 0.0)
    monkeypatch.setattr(audit, "_floor", Floor())
    with store.app_context():
        yield db.session()


def decided(session: Session, count: int = 1) -> None:
    for number in range(count):
        audit.record(session, "test:decided", SYSTEM, "thing", number)
    session.commit()


def sealed(session: Session) -> int:
    count = audit.seal(session)
    session.commit()
    return count


def settled(session: Session, wanted: int) -> None:
    """Other tests' transactions on the same server are waited for as well."""
    wait_until(lambda: sealed(session) == 0 and audit._floor.look(session) == wanted, 60, f"the floor at {wanted}")


def test_what_is_sealed_for_good_is_not_looked_at_again(log: Session) -> None:
    decided(log, 5)
    assert sealed(log) == 5
    settled(log, 5)
    decided(log, 2)
    assert sealed(log) == 2
    assert audit.verify(log).intact


def test_a_line_that_commits_after_later_ones_is_sealed(log: Session) -> None:
    decided(log, 2)
    with db.engine.connect() as slow:
        slow.execute(text("SELECT nextval('audit_line_id_seq')"))  # a number that is never used
        late = Session(slow)
        audit.record(late, "test:late", SYSTEM, "thing", 1)
        decided(log, 3)
        assert [sealed(log) for _ in range(4)] == [5, 0, 0, 0]
        assert audit._floor.look(log) < 4, "somebody below the last one may still come"
        slow.commit()
    assert sealed(log) == 1
    settled(log, 7)
    report = audit.verify(log)
    assert (report.intact, report.lines, report.unsealed) == (True, 6, 0)


def test_a_log_that_was_restored_or_emptied_is_looked_through_anew(log: Session) -> None:
    decided(log, 5)
    assert sealed(log) == 5
    settled(log, 5)
    log.execute(text("TRUNCATE audit_line, audit_seal RESTART IDENTITY CASCADE"))
    log.commit()
    decided(log, 8)
    assert (sealed(log), audit.verify(log).unsealed) == (8, 0)
