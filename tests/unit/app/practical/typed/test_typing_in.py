"""Sheets from paper: two people, blind to each other; only what both say stands, signed on behalf of the examiner."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.audit import AuditLine
from app.models.marking import MarkEntry, SheetEvidence
from app.models.papers import PaperSheet, TypedSheet
from app.models.practical import RubricSheet
from app.practical.marking.standing import session_standings, value_of
from app.practical.typed import finish as typed_finish
from app.practical.typed import typing_in
from app.practical.typed.code import code_of
from app.practical.typed.typing_in import case_of, find
from tests.factories import papers, practical
from tests.factories.practical import mark, mark_and_sign


def finish(session: Session, sheet_id: int, who: tuple[object, Actor]) -> None:
    assert who[1].user_id is not None
    typed_finish.finish(session, who[1], sheet_id, who[1].user_id, now())


def test_two_type_alike_and_the_sheet_is_signed_on_behalf(session: Session) -> None:
    exam, [first, second] = practical.open_practical(session)
    mark(session, first, "30")  # begun on a tablet before the power failed
    mark_and_sign(session, second, "84")
    one, two = papers.typist(session), papers.typist(session)
    marks = papers.points(session, first, "80")
    assert not papers.type_in(session, first, one, marks, notes={"J01": "声音 清楚"}).complete
    assert papers.type_in(session, first, two, marks, notes={"J01": "声音　清楚"}).equal
    papers.scan(session, first, two)
    finish(session, first.sheet_id, one)
    sheet = session.get_one(RubricSheet, first.sheet_id)
    assert (sheet.state, sheet.total) == ("signed", Decimal(80))
    assert sheet.sign_made_at == sheet.seat.session.opened_at
    assert {entry.device for entry in session.scalars(select(MarkEntry).where(MarkEntry.sheet_id == sheet.id))} > {
        typed_finish.PAPER
    }
    [scan] = session.scalars(select(SheetEvidence).where(SheetEvidence.sheet_id == sheet.id))
    assert scan.media_type == "image/jpeg"
    assert session_standings(session, exam.id)[0].outcome.score == Decimal(82)
    signed = select(AuditLine).where(AuditLine.tag == "sheet:signed", AuditLine.subject_id == str(sheet.id))
    said = session.scalars(signed).one().data
    assert said["paper"] is True
    assert said["examiner"] == first.examiner_id
    assert said["typists"] == [one[0].id, two[0].id]
    [told] = typed_finish.finished_of(session, exam.id)
    assert told.typists == [one[0].name, two[0].name]


def test_a_difference_stands_until_whoever_was_wrong_types_it_anew(session: Session) -> None:
    _, [first, _] = practical.open_practical(session)
    one, two = papers.typist(session), papers.typist(session)
    marks = papers.points(session, first)
    papers.type_in(session, first, one, marks)
    wrong = marks | {"J01": "0"}
    assert papers.type_in(session, first, two, wrong).apart == ["J01"]
    papers.scan(session, first, one)
    with pytest.raises(Refusal) as refused:
        finish(session, first.sheet_id, one)
    assert refused.value.code == "typing_unequal"
    assert session.get_one(RubricSheet, first.sheet_id).marks == []
    with pytest.raises(Refusal) as third:
        papers.type_in(session, first, papers.typist(session), marks)
    assert third.value.code == "typists_enough"
    assert papers.type_in(session, first, two, marks).equal
    kept = select(TypedSheet.number).where(TypedSheet.typist_id == two[0].id).order_by(TypedSheet.number)
    assert list(session.scalars(kept)) == [1, 2]
    finish(session, first.sheet_id, two)


def test_one_person_alone_never_makes_two(session: Session) -> None:
    _, [first, _] = practical.open_practical(session)
    one, marks = papers.typist(session), papers.points(session, first)
    papers.type_in(session, first, one, marks)
    assert not papers.type_in(session, first, one, marks).complete
    papers.scan(session, first, one)
    with pytest.raises(Refusal, match="Two people"):
        finish(session, first.sheet_id, one)


def test_no_signature_without_the_scan(session: Session) -> None:
    _, [first, _] = practical.open_practical(session)
    one, two, marks = papers.typist(session), papers.typist(session), papers.points(session, first)
    papers.type_in(session, first, one, marks)
    papers.type_in(session, first, two, marks)
    with pytest.raises(Refusal) as refused:
        finish(session, first.sheet_id, one)
    assert refused.value.code == "scan_missing"


def test_the_examiners_own_signature_comes_first(session: Session) -> None:
    _, [first, _] = practical.open_practical(session)
    one, two, marks = papers.typist(session), papers.typist(session), papers.points(session, first)
    papers.type_in(session, first, one, marks)
    papers.type_in(session, first, two, marks)
    papers.scan(session, first, one)
    mark_and_sign(session, first, "70")
    with pytest.raises(Refusal) as refused:
        finish(session, first.sheet_id, one)
    assert refused.value.code == "sheet_signed"
    assert value_of(session.get_one(RubricSheet, first.sheet_id)).total() == 70


def test_who_marks_in_the_session_types_nothing(session: Session) -> None:
    _, [first, second] = practical.open_practical(session)
    with pytest.raises(Refusal) as refused:
        typing_in.type_in(
            session, second.actor, first.sheet_id, second.examiner_id, papers.points(session, first), notes={},
            signed_at=now(), now=now(),
        )  # fmt: skip
    assert refused.value.code == "typist_marks"


@pytest.mark.parametrize(
    ("change", "hours", "code"),
    [
        ({"J01": "99"}, 0, "points_above"), ({"J01": "0.3"}, 0, "points_step"), ({"J01": None}, 0, "typing_incomplete"),
        ({"X": "1"}, 0, "criterion_unknown"), ({}, 1, "typed_time_wrong"), ({}, -48, "typed_time_wrong"),
    ],
)  # fmt: skip
def test_what_cannot_stand_on_a_sheet_is_refused(
    session: Session, change: dict[str, object], hours: int, code: str
) -> None:
    _, [first, _] = practical.open_practical(session)
    with pytest.raises(Refusal) as refused:
        papers.type_in(
            session, first, papers.typist(session), papers.points(session, first) | change,
            signed_at=now() + timedelta(hours=hours),
        )  # fmt: skip
    assert refused.value.code == code
    assert session.get(PaperSheet, first.sheet_id) is None


def test_begun_anew_with_a_reason(session: Session) -> None:
    _, [first, _] = practical.open_practical(session)
    one, marks = papers.typist(session), papers.points(session, first)
    papers.type_in(session, first, one, marks)
    with pytest.raises(Refusal, match="Say why"):
        typing_in.discard(session, one[1], first.sheet_id, one[0].id, " ")
    typing_in.discard(session, one[1], first.sheet_id, one[0].id, "录错了一份")
    assert case_of(session, first.sheet_id).typed == []


def test_a_sheet_is_found_by_the_number_on_it_in_its_own_session(session: Session) -> None:
    exam, [first, _] = practical.open_practical(session)
    assert find(session, exam.id, code_of(first.sheet_id)).id == first.sheet_id
    with pytest.raises(Refusal, match="slip"):
        find(session, exam.id, code_of(first.sheet_id)[:-1] + "x")
    with pytest.raises(Refusal) as gone:
        find(session, exam.id + 1, code_of(first.sheet_id))
    assert gone.value.code == "sheet_gone"
    with pytest.raises(NotFound):
        case_of(session, 10**9)
