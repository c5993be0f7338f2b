"""A beginning tapped by mistake is taken back; whatever hangs on one keeps it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.models.audit import AuditLine
from app.models.practical import RubricSheet
from app.practical.marking import entries, sheets
from app.practical.marking.beginnings import Tap, counting
from app.practical.marking.merging import Entry
from app.practical.panels import absence, panels
from tests.factories import practical
from tests.factories.practical import REGISTRAR, Duty

DAY = datetime(2026, 11, 22, tzinfo=UTC)
TABLET = UUID(int=7)


def tapped(kind: str, rank: int, key: str = "", sheet: int = 1) -> Tap:
    points = 1 if kind == "points" else None
    entry = Entry(TABLET, rank, rank, kind, key, points)  # type: ignore[arg-type]
    return Tap(sheet, entry, DAY + timedelta(seconds=rank))


@pytest.mark.parametrize(
    ("taps", "begins"),
    [
        ([("begin", 1), ("undo", 2)], []),
        ([("begin", 1), ("undo", 2), ("begin", 3)], [3]),
        ([("undo", 1), ("begin", 2)], [2]),
        ([("begin", 1), ("points", 2, "J01"), ("undo", 3)], [1]),
        ([("begin", 1), ("end", 2), ("undo", 3)], [1]),
        ([("begin", 1, "call"), ("points", 2, "J01"), ("undo", 3, "call")], []),
        ([("begin", 1, "call"), ("end", 2, "call"), ("undo", 3, "call")], [1]),
        ([("begin", 1, "call"), ("undo", 2)], [1]),
        ([("begin", 1), ("undo", 2, "", 2)], [1]),
        ([("begin", 1), ("points", 2, "J01", 2), ("undo", 3)], []),
    ],
)  # fmt: skip
def test_which_beginnings_count(taps: list[tuple[str, int]], begins: list[int]) -> None:
    found = counting([tapped(*one) for one in taps])
    assert [one.entry.stamp for one in found if one.entry.kind == "begin"] == begins


_TAPS = st.builds(
    tapped, st.sampled_from(("begin", "end", "undo", "points")), st.integers(1, 9), st.sampled_from(("", "call")),
    st.integers(1, 2),
)  # fmt: skip


@given(st.lists(_TAPS, max_size=12, unique_by=lambda one: (one.sheet, one.entry.rank)), st.randoms())
def test_neither_order_nor_copies_matter(taps: list[Tap], chance: object) -> None:
    mixed = [*taps, *taps[:4]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert {*counting(mixed)} == {*counting(taps)}


def undo(session: Session, duty: Duty, reason: str = "按错了") -> RubricSheet:
    return sheets.undo_begin(session, duty.actor, duty.sheet_id, duty.examiner_id, now(), reason=reason)


def begin(session: Session, duty: Duty) -> RubricSheet:
    return sheets.start_practical(session, duty.actor, duty.sheet_id, duty.examiner_id, now())


def started(sheet: RubricSheet) -> datetime | None:
    return sheet.seat.practical_started_at


def test_a_mistaken_beginning_is_taken_back_and_the_candidate_may_be_absent(session: Session) -> None:
    exam, [first, second] = practical.open_practical(session)
    seat = begin(session, first).seat
    with pytest.raises(Refusal) as refused:
        undo(session, second)
    assert refused.value.code == "begin_not_yours"
    with pytest.raises(Refusal) as refused:
        undo(session, first, " ")
    assert refused.value.code == "reason_missing"
    undo(session, first)
    assert seat.practical_started_at is None
    tags = select(AuditLine.data).where(AuditLine.tag == "practical:begun:undone")
    assert session.scalars(tags).one()["reason"] == "按错了"
    absence.candidate_absent(session, REGISTRAR, exam.id, seat.id, "未到", now())
    assert panels.close_practical(session, REGISTRAR, exam.id, now()).state == "closed"


def test_with_points_or_an_end_it_stays(session: Session) -> None:
    _, [first, second] = practical.open_practical(session, candidates=1)
    began = begin(session, first).seat.practical_started_at
    practical.mark(session, first, "80")
    with pytest.raises(Refusal) as refused:
        undo(session, first)
    assert refused.value.code == "begin_has_work"
    assert session.get_one(RubricSheet, second.sheet_id).seat.practical_started_at == began


def test_the_others_marks_keep_a_beginning_of_their_own(session: Session) -> None:
    _, [first, second] = practical.open_practical(session)
    begin(session, first)
    practical.mark(session, second, "80")
    seat = undo(session, first).seat
    assert seat.practical_started_at is not None


def test_from_a_tablet_in_one_batch(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    sent = [Entry(TABLET, 1, 1, "begin", ""), Entry(TABLET, 2, 2, "undo", "", note="按错了")]
    taken = entries.take_in(session, duty.actor, duty.sheet_id, duty.examiner_id, sent, now())
    assert started(taken.sheet) is None
    again = [Entry(TABLET, 3, 3, "begin", "")]
    entries.take_in(session, duty.actor, duty.sheet_id, duty.examiner_id, again, now())
    assert started(taken.sheet) is not None
