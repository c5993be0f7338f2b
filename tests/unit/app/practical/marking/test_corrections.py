"""After the signature: new versions with a reason, agreed by another; thirds and the register follow."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.marking import SheetVersion
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, StaffAssignment
from app.practical.marking import corrections, register
from app.practical.marking.corrections import Decider
from app.practical.marking.standing import seat_standing, session_standings, value_of
from app.practical.marking.versions import versions_of
from app.practical.panels import panels
from app.results.release import release_session
from tests.factories import people, practical
from tests.factories.practical import REGISTRAR, Duty, mark_and_sign


def signed(session: Session, *totals: str, **how: int) -> tuple[ExamSession, list[Duty]]:
    exam, duties = practical.open_practical(session, **how)
    for duty, total in zip(duties, totals, strict=False):
        mark_and_sign(session, duty, total)
    return exam, duties


def ask(session: Session, duty: Duty, marks: Mapping[str, object], reason: str = "看错一行") -> SheetVersion:
    return corrections.ask(
        session, duty.actor, duty.sheet_id, duty.examiner_id, marks, notes={}, reason=reason, now=now()
    )


def agree(session: Session, version: SheetVersion, who: Decider | None = None) -> SheetVersion:
    who = who or Decider(REGISTRAR, people.user(session).id, registrar=True)
    return corrections.decide(session, who, version.id, agree=True, now=now())


def headed(session: Session, exam: ExamSession, user_id: int) -> Decider:
    rows = update(StaffAssignment).where(StaffAssignment.session_id == exam.id)
    session.execute(rows.values(head=False))
    session.execute(rows.where(StaffAssignment.user_id == user_id).values(head=True))
    return Decider(Actor(user_id, "head", "test"), user_id, registrar=False)


def other_head(session: Session, exam: ExamSession) -> Decider:
    return headed(session, exam, practical.examiner(session, exam).id)


def total(session: Session, duty: Duty) -> Decimal | None:
    return session.get_one(RubricSheet, duty.sheet_id).total


def test_a_correction_is_a_new_version_and_the_old_one_stays(session: Session) -> None:
    exam, [first, _] = signed(session, "80", "80")
    sheet = session.get_one(RubricSheet, first.sheet_id)
    key = next(iter(value_of(sheet).awarded))
    asked = ask(session, first, {key: "0"})
    assert total(session, first) == 80
    agree(session, asked)
    one, two = versions_of(session, first.sheet_id)
    assert (one.state, two.state, one.total) == ("replaced", "stands", Decimal(80))
    assert total(session, first) == two.total == value_of(sheet).total() < 80
    [standing] = session_standings(session, exam.id)
    assert standing.outcome.score == (two.total + 80) / 2


@pytest.mark.parametrize(
    ("marks", "reason", "code"),
    [
        ({"J01": "99"}, "看错", "points_above"), ({"X": "1"}, "看错", "criterion_unknown"),
        ({}, "看错", "correction_empty"), ({"J01": "0.5"}, " ", "reason_missing"),
    ],
)  # fmt: skip
def test_a_wrong_correction_says_what_is_wrong(
    session: Session, marks: dict[str, object], reason: str, code: str
) -> None:
    _, [first, _] = signed(session, "80")
    with pytest.raises(Refusal) as refused:
        ask(session, first, marks, reason)
    assert refused.value.code == code


def test_only_a_signed_sheet_of_ones_own_and_one_at_a_time(session: Session) -> None:
    _, [first, second] = signed(session, "80")
    with pytest.raises(Refusal, match="not signed yet"):
        ask(session, second, {"J01": "0.5"})
    with pytest.raises(NotFound):
        ask(session, Duty(first.sheet_id, second.examiner_id, second.actor), {"J01": "0.5"})
    ask(session, first, {"J01": "0.5"})
    with pytest.raises(Refusal) as refused:
        ask(session, first, {"J01": "1"})
    assert refused.value.code == "correction_waits"


def test_nobody_agrees_with_themselves(session: Session) -> None:
    exam, [first, second] = signed(session, "80", "80")
    asked = ask(session, first, {"J01": "0.5"})
    with pytest.raises(NotFound):
        agree(session, asked, Decider(second.actor, second.examiner_id, registrar=False))
    headed(session, exam, first.examiner_id)
    with pytest.raises(Refusal) as refused:
        agree(session, asked, Decider(first.actor, first.examiner_id, registrar=True))
    assert refused.value.code == "own_correction"
    agree(session, asked)  # the registrar, since it is the head's own sheet


def test_where_there_is_a_head_the_head_decides_or_hands_over(session: Session) -> None:
    exam, [first, _] = signed(session, "80", "80")
    head = other_head(session, exam)
    asked = ask(session, first, {"J01": "0.5"})
    with pytest.raises(Refusal) as refused:
        agree(session, asked)
    assert refused.value.code == "head_decides"
    with pytest.raises(Refusal, match="Say why"):
        corrections.decide(session, head, asked.id, agree=False, now=now())
    corrections.decide(session, head, asked.id, agree=False, answer="原评分有据", now=now())
    assert total(session, first) == 80
    again = ask(session, first, {"J01": "1"})
    corrections.hand_over(session, head.actor, again.id, head.user_id)
    assert agree(session, again).state == "stands"
    with pytest.raises(Refusal) as late:
        agree(session, again, head)
    assert late.value.code == "correction_decided"


def test_a_correction_calls_a_third_even_after_the_closing(session: Session) -> None:
    exam, [first, second] = signed(session, "80", "80", examiners=3)
    panels.close_practical(session, REGISTRAR, exam.id, now())
    sheet = session.get_one(RubricSheet, first.sheet_id)
    low = {key: "0" for key, points in list(value_of(sheet).awarded.items())[:4] if points}
    agree(session, ask(session, first, low))
    [standing] = session_standings(session, exam.id)
    assert standing.outcome.needs_third
    third = Duty.of(standing.sheets["third"])
    mark_and_sign(session, third, "70")
    assert seat_standing(session, standing.seat).outcome.score == 70
    with pytest.raises(Refusal) as refused:
        mark_and_sign(session, Duty(second.sheet_id, second.examiner_id, second.actor), "1")
    assert refused.value.code == "sheet_signed"


def test_a_third_nobody_needs_any_more_goes_and_a_signed_one_does_not_count(session: Session) -> None:
    exam, [first, second] = signed(session, "59", "80", examiners=4)
    [standing] = session_standings(session, exam.id)
    third = Duty.of(standing.sheets["third"])
    sheet = session.get_one(RubricSheet, first.sheet_id)
    rubric = value_of(sheet).rubric
    up: dict[str, object] = dict(practical.points_for("80", rubric))
    agree(session, ask(session, first, up))
    [standing] = session_standings(session, exam.id)
    assert "third" not in standing.sheets
    assert standing.outcome.score == 80
    down: dict[str, object] = dict(practical.points_for("59", rubric))
    agree(session, ask(session, first, down))
    [standing] = session_standings(session, exam.id)
    third = Duty.of(standing.sheets["third"])
    mark_and_sign(session, third, "65")
    assert session_standings(session, exam.id)[0].outcome.score == 65
    agree(session, ask(session, first, up))
    [standing] = session_standings(session, exam.id)
    assert standing.sheets["third"].state == "signed"
    assert standing.outcome.score == 80
    assert second.sheet_id


def sign(session: Session, exam: ExamSession, head: Decider, **more: str) -> str:
    return register.sign(session, head.actor, exam.id, head.user_id, now(), **more).digest


def test_the_head_signs_before_release(session: Session) -> None:
    exam, [first, second, *_] = practical.open_practical(session, candidates=2)
    head = other_head(session, exam)
    mark_and_sign(session, first, "80")
    with pytest.raises(Refusal) as refused:
        sign(session, exam, head)
    assert refused.value.code == "practical_unfinished"
    mark_and_sign(session, second, "80")
    panels.close_practical(session, REGISTRAR, exam.id, now())
    with pytest.raises(Refusal) as refused:
        release_session(session, REGISTRAR, exam.id, now())
    assert refused.value.code == "register_unsigned"
    digest = sign(session, exam, head)
    assert sign(session, exam, head, seen=digest) == digest
    assert len(register.history_of(session, exam.id)) == 1
    with pytest.raises(NotFound):
        register.sign(session, first.actor, exam.id, first.examiner_id, now())
    assert release_session(session, REGISTRAR, exam.id, now()).results == 1


def test_a_correction_voids_the_signature_and_it_is_kept(session: Session) -> None:
    exam, [first, _] = signed(session, "80", "80")
    head = other_head(session, exam)
    seen = sign(session, exam, head)
    asked = ask(session, first, {"J01": "1"}, "录入错误")
    with pytest.raises(Refusal) as refused:
        sign(session, exam, head)
    assert refused.value.code == "correction_waits"
    agree(session, asked, head)
    assert register.present(session, exam.id).signed is None
    panels.close_practical(session, REGISTRAR, exam.id, now())
    with pytest.raises(Refusal):
        release_session(session, REGISTRAR, exam.id, now())
    with pytest.raises(Refusal) as refused:
        sign(session, exam, head, seen=seen)
    assert refused.value.code == "register_changed"
    sign(session, exam, head)
    new, old = register.history_of(session, exam.id)
    assert (new.voided_at, old.void_reason) == (None, "录入错误")
    release_session(session, REGISTRAR, exam.id, now())
    with pytest.raises(Refusal) as refused:
        ask(session, first, {"J01": "2"})
    assert refused.value.code == "results_released"


def test_without_a_head_release_asks_for_no_signature(session: Session) -> None:
    exam, _ = signed(session, "80", "80")
    panels.close_practical(session, REGISTRAR, exam.id, now())
    assert release_session(session, REGISTRAR, exam.id, now()).passed == 1


def test_the_register_shows_no_sheet_before_both_have_signed(session: Session) -> None:
    exam, [first, second] = practical.open_practical(session)
    mark_and_sign(session, first, "77")
    headed(session, exam, second.examiner_id)
    assert totals_shown(session, exam, second) == [None, None]
    mark_and_sign(session, second, "70")
    assert totals_shown(session, exam, second) == ["77", "70"]


def totals_shown(session: Session, exam: ExamSession, viewer: Duty) -> list[str | None]:
    [row] = register.present(session, exam.id).shown_to(viewer.examiner_id)
    return [sheet["total"] for sheet in row["sheets"]]


def test_nobody_decides_who_still_marks_or_before_both_have_signed(session: Session) -> None:
    exam, [first, second] = signed(session, "80")
    asked = ask(session, first, {"J01": "0.5"})
    for user_id in (second.examiner_id, practical.examiner(session, exam).id):
        who = headed(session, exam, user_id)
        with pytest.raises(Refusal) as refused:
            agree(session, asked, who)
        assert refused.value.code == "correction_blind"
    head = headed(session, exam, second.examiner_id)
    mark_and_sign(session, second, "80")
    assert agree(session, asked, head).state == "stands"
