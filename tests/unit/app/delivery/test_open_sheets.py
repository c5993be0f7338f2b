"""Open answers: waiting, handed out, marked apart and blind, settled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.delivery import attempts, open_allocation, open_sheets
from app.delivery.open_marks import waiting_answers
from app.models.account import Role
from app.models.audit import AuditLine
from app.models.exam import Attempt
from app.models.open_marking import OpenAnswer, OpenSheet
from app.models.registration import Conflict, ExamSession, Seat, Tie
from app.registration import roster
from tests.factories import kinds, open_answers, people, theory
from tests.factories.open_answers import ANSWER, Examiner
from tests.factories.theory import REGISTRAR


def give(session: Session, who: Examiner, session_id: int, points: str) -> OpenSheet:
    """Takes the next answer and signs it."""
    sheet = open_allocation.next_sheet(session, who.actor, session_id, who.user_id)
    assert sheet is not None
    open_sheets.save_points(session, who.actor, sheet.id, who.user_id, {"1": points}, None)
    return open_sheets.sign(session, who.actor, sheet.id, who.user_id, now())


def score(session: Session, attempt_id: int) -> Decimal | None:
    return session.scalar(select(Attempt.score).where(Attempt.id == attempt_id))


def test_without_an_open_answer_nothing_waits(session: Session) -> None:
    kinds.bank(session)
    (sitting,) = theory.open_sitting(session, of=kinds.OF)
    open_answers.hand_in(session, sitting)
    assert open_answers.state(session, sitting.attempt_id) == "marked"
    assert waiting_answers(session, sitting.session_id) == 0


def test_two_examiners_settle_an_answer_and_the_attempt_is_marked(session: Session) -> None:
    (sitting,), (first, second) = open_answers.answered(session)
    assert open_answers.state(session, sitting.attempt_id) == "submitted"
    assert waiting_answers(session, sitting.session_id) == 1
    give(session, first, sitting.session_id, "12")
    assert open_answers.state(session, sitting.attempt_id) == "submitted"
    give(session, second, sitting.session_id, "9.5")
    assert open_answers.state(session, sitting.attempt_id) == "marked"
    assert score(session, sitting.attempt_id) == Decimal("10.75")
    assert waiting_answers(session, sitting.session_id) == 0


def test_where_two_are_far_apart_a_third_decides(session: Session) -> None:
    (sitting,), (first, second, third) = open_answers.answered(session, examiners_there=3)
    give(session, first, sitting.session_id, "18")
    give(session, second, sitting.session_id, "4")
    assert open_answers.state(session, sitting.attempt_id) == "submitted"
    assert open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id) is None
    give(session, third, sitting.session_id, "7")
    assert score(session, sitting.attempt_id) == Decimal(7)


def test_nobody_marks_an_answer_twice(session: Session) -> None:
    (sitting,), (first, _) = open_answers.answered(session)
    give(session, first, sitting.session_id, "12")
    assert open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id) is None


def test_an_examiner_gets_back_what_they_have_begun(session: Session) -> None:
    (sitting, _), (first, _) = open_answers.answered(session, candidates=2)
    sheet = open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id)
    again = open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id)
    assert sheet is again
    (work,) = open_allocation.work_of(session, first.user_id)
    assert sheet is not None
    assert (work.begun, work.answers, work.settled) == (sheet.id, 2, 0)


def test_a_tie_keeps_the_answer_away(session: Session) -> None:
    (sitting,), (first, second) = open_answers.answered(session)
    sheet = open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id)
    assert sheet is not None
    seat = session.get_one(Seat, session.get_one(Attempt, sitting.attempt_id).seat_id)
    for who in (first, second):
        session.add(
            Conflict(examiner_id=who.user_id, candidate_id=seat.application.candidate_id, tie=Tie.TRAINER, note="")
        )
    session.flush()
    with pytest.raises(Refusal) as refused:
        open_sheets.save_points(session, first.actor, sheet.id, first.user_id, {"1": "3"}, None)
    assert refused.value.code == "examiner_tied"
    for who in (first, second):
        assert open_allocation.next_sheet(session, who.actor, sitting.session_id, who.user_id) is None
    assert not session.scalars(select(OpenSheet)).all()


def test_an_answer_given_back_is_free_for_others(session: Session) -> None:
    (sitting,), (first, second, third) = open_answers.answered(session, examiners_there=3)
    sheet = open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id)
    assert sheet is not None
    open_sheets.give_back(session, first.actor, sheet.id, first.user_id)
    give(session, second, sitting.session_id, "10")
    give(session, third, sitting.session_id, "10")
    assert open_answers.state(session, sitting.attempt_id) == "marked"


def test_an_examiner_taken_off_the_roster_leaves_nothing_blocked(session: Session) -> None:
    (sitting,), (first, second) = open_answers.answered(session)
    begun = open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id)
    assert begun is not None
    open_sheets.save_points(session, first.actor, begun.id, first.user_id, {"1": "7"}, None)
    session.get_one(ExamSession, sitting.session_id).state = "closed"
    roster.remove_staff(session, REGISTRAR, sitting.session_id, first.user_id)
    line = session.scalars(select(AuditLine.data).where(AuditLine.tag == "open_sheet:given_back")).one()
    assert line == {"answer": begun.answer_id, "order": "first", "points": {"1": "7"}}
    (late,) = open_answers.examiners(session, sitting.session_id, 1)
    give(session, second, sitting.session_id, "10")
    give(session, late, sitting.session_id, "10")
    assert open_answers.state(session, sitting.attempt_id) == "marked"


def test_only_rostered_examiners_get_answers(session: Session) -> None:
    (sitting,), _ = open_answers.answered(session)
    stranger = people.user(session, Role.EXAMINER)
    with pytest.raises(NotFound):
        open_allocation.next_sheet(session, REGISTRAR, sitting.session_id, stranger.id)


def test_another_examiners_sheet_does_not_exist(session: Session) -> None:
    (sitting,), (first, second) = open_answers.answered(session)
    sheet = open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id)
    assert sheet is not None
    with pytest.raises(NotFound):
        open_sheets.own_sheet(session, sheet.id, second.user_id)


def test_a_signed_sheet_never_changes(session: Session) -> None:
    (sitting,), (first, _) = open_answers.answered(session)
    sheet = give(session, first, sitting.session_id, "12")
    assert open_sheets.sign(session, first.actor, sheet.id, first.user_id, now()) is sheet
    for change in (
        lambda: open_sheets.save_points(session, first.actor, sheet.id, first.user_id, {"1": "3"}, None),
        lambda: open_sheets.give_back(session, first.actor, sheet.id, first.user_id),
    ):
        with pytest.raises(Refusal) as refused:
            change()
        assert refused.value.code == "sheet_signed"
    session.commit()
    with pytest.raises(IntegrityError, match="never changed"):
        session.execute(text("UPDATE open_sheet SET marks = 0"))
    session.rollback()


def test_a_sheet_without_points_is_not_signed(session: Session) -> None:
    (sitting,), (first, _) = open_answers.answered(session)
    sheet = open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id)
    assert sheet is not None
    with pytest.raises(Refusal) as refused:
        open_sheets.sign(session, first.actor, sheet.id, first.user_id, now())
    assert refused.value.details == {"missing": ["1"]}


def test_a_voided_attempt_needs_no_marks(session: Session) -> None:
    (sitting,), (first, second) = open_answers.answered(session)
    sheet = open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id)
    assert sheet is not None
    attempts.void(session, REGISTRAR, sitting.attempt_id, "cheating", now())
    assert open_allocation.next_sheet(session, second.actor, sitting.session_id, second.user_id) is None
    with pytest.raises(Refusal) as refused:
        open_sheets.save_points(session, first.actor, sheet.id, first.user_id, {"1": "3"}, None)
    assert refused.value.code == "answer_void"


def test_a_sheet_begun_for_an_attempt_voided_since_goes_back(session: Session) -> None:
    (one, _), (first, _) = open_answers.answered(session, candidates=2)
    begun = open_allocation.next_sheet(session, first.actor, one.session_id, first.user_id)
    assert begun is not None
    attempts.void(session, REGISTRAR, begun.answer.attempt_id, "cheating", now())
    after = open_allocation.next_sheet(session, first.actor, one.session_id, first.user_id)
    assert after is not None
    assert after.answer_id != begun.answer_id
    assert [work.answers for work in open_allocation.work_of(session, first.user_id)] == [1]
    assert waiting_answers(session, one.session_id) == 1


def test_an_examiner_learns_nothing_of_the_candidate(session: Session) -> None:
    (sitting,), (first, _) = open_answers.answered(session)
    sheet = open_allocation.next_sheet(session, first.actor, sitting.session_id, first.user_id)
    assert sheet is not None
    assert sheet.answer.answer == ANSWER
    assert [line.most for line in open_sheets.lines(sheet)] == [Decimal(18)]


def test_many_examiners_at_once_settle_every_answer_exactly_once(store: Flask, session: Session) -> None:
    sittings, panel = open_answers.answered(session, candidates=6, examiners_there=4)
    session_id = sittings[0].session_id

    def work(who: Examiner) -> int:
        done = 0
        with store.app_context():
            while True:
                sheet = open_allocation.next_sheet(db.session(), who.actor, session_id, who.user_id)
                if sheet is None:
                    return done
                points = {"1": str(6 + who.user_id % 3)}
                open_sheets.save_points(db.session(), who.actor, sheet.id, who.user_id, points, None)
                open_sheets.sign(db.session(), who.actor, sheet.id, who.user_id, now())
                db.session.commit()
                done += 1

    with ThreadPoolExecutor(4) as pool:
        signed = sum(pool.map(work, panel))
    session.rollback()
    assert signed == 12
    answers = session.scalars(select(OpenAnswer)).all()
    assert all(one.settled is not None and len(one.sheets) == 2 for one in answers)
    assert {open_answers.state(session, one.attempt_id) for one in sittings} == {"marked"}
