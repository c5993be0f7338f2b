"""Marking: one's own sheet only, exact, blind, locked by signing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.models.audit import AuditLine
from app.models.practical import Mark, RubricSheet, SheetState
from app.models.registration import Conflict
from app.practical.marking import sheets
from app.practical.marking.standing import session_standings, value_of
from app.practical.marking.thirds import replace_examiner
from tests.factories import practical
from tests.factories.practical import REGISTRAR, Duty, mark, mark_and_sign


def save(session: Session, duty: Duty, marks: dict[str, object], **notes: str) -> sheets.Saved:
    return sheets.save_marks(session, duty.actor, duty.sheet_id, duty.examiner_id, marks, notes=notes, now=now())


def test_marks_add_up_and_the_rest_stays(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    save(session, duty, {"J01": "5.5", "J02": 7})
    saved = save(session, duty, {"J02": 6.5, "J03": None}, J02="语速稍快", J03="后补")
    assert saved.total == Decimal("12.0")
    assert "J03" in saved.missing
    assert {mark.criterion: mark.note for mark in saved.sheet.marks} == {"J01": "", "J02": "语速稍快", "J03": "后补"}
    assert saved.sheet.seat.practical_started_at is not None


def test_saving_the_same_again_changes_nothing(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    save(session, duty, {"J01": "5.5"}, J01="好")
    lines = session.scalar(select(func.count(AuditLine.id)))
    saved = save(session, duty, {"J01": 5.5}, J01="好")
    assert saved.sheet.revision == 1
    assert session.scalar(select(func.count(AuditLine.id))) == lines


def test_one_wrong_mark_and_none_is_saved(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    with pytest.raises(Refusal, match="J02"):
        save(session, duty, {"J01": 5, "J02": float("nan")})
    assert session.scalar(select(func.count()).select_from(Mark)) == 0


def test_nobody_reads_or_marks_the_sheet_of_another(session: Session) -> None:
    _, [first, second] = practical.open_practical(session)
    stranger = Duty(first.sheet_id, second.examiner_id, second.actor)
    with pytest.raises(NotFound):
        sheets.own_sheet(session, stranger.sheet_id, stranger.examiner_id)
    with pytest.raises(NotFound):
        save(session, stranger, {"J01": 5})
    for act in (sheets.start_practical, sheets.end_practical, sheets.sign):
        with pytest.raises(NotFound):
            act(session, stranger.actor, stranger.sheet_id, stranger.examiner_id, now())
    assert [sheet.id for sheet in sheets.own_sheets(session, second.examiner_id)] == [second.sheet_id]


def test_blind_until_both_have_signed(session: Session) -> None:
    _, [first, second] = practical.open_practical(session)
    mine = mark_and_sign(session, first, "70")
    assert sheets.disclosed(session, mine) is None
    mark(session, second, "75")
    assert sheets.disclosed(session, mine) is None
    theirs = mark_and_sign(session, second, "75")
    for sheet in (mine, theirs):
        shown = sheets.disclosed(session, sheet)
        assert shown is not None
        assert shown.outcome.score == Decimal("72.5")


def test_a_third_examiner_is_called_and_is_blind_too(session: Session) -> None:
    exam, [first, second] = practical.open_practical(session, examiners=3)
    mark_and_sign(session, first, "59.5")
    mark_and_sign(session, second, "60")
    [standing] = session_standings(session, exam.id)
    third = standing.sheets["third"]
    assert third.examiner_id not in (first.examiner_id, second.examiner_id)
    assert standing.outcome.needs_third
    assert sheets.disclosed(session, third) is None
    signed = mark_and_sign(session, Duty.of(third), "60")
    shown = sheets.disclosed(session, signed)
    assert shown is not None
    assert shown.outcome.score == 60
    assert sum(area.marks for area in shown.areas()) == 60


def test_signing_needs_every_criterion(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    save(session, duty, {"J01": 5})
    with pytest.raises(Refusal) as refused:
        sheets.sign(session, duty.actor, duty.sheet_id, duty.examiner_id, now())
    assert refused.value.code == "sheet_incomplete"
    assert len(refused.value.details["missing"]) == 15


def test_a_signed_sheet_never_changes(session: Session) -> None:
    _, [duty, _] = practical.open_practical(session)
    signed = mark_and_sign(session, duty, "66.5")
    when = signed.signed_at
    assert mark_and_sign_again(session, duty).signed_at == when
    for act in (
        lambda: save(session, duty, {"J01": 1}),
        lambda: sheets.start_practical(session, duty.actor, duty.sheet_id, duty.examiner_id, now()),
        lambda: replace_examiner(session, REGISTRAR, duty.sheet_id, 1, reason="ill", now=now()),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "sheet_signed"
    assert value_of(signed).total() == signed.total == Decimal("66.5")


def mark_and_sign_again(session: Session, duty: Duty) -> RubricSheet:
    return sheets.sign(session, duty.actor, duty.sheet_id, duty.examiner_id, now())


def test_begin_and_end_count_once(session: Session) -> None:
    _, [first, second] = practical.open_practical(session)
    with pytest.raises(Refusal, match="has not begun"):
        sheets.end_practical(session, first.actor, first.sheet_id, first.examiner_id, now())
    began = sheets.start_practical(session, first.actor, first.sheet_id, first.examiner_id, now())
    at = began.seat.practical_started_at
    sheets.start_practical(session, second.actor, second.sheet_id, second.examiner_id, now())
    sheets.end_practical(session, second.actor, second.sheet_id, second.examiner_id, now())
    assert began.seat.practical_started_at == at
    assert began.seat.practical_ended_at is not None


def test_a_tie_that_comes_to_light_stops_the_marking(session: Session) -> None:
    exam, [duty, other] = practical.open_practical(session, examiners=2)
    save(session, duty, {"J01": 5})
    candidate = exam.seats[0].application.candidate_id
    session.add(Conflict(examiner_id=duty.examiner_id, candidate_id=candidate, tie="kin"))
    session.flush()
    with pytest.raises(Refusal, match="tie between you"):
        save(session, duty, {"J02": 5})
    fresh = practical.examiner(session, exam)
    sheet = replace_examiner(session, REGISTRAR, duty.sheet_id, fresh.id, reason="kin", now=now())
    assert (sheet.examiner_id, sheet.marks) == (fresh.id, [])
    with pytest.raises(Refusal, match="may not mark"):
        replace_examiner(session, REGISTRAR, other.sheet_id, duty.examiner_id, reason="kin", now=now())


def test_two_tablets_save_at_once(store: Flask) -> None:
    with store.app_context():
        _, [duty, _] = practical.open_practical(db.session())

    def tap(number: int) -> None:
        with store.app_context():
            save(db.session(), duty, {f"J{number:02}": number % 4 + 1})
            db.session.commit()

    with ThreadPoolExecutor(7) as tablets:
        list(tablets.map(tap, range(1, 15)))
    with store.app_context():
        sheet = sheets.own_sheet(db.session(), duty.sheet_id, duty.examiner_id)
        assert sheet.revision == 14
        assert value_of(sheet).total() == sum(number % 4 + 1 for number in range(1, 15))


def test_both_sign_at_once_and_one_third_examiner_is_called(store: Flask) -> None:
    with store.app_context():
        exam, both = practical.open_practical(db.session(), examiners=4)
        exam_id = exam.id
        for duty, total in zip(both, ("40", "90"), strict=True):
            mark(db.session(), duty, total)
        db.session.commit()

    def signed(duty: Duty) -> str:
        with store.app_context():
            state = mark_and_sign_again(db.session(), duty).state
            db.session.commit()
            return state

    with ThreadPoolExecutor(6) as tablets:
        assert set(tablets.map(signed, both * 3)) == {SheetState.SIGNED}
    with store.app_context():
        [standing] = session_standings(db.session(), exam_id)
        assert set(standing.sheets) == {"first", "second", "third"}
        tags = db.session.scalars(select(AuditLine.tag)).all()
        assert tags.count("sheet:signed") == 2
