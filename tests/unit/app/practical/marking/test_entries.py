"""What tablets send: kept once, merged without conflict, late but never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models.audit import AuditLine
from app.models.marking import MarkEntry
from app.models.practical import RubricSheet
from app.practical.marking import entries, sheets
from app.practical.marking.merging import Entry
from app.practical.marking.standing import value_of
from app.practical.panels import panels
from tests.factories import practical
from tests.factories.practical import Duty, mark, mark_and_sign

TABLET, OTHER = UUID(int=7), UUID(int=8)


def tap(key: str, points: object, *, seq: int = 1, stamp: int = 1, device: UUID = TABLET, **more: object) -> Entry:
    return Entry(device, seq, stamp, "points", key, points, **more)  # type: ignore[arg-type]


def take(session: Session, duty: Duty, *sent: Entry) -> entries.Taken:
    return entries.take_in(session, duty.actor, duty.sheet_id, duty.examiner_id, sent, now())


def awarded(session: Session, duty: Duty) -> dict[str, Decimal]:
    return dict(value_of(session.get_one(RubricSheet, duty.sheet_id)).awarded)


def test_the_same_entry_twice_is_one(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    assert take(session, duty, tap("J01", "5.5")).new == 1
    assert take(session, duty, tap("J01", 5.5), tap("J02", 6, seq=2, stamp=2)).new == 1
    assert take(session, duty, tap("J02", 6, seq=2, stamp=2), tap("J02", 6, seq=2, stamp=2)).new == 0
    assert awarded(session, duty) == {"J01": Decimal("5.5"), "J02": Decimal(6)}
    assert session.scalar(select(func.count()).select_from(MarkEntry)) == 2
    assert session.get_one(RubricSheet, duty.sheet_id).revision == 2


def test_one_number_is_one_entry(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    take(session, duty, tap("J01", 5))
    with pytest.raises(Refusal) as refused:
        take(session, duty, tap("J01", 4))
    assert refused.value.code == "entry_number_taken"


def test_what_was_done_later_stands_whenever_it_arrives(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    take(session, duty, tap("J01", 4, stamp=5, device=OTHER))
    take(session, duty, tap("J01", 6, stamp=3))
    assert awarded(session, duty) == {"J01": Decimal(4)}
    take(session, duty, tap("J01", None, seq=2, stamp=6))
    assert awarded(session, duty) == {}


def test_the_page_without_script_comes_after_what_is_here(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    take(session, duty, tap("J01", 4, stamp=50))
    sheets.save_marks(session, duty.actor, duty.sheet_id, duty.examiner_id, {"J01": 6}, notes={"J01": "好"}, now=now())
    assert awarded(session, duty) == {"J01": Decimal(6)}
    take(session, duty, tap("J01", 5, seq=2, stamp=40))
    assert awarded(session, duty) == {"J01": Decimal(6)}
    take(session, duty, tap("J01", 5, seq=3, stamp=60))
    [standing] = session.get_one(RubricSheet, duty.sheet_id).marks
    assert (standing.points, standing.note) == (Decimal(5), "好")


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (tap("J01", 99), "points_above"),
        (tap("J01", "NaN"), "points_not_a_number"),
        (tap("X1", 1), "criterion_unknown"),
        (tap("J01", 1, stamp=10**9), "stamp_too_high"),
        (Entry(TABLET, 1, 1, "note", "J01", note="长" * 1001), "note_too_long"),
        (Entry(TABLET, 1, 1, "begin", "nothing"), "task_unknown"),
    ],
)
def test_a_wrong_entry_is_named_and_none_of_its_batch_is_stored(session: Session, entry: Entry, code: str) -> None:
    _, [duty, _] = practical.open_practical(session)
    with pytest.raises(Refusal) as refused:
        take(session, duty, tap("J02", 5, seq=2), entry)
    assert (refused.value.code, refused.value.details["seq"]) == (code, 1)
    assert session.scalar(select(func.count()).select_from(MarkEntry)) == 0


def test_nobody_sends_for_another(session: Session) -> None:
    _, [first, second] = practical.open_practical(session)
    with pytest.raises(NotFound):
        take(session, Duty(first.sheet_id, second.examiner_id, second.actor), tap("J01", 5))


def test_the_earliest_beginning_counts_whenever_it_arrives(session: Session) -> None:
    exam, [first, second] = practical.open_practical(session)
    exam.opened_at = now() - timedelta(hours=3)
    session.flush()
    take(session, second, Entry(OTHER, 1, 1, "begin", "", made_at=now() - timedelta(minutes=5)))
    early = now() - timedelta(hours=2)
    seat = take(session, first, Entry(TABLET, 1, 1, "begin", "", made_at=early)).sheet.seat
    assert seat.practical_started_at == early
    take(session, first, Entry(TABLET, 2, 2, "end", "", made_at=early + timedelta(minutes=90)))
    take(session, second, Entry(OTHER, 2, 2, "end", "", made_at=now()))
    assert seat.practical_ended_at == early + timedelta(minutes=90)


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_tablet_whose_clock_is_wrong_moves_no_time_out_of_the_session(session: Session, hours: int) -> None:
    exam, [duty, _] = practical.open_practical(session)
    began = take(session, duty, Entry(TABLET, 1, 1, "begin", "", made_at=now() + timedelta(hours=hours))).sheet.seat
    assert exam.opened_at is not None
    assert began.practical_started_at is not None
    assert exam.opened_at <= began.practical_started_at <= now()


def test_entries_that_come_after_the_signature_are_kept_and_change_nothing(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    mark_and_sign(session, duty, "80")
    before = awarded(session, duty)
    taken = take(session, duty, tap("J01", 0, stamp=500, made_at=now() - timedelta(hours=2)))
    assert (taken.new, taken.late) == (1, True)
    assert awarded(session, duty) == before
    [late] = entries.late_entries(session, [duty.sheet_id])
    assert (late.key, late.points) == ("J01", Decimal(0))
    assert take(session, duty, tap("J01", 0, stamp=500)).new == 0
    assert "sheet:late_entries" in session.scalars(select(AuditLine.tag)).all()


def test_a_tablet_that_returns_after_the_closing_loses_nothing(session: Session) -> None:
    exam, [duty, _] = practical.open_practical(session)
    panels.close_practical(session, practical.REGISTRAR, exam.id, now())
    taken = take(session, duty, tap("J01", 5))
    assert taken.late
    assert awarded(session, duty) == {}
    assert taken.sheet.seat.practical_started_at is None


def test_a_signature_on_what_was_seen_is_refused_once_it_is_another(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    mark(session, duty, "80")
    sheet = sheets.own_sheet(session, duty.sheet_id, duty.examiner_id)
    seen = sheets.seen_digest(sheet)
    take(session, duty, Entry(OTHER, 1, 900, "note", "J01", note="另一台平板"))
    with pytest.raises(Refusal) as refused:
        sheets.sign(session, duty.actor, duty.sheet_id, duty.examiner_id, now(), seen=seen)
    assert refused.value.code == "sheet_changed"
    wished = now() - timedelta(hours=1)
    again = refused.value.details["digest"]
    signed = sheets.sign(session, duty.actor, duty.sheet_id, duty.examiner_id, now(), seen=again, made_at=wished)
    assert signed.sign_made_at == wished
    assert sheets.sign(session, duty.actor, duty.sheet_id, duty.examiner_id, now(), seen=seen).signed_at


def test_entries_and_a_signature_at_once(store: Flask) -> None:
    """Whichever comes first: an entry is on the signed sheet or kept as late, never between."""
    with store.app_context():
        _, [duty, _] = practical.open_practical(db.session())
        mark(db.session(), duty, "80")
        db.session.commit()

    def act(number: int) -> None:
        with store.app_context():
            if number == 4:
                sheets.sign(db.session(), duty.actor, duty.sheet_id, duty.examiner_id, now())
            else:
                note = Entry(uuid4(), 1, 900 + number, "note", f"J{number + 1:02}", note=str(number))
                entries.take_in(db.session(), duty.actor, duty.sheet_id, duty.examiner_id, [note], now())
            db.session.commit()

    with ThreadPoolExecutor(8) as tablets:
        list(tablets.map(act, range(9)))
    with store.app_context():
        sheet = db.session.get_one(RubricSheet, duty.sheet_id)
        late = {entry.key for entry in entries.late_entries(db.session(), [sheet.id])}
        on_it = {one.criterion for one in sheet.marks if one.note}
        assert late | on_it == {f"J{number + 1:02}" for number in range(9) if number != 4}
        assert not late & on_it
