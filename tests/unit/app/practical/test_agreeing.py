"""Agreement from signed sheets: who is in it, as it stands after corrections, and blind where it must be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.certificate import PartResult
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat
from app.practical import agreeing, anchors
from app.practical.agreement.flags import FlagKind
from app.practical.marking import corrections
from app.practical.marking.corrections import Decider
from app.practical.panels import panels
from app.results.release import release_session
from tests.factories import agreeing as factory
from tests.factories import people, practical, theory
from tests.factories.practical import REGISTRAR, mark_and_sign

NOBODY = 0


def seen(session: Session, exam: ExamSession, viewer: int = NOBODY) -> agreeing.Agreement:
    return agreeing.agreement_of(session, [exam], viewer)


def strict(seat: int, who: int) -> float:
    """The first examiner gives 6 points fewer, and everybody wavers by a half."""
    return 75 + seat % 5 - (6 if who == 0 else 0) + (seat * (who + 1) % 3) / 2


def test_figures_begin_with_the_tenth_candidate(session: Session) -> None:
    exam, duties = practical.open_practical(session, candidates=10, examiners=4)
    for duty in duties[:-1]:
        mark_and_sign(session, duty, "80")
    found = seen(session, exam)
    assert (len(found.doubles), found.begin, found.summary) == (9, 10, None)
    mark_and_sign(session, duties[-1], "80")
    found = seen(session, exam)
    assert len(found.doubles) == 10
    assert found.summary is not None
    assert found.summary.totals.exact.hits == 10
    assert found.summary.icc is None  # nobody differs


def test_a_strict_examiner_is_flagged_and_no_mark_changes(session: Session) -> None:
    exam, who = factory.signed(session, candidates=12, examiners=3, total=strict)
    before = list(session.scalars(select(RubricSheet.total).order_by(RubricSheet.id)))
    found = seen(session, exam).summary
    assert found is not None
    [flag] = [one for one in found.flags if one.kind == FlagKind.STRICT]
    assert flag.examiner == who[0] == found.examiners[0].examiner
    assert flag.found.value == pytest.approx(-6, abs=1)
    assert list(session.scalars(select(RubricSheet.total).order_by(RubricSheet.id))) == before


def test_a_correction_counts_as_it_stands(session: Session) -> None:
    exam, duties = practical.open_practical(session, candidates=10, examiners=4)
    for duty in duties:
        mark_and_sign(session, duty, "80")
    first = duties[0]
    key = next(iter(seen(session, exam).doubles.rows[0].first.points))
    asked = corrections.ask(
        session, first.actor, first.sheet_id, first.examiner_id, {key: "0"}, notes={}, reason="看错一行", now=now()
    )
    assert seen(session, exam).doubles.rows[0].first.total == 80
    decider = Decider(REGISTRAR, people.user(session).id, registrar=True)
    corrections.decide(session, decider, asked.id, agree=True, now=now())
    row = seen(session, exam).doubles.rows[0]
    assert row.first.points[key] == 0
    assert row.first.total < 80 == row.second.total


def test_nobody_sees_a_candidate_whom_they_still_have_to_mark(session: Session) -> None:
    exam, duties = practical.open_practical(session, candidates=2, examiners=3)
    first, second = duties[:2]
    mark_and_sign(session, first, "50")
    assert len(seen(session, exam).doubles) == 0
    mark_and_sign(session, second, "80")
    third = session.scalars(select(RubricSheet).where(RubricSheet.order == "third")).one()
    assert len(seen(session, exam).doubles) == 1
    assert len(seen(session, exam, third.examiner_id).doubles) == 0
    mark_and_sign(session, practical.Duty.of(third), "70")
    assert len(seen(session, exam, third.examiner_id).doubles) == 1


def test_over_sessions_examiners_are_joined_by_those_they_share(session: Session) -> None:
    one, _ = factory.signed(session, candidates=6, examiners=3)
    other, _ = factory.signed(session, candidates=6, examiners=3)
    found = agreeing.sessions_between(session, theory.SCHEME, theory.LEVEL, None, None)
    assert {sitting.id for sitting in found} == {one.id, other.id}
    both = agreeing.agreement_of(session, found, NOBODY)
    assert both.summary is not None
    assert (both.summary.candidates, len(both.summary.parts)) == (12, 2)
    assert FlagKind.DISCONNECTED in {flag.kind for flag in both.summary.flags}
    later = one.opens_at.date() + timedelta(days=365)
    assert agreeing.sessions_between(session, theory.SCHEME, theory.LEVEL, later, None) == []


def registrar(session: Session) -> Actor:
    return Actor(people.user(session).id, "registrar", "test")


def set_anchor(session: Session, exam: ExamSession, seat: Seat, points: dict[str, str], reason: str = "专家组") -> None:
    anchors.set_anchor(session, registrar(session), exam.id, seat.id, points, reason=reason, now=now())


def test_an_anchor_shows_how_far_each_examiner_is_and_gets_no_result(session: Session) -> None:
    exam, duties = practical.open_practical(session, candidates=10, examiners=4)
    seat = session.scalars(select(Seat).where(Seat.session_id == exam.id).order_by(Seat.number)).first()
    assert seat is not None
    set_anchor(session, exam, seat, factory.all_points(session, exam, "80"))
    for duty in duties:
        mark_and_sign(session, duty, "92" if duty in duties[:2] else "80")
    found = seen(session, exam).summary
    assert found is not None
    assert [(one.seat, one.deviation) for one in found.anchors] == [(seat.number, 12), (seat.number, 12)]
    assert sum(found.anchors[0].by_criterion.values()) == 12
    assert [flag.kind for flag in found.flags].count(FlagKind.ANCHOR) == 2
    panels.close_practical(session, REGISTRAR, exam.id, now())
    assert release_session(session, REGISTRAR, exam.id, now()).results == 9
    assert seat.application_id not in set(session.scalars(select(PartResult.application_id)))


def test_an_anchor_is_settled_before_anybody_signs(session: Session) -> None:
    exam, duties = practical.open_practical(session, candidates=1, examiners=2)
    seat = session.scalars(select(Seat).where(Seat.session_id == exam.id)).one()
    points = factory.all_points(session, exam)
    with pytest.raises(Refusal) as refused:
        set_anchor(session, exam, seat, points, reason=" ")
    assert refused.value.code == "reason_missing"
    with pytest.raises(Refusal) as refused:
        set_anchor(session, exam, seat, dict(list(points.items())[1:]))
    assert refused.value.code == "anchor_incomplete"
    with pytest.raises(Refusal) as refused:
        set_anchor(session, exam, seat, points | {"J01": "99"})
    assert refused.value.code == "points_above"
    set_anchor(session, exam, seat, points)
    assert sum(anchors.known_points(anchors.anchors_of(session, [exam.id])[seat.id]).values()) == Decimal(80)
    mark_and_sign(session, duties[0], "80")
    with pytest.raises(Refusal) as refused:
        anchors.remove_anchor(session, REGISTRAR, exam.id, seat.id)
    assert refused.value.code == "anchor_signed"


def test_an_anchor_can_be_taken_back_before(session: Session) -> None:
    exam, _ = practical.open_practical(session, candidates=1, examiners=2)
    seat = session.scalars(select(Seat).where(Seat.session_id == exam.id)).one()
    set_anchor(session, exam, seat, factory.all_points(session, exam))
    anchors.remove_anchor(session, REGISTRAR, exam.id, seat.id)
    assert anchors.anchors_of(session, [exam.id]) == {}
    with pytest.raises(NotFound):
        anchors.remove_anchor(session, REGISTRAR, exam.id, seat.id)


def test_who_sits_the_theory_too_is_no_anchor(session: Session) -> None:
    exam, _ = practical.open_practical(session, candidates=1, examiners=2)
    seat = session.scalars(select(Seat).where(Seat.session_id == exam.id)).one()
    theory.seat(session, theory.theory_session(session), seat.application, 77)
    with pytest.raises(Refusal) as refused:
        set_anchor(session, exam, seat, factory.all_points(session, exam))
    assert refused.value.code == "anchor_is_candidate"


def test_a_day_is_the_certifying_bodys_wherever_the_service_runs(session: Session) -> None:
    """Half past seven in the morning in China is the evening before in UTC."""
    exam, _ = factory.signed(session, candidates=1, examiners=2)
    exam.opens_at = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
    session.flush()
    fourth, fifth = date(2026, 5, 4), date(2026, 5, 5)

    def found(since: date | None, until: date | None) -> int:
        return len(agreeing.sessions_between(session, theory.SCHEME, theory.LEVEL, since, until))

    assert (found(fifth, fifth), found(None, fourth), found(date.min, date.max)) == (1, 0, 1)
