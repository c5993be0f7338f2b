"""Allocating, opening and closing a practical session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.models.account import User
from app.models.audit import AuditLine
from app.models.practical import RubricSheet, SheetState
from app.models.registration import Conflict, ExamSession, Seat, SessionState, StaffAssignment, Tie
from app.practical.marking.standing import session_standings
from app.practical.marking.thirds import assign_third, replace_examiner
from app.practical.panels.panels import allocate_session, close_practical, open_practical
from app.registration.conflicts import declare_conflict
from app.schemes.scheme import schemes
from tests.factories import practical, theory
from tests.factories.practical import REGISTRAR, mark, mark_and_sign


def pairs(session: Session, exam: ExamSession) -> dict[int, list[int]]:
    return {
        one.seat.number: [one.sheets[order].examiner_id for order in ("first", "second")]
        for one in session_standings(session, exam.id)
    }


def test_allocating_makes_two_sheets_for_each_and_again_changes_nothing(session: Session) -> None:
    exam = practical.practical_session(session, candidates=5, examiners=3)
    allocate_session(session, REGISTRAR, exam.id, now())
    before = [(sheet.id, sheet.examiner_id) for sheet in session.scalars(select(RubricSheet).order_by(RubricSheet.id))]
    assert len(before) == 10
    assert exam.state == SessionState.PREPARED
    allocate_session(session, REGISTRAR, exam.id, now())
    assert before == [
        (sheet.id, sheet.examiner_id) for sheet in session.scalars(select(RubricSheet).order_by(RubricSheet.id))
    ]
    assert session.scalars(select(AuditLine.tag)).all().count("session:allocated") == 2


def test_sheets_with_marks_stay_when_the_panel_changes(session: Session) -> None:
    exam, duties = practical.open_practical(session, candidates=4, examiners=2)
    mark(session, duties[0], "70")
    before = pairs(session, exam)
    for _ in range(2):
        practical.examiner(session, exam)
    allocate_session(session, REGISTRAR, exam.id, now())
    after = pairs(session, exam)
    assert after[1] == before[1]
    assert {examiner for pair in after.values() for examiner in pair} > set(before[1])
    assert session.get_one(RubricSheet, duties[0].sheet_id).revision == 1


@pytest.mark.parametrize("kind", ["declared", "employer", "self"])
def test_ties_keep_examiner_and_candidate_apart(session: Session, kind: str) -> None:
    exam = practical.practical_session(session, candidates=3, examiners=3)
    candidate = exam.seats[0].application.candidate
    examiner = exam.staff[0].user
    if kind == "declared":
        session.add(Conflict(examiner_id=examiner.id, candidate_id=candidate.id, tie="trainer"))
    elif kind == "employer":
        examiner.organization, candidate.employer = "华声 呼叫中心有限公司", "华声呼叫中心"
    else:
        candidate.user_id = examiner.id
    session.flush()
    allocate_session(session, REGISTRAR, exam.id, now())
    assert examiner.id not in pairs(session, exam)[1]


def test_an_impossible_panel_names_the_candidate(session: Session) -> None:
    exam = practical.practical_session(session, candidates=2, examiners=2)
    candidate, examiner = exam.seats[1].application.candidate, exam.staff[0].user
    session.add(Conflict(examiner_id=examiner.id, candidate_id=candidate.id, tie="kin"))
    session.flush()
    with pytest.raises(Refusal, match="only 1 of this session") as refused:
        allocate_session(session, REGISTRAR, exam.id, now())
    assert refused.value.params["candidate"] == f"2 {candidate.name}"
    assert refused.value.details["seats"] == [2]


def test_it_opens_only_when_examiners_are_present(session: Session) -> None:
    exam = practical.practical_session(session, candidates=1, examiners=3, present=False)
    allocate_session(session, REGISTRAR, exam.id, now())
    exam.staff[2].present_since = now()
    session.flush()
    with pytest.raises(Refusal) as refused:
        open_practical(session, REGISTRAR, exam.id, now())
    assert refused.value.details == {"role": "examiner", "have": 1, "need": 2, "candidates": 1}
    exam.staff[1].present_since = now()
    session.flush()
    assert open_practical(session, REGISTRAR, exam.id, now()).state == SessionState.OPEN
    assert set(pairs(session, exam)[1]) == {exam.staff[1].user_id, exam.staff[2].user_id}


def test_a_site_without_monitoring_holds_no_practical(session: Session) -> None:
    exam = practical.practical_session(session, fit_site=False)
    with pytest.raises(Refusal) as refused:
        open_practical(session, REGISTRAR, exam.id, now())
    assert (refused.value.code, refused.value.details) == ("site_lacking", {"missing": ["monitoring"]})


def test_a_theory_session_has_no_panel(session: Session) -> None:
    exam = theory.theory_session(session)
    with pytest.raises(Refusal, match="theory session"):
        allocate_session(session, REGISTRAR, exam.id, now())


def test_it_closes_once_everybody_examined_has_a_score(session: Session) -> None:
    exam, duties = practical.open_practical(session, candidates=2, examiners=2)
    mark_and_sign(session, duties[0], "80")
    with pytest.raises(Refusal) as refused:
        close_practical(session, REGISTRAR, exam.id, now())
    assert refused.value.details == {"problems": [{"seat": 1, "reason": "unsigned"}]}
    mark_and_sign(session, duties[1], "81")
    assert close_practical(session, REGISTRAR, exam.id, now()).state == SessionState.CLOSED  # seat 2 never came
    with pytest.raises(Refusal) as refused:
        mark(session, duties[2], "50")
    assert refused.value.code == "session_not_open"


def test_the_registrar_calls_a_third_examiner_from_outside_the_two(session: Session) -> None:
    exam, duties = practical.open_practical(session, candidates=1, examiners=2)
    for duty, total in zip(duties, ("50", "70"), strict=True):
        mark_and_sign(session, duty, total)
    seat_id = session.scalar(select(Seat.id)) or 0
    with pytest.raises(Refusal, match="may not mark"):
        assign_third(session, REGISTRAR, seat_id, duties[0].examiner_id, now())
    tied = practical.examiner(session, exam)
    person = session.get_one(Seat, seat_id).application.candidate_id
    declare_conflict(session, REGISTRAR, tied.id, person, Tie.TRAINER)
    with pytest.raises(Refusal) as refused:
        assign_third(session, REGISTRAR, seat_id, tied.id, now())
    assert (refused.value.code, refused.value.details["ties"]) == ("assignment_tied", [Tie.TRAINER])
    late = practical.examiner(session, exam, present=False)
    sheet = assign_third(session, REGISTRAR, seat_id, late.id, now())
    assert assign_third(session, REGISTRAR, seat_id, late.id, now()) is sheet
    mark_and_sign(session, practical.Duty.of(sheet), "58.5")
    [standing] = session_standings(session, exam.id)
    assert (standing.outcome.score, standing.outcome.reason) == (Decimal("58.5"), "third_stands")


@pytest.fixture(params=[(1, 2), (2, 1)], ids=["limit", "ratio"])
def tight(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Limits and ratio so small that three candidates reach them, now the one first, now the other."""
    limit, ratio = request.param
    known = schemes()[theory.SCHEME]
    level = known.level(theory.LEVEL)
    part = replace(level.practical, max_first=limit, max_second=limit, examiner_ratio=ratio)
    changed = replace(known, levels=(replace(level, practical=part),))
    monkeypatch.setattr("app.schemes.scheme.schemes", lambda: {theory.SCHEME: changed})
    return limit, ratio


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_path_breaks_ratio_limits_or_ties(session: Session, tight: tuple[int, int], data: st.DataObject) -> None:
    """DESIGN 4.11: whatever comes and goes, an allocation that stands keeps all three."""
    limit, ratio = tight
    exam = practical.practical_session(
        session, candidates=data.draw(st.integers(1, 3)), examiners=data.draw(st.integers(1, 4))
    )
    session.expire_all()
    for act in ["open", *data.draw(st.lists(st.sampled_from(ACTS), max_size=12))]:
        try:
            with session.begin_nested():
                _act(session, exam, act, data, ratio)
        except Refusal as refusal:
            assert refusal.status == 409 or refusal.code == "examiner_tied"  # noqa: PT017
        check_panel(session, exam, limit)
    session.rollback()


ACTS = ("allocate", "open", "come", "leave", "tie", "mark", "third", "replace", "replace", "replace")


def _act(session: Session, exam: ExamSession, act: str, data: st.DataObject, ratio: int) -> None:
    """Whom it meets is drawn by number, so that the same draws are the same acts."""
    of_staff = select(StaffAssignment).where(StaffAssignment.session_id == exam.id)
    of_sheets = select(RubricSheet).join(Seat).where(Seat.session_id == exam.id)
    staff = session.scalars(of_staff.order_by(StaffAssignment.id)).all()
    sheets = session.scalars(of_sheets.order_by(RubricSheet.id)).all()
    if act == "come":
        practical.examiner(session, exam)
    elif act == "leave" and staff:
        data.draw(st.sampled_from(staff)).left_at = now()
    elif act == "tie" and staff:
        of_seats = select(Seat).where(Seat.session_id == exam.id).order_by(Seat.id)
        seat = data.draw(st.sampled_from(session.scalars(of_seats).all()))
        user: User = data.draw(st.sampled_from(staff)).user
        user.organization = seat.application.candidate.employer = f"company {seat.id}"
    elif act in ("allocate", "open"):
        before = exam.state
        (allocate_session if act == "allocate" else open_practical)(session, REGISTRAR, exam.id, now())
        if act == "open" and before != SessionState.OPEN:
            there = sum(one.present for one in staff)
            assert there >= max(2, ceil(len(session_standings(session, exam.id)) / ratio))
        if act == "allocate" or before != SessionState.OPEN:
            for one in session_standings(session, exam.id):
                assert len(one.sheets) >= 2
                check_untied([sheet for sheet in one.sheets.values() if sheet.state == SheetState.OPEN])
    elif act == "mark" and sheets:
        duty = practical.Duty.of(data.draw(st.sampled_from(sheets)))
        mark_and_sign(session, duty, data.draw(st.sampled_from(["40", "59.5", "60", "90"])))
    elif act in ("replace", "third") and sheets and staff:
        sheet, chosen = data.draw(st.sampled_from(sheets)), data.draw(st.sampled_from(staff)).user_id
        if act == "replace":
            check_untied([replace_examiner(session, REGISTRAR, sheet.id, chosen, reason="ill", now=now())])
        else:
            check_untied([assign_third(session, REGISTRAR, sheet.seat_id, chosen, now())])
    session.flush()


def check_untied(sheets: Iterable[RubricSheet]) -> None:
    for sheet in sheets:
        employer = sheet.seat.application.candidate.employer
        assert not employer or employer != sheet.examiner.organization


def check_panel(session: Session, exam: ExamSession, limit: int) -> None:
    found = [one.sheets for one in session_standings(session, exam.id)]
    for sheets in found:
        assert len({sheet.examiner_id for sheet in sheets.values()}) == len(sheets)
    for order in ("first", "second"):
        chosen = [sheets[order].examiner_id for sheets in found if order in sheets]
        assert all(chosen.count(examiner) <= limit for examiner in chosen)
