from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.delivery import attempts, papers, seat_papers, sessions
from app.models.audit import AuditLine
from app.models.bank import Item, ItemVersion, Snapshot
from app.models.exam import Attempt, AttemptState, Paper
from app.models.registration import ExamSession, SessionState
from app.schemes.scheme import scheme
from question_bank.blueprint import make_blueprint
from question_bank.drawing import draw_paper
from question_bank.pool import pool_of
from tests.factories import theory
from tests.factories.theory import REGISTRAR


def prepared(session: Session, **how: object) -> ExamSession:
    theory.bank(session)
    exam = theory.theory_session(session, **how)  # type: ignore[arg-type]
    sessions.prepare_session(session, REGISTRAR, exam.id, now())
    return exam


def test_every_seat_gets_a_paper_that_meets_the_blueprint(session: Session) -> None:
    exam = prepared(session, candidates=3)
    blueprint = make_blueprint(scheme(exam.scheme).level(exam.level))
    drawn = session.scalars(select(Paper)).all()
    assert len(drawn) == 3
    for paper in drawn:
        assert paper.totals == {"rows": blueprint.row_marks(), "types": blueprint.type_totals()}
        assert len({entry["version_id"] for entry in paper.items}) == len(paper.items)
    assert len({paper.digest for paper in drawn}) == 3
    assert exam.state == SessionState.PREPARED


def test_snapshot_and_seed_draw_the_stored_paper_again(session: Session) -> None:
    exam = prepared(session)
    paper = session.scalars(select(Paper)).one()
    pool = pool_of(session, session.get_one(Snapshot, paper.snapshot_id))
    again = draw_paper(make_blueprint(scheme(exam.scheme).level(exam.level)), pool, paper.seed)
    assert [one.item.version_id for one in again.items] == [entry["version_id"] for entry in paper.items]
    assert [list(one.options) for one in again.items] == [entry["options"] for entry in paper.items]


def test_preparing_again_draws_only_for_new_seats(session: Session) -> None:
    exam = prepared(session, candidates=2)
    assert sessions.prepare_session(session, REGISTRAR, exam.id, now()) == []
    theory.seat(session, exam, theory.application(session), 3)
    assert len(sessions.prepare_session(session, REGISTRAR, exam.id, now())) == 1


def test_a_voided_attempt_leaves_its_seat_to_another_paper(session: Session) -> None:
    exam = prepared(session)
    first = session.scalars(select(Attempt)).one()
    attempts.void(session, REGISTRAR, first.id, "wrong seat", now())
    (second,) = sessions.prepare_session(session, REGISTRAR, exam.id, now())
    assert second.seat_id == first.seat_id
    assert session.get_one(Paper, second.paper_id).digest != session.get_one(Paper, first.paper_id).digest


def test_who_sat_before_gets_unseen_items(session: Session) -> None:
    exam = prepared(session)
    first = session.scalars(select(Attempt)).one()
    first.started_at = now()
    seen = seat_papers.seen_items(session, [first.user_id])[first.user_id]
    retake = theory.theory_session(session, candidates=0)
    theory.seat(session, retake, session.get_one(ExamSession, exam.id).seats[0].application, 1)
    (second,) = sessions.prepare_session(session, REGISTRAR, retake.id, now())
    versions = [entry["version_id"] for entry in session.get_one(Paper, second.paper_id).items]
    codes = session.scalars(select(Item.code).join(ItemVersion).where(ItemVersion.id.in_(versions))).all()
    assert seen.isdisjoint(codes)  # the bank fills every cell three times over


def test_a_bank_that_is_too_small_is_refused_with_every_cell(session: Session) -> None:
    theory.bank(session, times=1)
    for row in ("五", "六"):
        one = session.scalars(select(ItemVersion).where(ItemVersion.row == row)).first()
        assert one is not None
        one.item.state = "retired"
    exam = theory.theory_session(session)
    session.flush()
    with pytest.raises(Refusal) as refused:
        sessions.prepare_session(session, REGISTRAR, exam.id, now())
    assert refused.value.code == "blueprint_unfillable"
    assert {cell["row"] for cell in refused.value.details["cells"]} == {"五", "六"}


@pytest.mark.parametrize(
    ("candidates", "present", "opens"),
    [(1, 0, False), (1, 1, True), (30, 1, True), (31, 1, False), (31, 2, True)],
)
def test_the_gate_counts_proctors_present(session: Session, candidates: int, present: int, opens: bool) -> None:
    exam = prepared(session, candidates=candidates, proctors=2)
    for one in exam.staff[present:]:
        one.left_at = now()
    session.flush()
    if opens:
        assert sessions.open_session(session, REGISTRAR, exam.id, now()).state == SessionState.OPEN
    else:
        with pytest.raises(Refusal) as refused:
            sessions.open_session(session, REGISTRAR, exam.id, now())
        assert refused.value.code == "understaffed"
        assert refused.value.details["have"] == present


def test_a_proctor_whose_account_was_closed_does_not_count(session: Session) -> None:
    exam = prepared(session)
    exam.staff[0].user.active = False
    session.flush()
    with pytest.raises(Refusal) as refused:
        sessions.open_session(session, REGISTRAR, exam.id, now())
    assert refused.value.code == "understaffed"


def test_a_session_opens_only_with_a_paper_on_every_seat(session: Session) -> None:
    exam = prepared(session)
    theory.seat(session, exam, theory.application(session), 2)
    with pytest.raises(Refusal, match="1 candidates have no paper"):
        sessions.open_session(session, REGISTRAR, exam.id, now())


def test_an_unprepared_empty_or_past_session_is_refused(session: Session) -> None:
    theory.bank(session)
    empty = theory.theory_session(session, candidates=0)
    with pytest.raises(Refusal) as refused:
        sessions.prepare_session(session, REGISTRAR, empty.id, now())
    assert refused.value.code == "session_empty"
    with pytest.raises(Refusal) as refused:
        sessions.open_session(session, REGISTRAR, empty.id, now())
    assert refused.value.code == "session_state"
    exam = prepared(session)
    with pytest.raises(Refusal):
        sessions.open_session(session, REGISTRAR, exam.id, exam.closes_at)


def test_closing_ends_everyone_rightly(session: Session) -> None:
    running, overdue, paused, absent = theory.open_sitting(session, candidates=4)
    started = now()
    for one in (running, overdue, paused):
        attempts.start(session, one.sitter, one.attempt_id, started)
    attempts.pause(session, REGISTRAR, paused.attempt_id, "fire alarm", started)
    due = session.get_one(Attempt, overdue.attempt_id)
    due.deadline = started - timedelta(minutes=5)
    session.flush()
    sessions.close_session(session, REGISTRAR, running.session_id, now(), "storm")
    ends = {
        one: (session.get_one(Attempt, one.attempt_id).state, session.get_one(Attempt, one.attempt_id).closed_how)
        for one in (running, overdue, paused, absent)
    }
    assert ends == {
        running: (AttemptState.MARKED, "session_closed"),
        overdue: (AttemptState.MARKED, "deadline"),
        paused: (AttemptState.MARKED, "session_closed"),
        absent: (AttemptState.VOIDED, "absent"),
    }
    assert due.submitted_at == due.deadline
    tags = session.scalars(select(AuditLine.tag).order_by(AuditLine.id)).all()
    assert tags[-2:] == ["session:closed", "session:revealed"]
    with pytest.raises(Refusal):
        sessions.close_session(session, REGISTRAR, running.session_id, now())


def test_papers_show_no_key(session: Session) -> None:
    (one,) = theory.open_sitting(session)
    paper = session.get_one(Paper, session.get_one(Attempt, one.attempt_id).paper_id)
    assert [item.position for item in papers.items_of(session, paper)] == list(range(1, 91))
