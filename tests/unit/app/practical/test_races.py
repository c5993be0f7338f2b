"""Registrars and examiners at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.audit import AuditLine
from app.models.practical import RubricSheet
from app.practical.marking import thirds
from app.practical.marking.standing import session_standings
from app.practical.panels.panels import allocate_session, close_practical, open_practical
from tests.factories import practical
from tests.factories.practical import REGISTRAR, Duty, mark, mark_and_sign
from tests.unit.app.registration.test_races import both, outcome


def tags(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(AuditLine.tag)))


def test_two_registrars_open_a_practical_once(store: Flask, session: Session) -> None:
    exam = practical.practical_session(session, candidates=4, examiners=3)
    session.commit()
    args = (REGISTRAR, exam.id, now())
    assert both(store, open_practical, args, args) == ["done", "done"]
    assert tags(session).count("session:opened") == 1
    assert [set(one.sheets) for one in session_standings(session, exam.id)] == [{"first", "second"}] * 4


def test_no_mark_that_was_taken_is_lost_to_an_allocation(store: Flask, session: Session) -> None:
    exam, duties = practical.open_practical(session, candidates=6, examiners=2)
    for _ in range(3):
        practical.examiner(session, exam)
    session.commit()
    allocate = (allocate_session, REGISTRAR, exam.id, now())

    def save(duty: Duty) -> bool:
        return outcome(store, mark, duty, "70") == "done"

    with ThreadPoolExecutor(4) as pool:
        allocating = pool.map(lambda _: outcome(store, *allocate), range(4))
        saved = list(pool.map(save, duties))
        assert set(allocating) == {"done"}
    session.rollback()
    for duty, taken in zip(duties, saved, strict=True):
        sheet = session.get(RubricSheet, duty.sheet_id)
        assert (sheet is not None and sheet.revision == 1) == taken
    for one in session_standings(session, exam.id):
        assert len({sheet.examiner_id for sheet in one.sheets.values()}) == 2


def test_of_two_replacements_of_one_examiner_one_is_made(store: Flask, session: Session) -> None:
    exam, [duty, _] = practical.open_practical(session, examiners=2)
    one, other = practical.examiner(session, exam), practical.examiner(session, exam)
    session.commit()

    def replace(by: Session, examiner_id: int) -> None:
        thirds.replace_examiner(by, REGISTRAR, duty.sheet_id, examiner_id, reason="ill", now=now())

    assert both(store, replace, (one.id,), (other.id,)) == ["done", "not_found"]
    assert tags(session).count("sheet:assigned") == 1


def test_what_is_signed_while_the_session_closes_counts_or_is_refused(store: Flask, session: Session) -> None:
    exam, [first, second] = practical.open_practical(session)
    mark_and_sign(session, first, "70")
    mark(session, second, "80")
    session.commit()
    with ThreadPoolExecutor(2) as pool:
        signing = pool.submit(outcome, store, mark_and_sign, second, "80")
        closing = pool.submit(outcome, store, close_practical, REGISTRAR, exam.id, now())
        assert signing.result() == "done"
        assert closing.result() in ("done", "practical_unfinished")
    session.rollback()
    [standing] = session_standings(session, exam.id)
    assert standing.outcome.score == 75
