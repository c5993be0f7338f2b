"""Others rate beside the examiners: blind, with their weights, and bound by no ratio and no tie."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.account import Role, User
from app.models.practical import RubricSheet
from app.models.registration import Conflict, ExamSession, Seat
from app.practical.marking import corrections, raters, sheets
from app.practical.marking.standing import seat_standing
from app.practical.panels import panels
from app.results.release import release_session
from tests.factories import people, practical, sheet_forms
from tests.factories.practical import REGISTRAR, Duty


def rated(session: Session) -> tuple[ExamSession, Seat, list[Duty]]:
    """An open practical whose score needs self, group and teachers; the two examiners' duties."""
    sheet_forms.in_force(session)
    exam, duties = practical.open_practical(session)
    seat = session.scalars(select(Seat).where(Seat.session_id == exam.id)).one()
    examining = [one for one in duties if session.get_one(RubricSheet, one.sheet_id).examines]
    return exam, seat, examining


def named(session: Session, exam: ExamSession, seat: Seat, user: User, group: str = "group") -> RubricSheet:
    return raters.name_rater(session, REGISTRAR, exam.id, seat.id, group, user.username, now())


def test_each_group_brings_its_weight_and_the_score_waits_for_all(session: Session) -> None:
    exam, seat, duties = rated(session)
    mates = [people.user(session, Role.CANDIDATE) for _ in range(2)]
    ratings = [Duty.of(named(session, exam, seat, mate)) for mate in mates]
    [own] = seat_standing(session, seat).raters["self"]
    assert own.examiner_id == seat.application.candidate.user_id
    for duty, total in zip(duties, ("70", "80"), strict=True):
        practical.mark_and_sign(session, duty, total)
    assert [group.id for group in seat_standing(session, seat).waits_for] == ["self", "group"]
    with pytest.raises(Refusal) as refused:
        panels.close_practical(session, REGISTRAR, exam.id, now())
    assert refused.value.details["problems"][0]["groups"] == ["自评", "小组评"]
    practical.mark_and_sign(session, Duty.of(own), "100")
    for duty, total in zip(ratings, ("60", "65"), strict=True):
        practical.mark_and_sign(session, duty, total)
    found = seat_standing(session, seat).outcome
    assert found.score == Decimal("20") + Decimal("18.75") + Decimal("37.5")
    assert found.passed
    panels.close_practical(session, REGISTRAR, exam.id, now())
    assert release_session(session, REGISTRAR, exam.id, now()).passed == 1


def test_a_rater_sees_no_other_sheet_and_begins_nothing(session: Session) -> None:
    exam, seat, duties = rated(session)
    mate = people.user(session, Role.EXAMINER)
    rating = Duty.of(named(session, exam, seat, mate))
    practical.mark_and_sign(session, rating, "70")
    assert seat.practical_started_at is None
    for duty in duties:
        practical.mark_and_sign(session, duty, "70")
    signed = session.get_one(RubricSheet, rating.sheet_id)
    assert sheets.disclosed(session, signed) is None
    assert sheets.own_sheets(session, mate.id) == []
    assert [sheet.id for sheet in raters.own_ratings(session, mate.id)] == [rating.sheet_id]
    with pytest.raises(NotFound):
        raters.own_rating(session, duties[0].sheet_id, duties[0].examiner_id)
    with pytest.raises(NotFound):
        raters.own_rating(session, rating.sheet_id, duties[0].examiner_id)


def test_ties_bind_those_who_examine_alone(session: Session) -> None:
    exam, seat, _ = rated(session)
    mate = people.user(session, Role.EXAMINER)
    session.add(Conflict(examiner_id=mate.id, candidate_id=seat.application.candidate_id, tie="kin"))
    session.flush()
    practical.mark_and_sign(session, Duty.of(named(session, exam, seat, mate)), "80")


def test_who_may_be_named(session: Session) -> None:
    exam, seat, duties = rated(session)
    mate = people.user(session, Role.CANDIDATE)
    first = named(session, exam, seat, mate)
    assert named(session, exam, seat, mate) is first
    candidate = seat.application.candidate.user
    examiner = session.get_one(User, duties[0].examiner_id)
    stranger = User(username="nobody-here", password_hash="", name="")
    for user, group, code in (
        (stranger, "group", "rater_unknown"), (mate, "jury", "rater_group_unknown"),
        (mate, "examiner", "rater_group_unknown"), (candidate, "group", "rater_not_fitting"),
        (mate, "self", "rater_not_fitting"), (examiner, "group", "rater_twice"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            named(session, exam, seat, user, group)
        assert refused.value.code == code


def test_a_rater_is_taken_away_until_they_sign(session: Session) -> None:
    exam, seat, _ = rated(session)
    mate = people.user(session, Role.CANDIDATE)
    duty = Duty.of(named(session, exam, seat, mate))
    practical.mark(session, duty, "50")
    raters.remove_rater(session, REGISTRAR, exam.id, duty.sheet_id)
    again = Duty.of(named(session, exam, seat, mate))
    practical.mark_and_sign(session, again, "50")
    with pytest.raises(Refusal, match="signed"):
        raters.remove_rater(session, REGISTRAR, exam.id, again.sheet_id)


def test_corrections_of_examiners_and_of_raters_change_the_score_with_their_weight(session: Session) -> None:
    exam, seat, duties = rated(session)
    mate = people.user(session, Role.CANDIDATE)
    rating = Duty.of(named(session, exam, seat, mate))
    [own] = seat_standing(session, seat).raters["self"]
    for duty, points in zip([*duties, rating, Duty.of(own)], ("80", "80", "60", "100"), strict=True):
        practical.mark_and_sign(session, duty, points)
    assert seat_standing(session, seat).outcome.score == Decimal("20") + Decimal("18") + Decimal("40")
    keys = {one.id: one.points for one in sheet_forms.RUBRIC.criteria}
    for duty, weight in ((duties[0], Decimal("0.25")), (rating, Decimal("0.3")), (Duty.of(own), Decimal("0.2"))):
        before, sheet = seat_standing(session, seat).outcome.score, session.get_one(RubricSheet, duty.sheet_id)
        given = {mark.criterion: mark.points for mark in sheet.marks if mark.points is not None}
        key = next(key for key, points in given.items() if key in keys and points >= 2 and key not in ("J04", "J11"))
        corrected = corrections.ask(
            session, duty.actor, duty.sheet_id, duty.examiner_id, {key: given[key] - 2}, notes={}, reason="看错",
            now=now(),
        )  # fmt: skip
        assert seat_standing(session, seat).outcome.score == before
        registrar = corrections.Decider(REGISTRAR, people.user(session, Role.REGISTRAR).id, registrar=True)
        corrections.decide(session, registrar, corrected.id, agree=True, now=now())
        assert before is not None
        assert seat_standing(session, seat).outcome.score == before - 2 * weight
        assert "third" not in seat_standing(session, seat).sheets
