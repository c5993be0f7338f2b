"""A sheet taken out of work: what was entered and attached on it stays, and what its tablet sends later joins it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import NotFound
from app.models.discarded import DiscardedSheet
from app.models.marking import SheetEvidence
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat
from app.practical.marking import discarding, entries, evidence, thirds
from app.practical.marking.merging import Entry
from app.practical.panels import panels
from tests.factories import papers, practical
from tests.factories.evidence import photo
from tests.factories.practical import REGISTRAR, Duty

TABLET = UUID(int=7)


def tap(key: str, points: str, seq: int) -> Entry:
    return Entry(TABLET, seq, seq, "points", key, points)  # type: ignore[arg-type]  # as it is sent


@pytest.fixture
def replaced(session: Session) -> tuple[ExamSession, Duty, int]:
    """The first examiner marked, attached a photo, and another took over."""
    exam, [duty, _] = practical.open_practical(session)
    entries.take_in(session, duty.actor, duty.sheet_id, duty.examiner_id, [tap("J01", "5.5", 1)], now())
    evidence.add(session, duty.actor, duty.sheet_id, duty.examiner_id, photo(caption="屏幕"), now())
    other = practical.examiner(session, exam)
    fresh = thirds.replace_examiner(session, REGISTRAR, duty.sheet_id, other.id, reason="突发不适", now=now())
    return exam, duty, fresh.id


def kept(session: Session, exam: ExamSession) -> DiscardedSheet:
    [one] = discarding.discarded_of(session, session.scalars(select(Seat.id).where(Seat.session_id == exam.id)).one())
    return one


def test_entries_and_evidence_of_a_replaced_examiner_stay(
    session: Session, replaced: tuple[ExamSession, Duty, int]
) -> None:
    exam, duty, fresh = replaced
    one = kept(session, exam)
    assert (one.sheet_id, one.examiner_id, one.reason) == (duty.sheet_id, duty.examiner_id, "突发不适")
    assert [(entry["key"], entry["points"], entry["late"]) for entry in one.entries] == [("J01", "5.5", False)]
    assert Decimal(one.marks["J01"]["points"]) == Decimal("5.5")
    [piece] = one.evidence
    assert (piece.caption, discarding.piece_of(session, one.seat_id, piece.id).content[:2]) == ("屏幕", b"\xff\xd8")
    assert session.scalar(select(func.count()).select_from(SheetEvidence)) == 0
    assert session.get_one(RubricSheet, fresh).marks == []
    with pytest.raises(NotFound):
        discarding.piece_of(session, one.seat_id + 1, piece.id)


def test_what_the_tablet_sends_afterwards_joins_it_once(
    session: Session, replaced: tuple[ExamSession, Duty, int]
) -> None:
    exam, duty, fresh = replaced
    gone = discarding.own_discarded(session, duty.sheet_id, duty.examiner_id)
    assert gone is not None
    assert discarding.own_discarded(session, duty.sheet_id, duty.examiner_id + 1) is None
    sent, piece = [tap("J01", "5.5", 1), tap("J02", "4", 2)], photo()
    assert [discarding.keep_late(session, duty.actor, gone, sent, now()) for _ in range(2)] == [1, 0]
    first, again = (discarding.keep_late_piece(session, duty.actor, gone, piece, now()) for _ in range(2))
    assert first is again
    one = kept(session, exam)
    assert [(entry["key"], entry["late"]) for entry in one.entries] == [("J01", False), ("J02", True)]
    assert [row.late for row in one.evidence] == [False, True]
    assert session.get_one(RubricSheet, fresh).marks == []
    assert discarding.keep_late_piece(session, duty.actor, gone, replace(piece, caption="x"), now()) is first


def test_what_was_typed_from_paper_stays(session: Session) -> None:
    exam, [duty, _] = practical.open_practical(session)
    typist = papers.typist(session, "陈录入")
    marks = papers.points(session, duty)
    papers.type_in(session, duty, typist, {**marks, "J01": "0"})
    papers.type_in(session, duty, typist, marks, notes={"J01": "语速偏快"})
    papers.scan(session, duty, typist)
    other = practical.examiner(session, exam)
    thirds.replace_examiner(session, REGISTRAR, duty.sheet_id, other.id, reason="突发不适", now=now())
    one = kept(session, exam)
    assert [(typed["typist"], typed["number"]) for typed in one.typed] == [("陈录入", 1), ("陈录入", 2)]
    assert [typed["marks"]["J01"]["note"] for typed in one.typed] == ["", "语速偏快"]
    assert datetime.fromisoformat(one.typed[0]["signed_at"]) == exam.opened_at
    [scan] = one.evidence
    assert (scan.criterion, scan.media_type) == ("", "image/jpeg")


def test_an_allocation_before_the_doors_open_leaves_nothing_behind(session: Session) -> None:
    exam = practical.practical_session(session, candidates=3, examiners=4)
    panels.allocate_session(session, REGISTRAR, exam.id, now())
    practical.examiner(session, exam)
    panels.allocate_session(session, REGISTRAR, exam.id, now())
    assert session.scalar(select(func.count()).select_from(DiscardedSheet)) == 0
