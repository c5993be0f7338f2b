"""Sessions whose candidates wait for their certificates, and authorities that do not answer."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.registration import ExamSession
from certificates.batches import working
from certificates.register import making
from certificates.signing.unavailable import timestamp_unavailable
from tests.factories import certificates as factory
from tests.factories import theory

NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
HOLDS = text("""
SELECT (SELECT count(*) FROM certificate) AS certificates,
       (SELECT count(DISTINCT person) FROM certificate) AS people,
       (SELECT count(*) FROM certificate_event) AS events,
       (SELECT count(*) FROM audit_line WHERE tag = 'certificate:issued') AS lines,
       (SELECT count(*) FROM certificate_credential) AS credentials,
       (SELECT count(*) FROM public_log_pending) + (SELECT count(*) FROM public_log_entry) AS logged,
       (SELECT count(DISTINCT certificate_id) FROM certificate_order WHERE state = 'done') AS done,
       (SELECT count(*) FROM certificate_order WHERE state = 'waiting') AS waiting
""")


def seated(session: Session, people: int) -> ExamSession:
    """A session in which nothing is in the way of anybody's certificate; committed."""
    exam = theory.theory_session(session, candidates=0)
    for number in range(1, people + 1):
        theory.seat(session, exam, factory.passed(session, name=f"王{NAMES[(number - 1) % 22]}"), number)
    session.commit()
    return exam


def holdings(session: Session) -> dict[str, int]:
    """How many there are of everything that goes with a certificate."""
    session.rollback()
    return dict(session.execute(HOLDS).one()._mapping)


def outage(monkeypatch: pytest.MonkeyPatch, after: int = 0) -> None:
    """The time-stamp authority stops answering, after so many signatures."""
    signed, pressed = [0], making.pressed

    def unanswered(*given: Any) -> Any:
        if signed[0] >= after:
            raise timestamp_unavailable("connection refused")
        signed[0] += 1
        return pressed(*given)

    for module in (making, working):
        monkeypatch.setattr(module, "pressed", unanswered)
