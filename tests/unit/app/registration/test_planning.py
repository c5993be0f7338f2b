"""Sessions, seats, staff and sites: what may be planned, and what no path may break."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.account import Role, RoleGrant
from app.models.registration import ExamSession, Part
from app.registration import planning, roster, seating, sites
from app.registration.planning import Plan
from app.registration.sites import SiteFacts
from app.schemes.scheme import scheme
from tests.factories import applicants, certificates, people
from tests.factories.applicants import REGISTRAR

JUNIOR = scheme(applicants.SCHEME).level("junior")


def planned(
    session: Session, part: str = "theory", *, capacity: int = 30, starts: timedelta = timedelta(hours=1),
    hours: int = 4, level: str = "junior",
) -> ExamSession:  # fmt: skip
    opens = now() + starts
    place = applicants.site(session, capacity)
    plan = Plan(applicants.SCHEME, level, part, place.id, opens, opens + timedelta(hours=hours))
    return planning.plan_session(session, REGISTRAR, plan, now())


def seat(session: Session, row: ExamSession, *applications: int) -> None:
    seating.add_candidates(session, REGISTRAR, row.id, applications, now())


def unfit(session: Session, row: ExamSession, *applications: int) -> list[str]:
    with pytest.raises(Refusal) as refused:
        seat(session, row, *applications)
    assert refused.value.code == "candidates_unfit"
    return [problem["code"] for problem in refused.value.details["problems"]]


def test_times_are_the_schemes(session: Session) -> None:
    row, theory = planned(session), JUNIOR.theory
    minute = timedelta(minutes=1)
    assert (row.minutes, row.late_entry_minutes, row.hold_minutes) == (
        theory.minutes, theory.late_entry // minute, theory.hand_in_hold // minute
    )  # fmt: skip
    assert not row.demonstration


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [
        (timedelta(hours=1), timedelta(hours=2, minutes=59), "window_too_short"),
        (timedelta(hours=2), timedelta(hours=1), "window_too_short"),
        (timedelta(hours=-9), timedelta(hours=-1), "window_over"),
        (timedelta(hours=1), timedelta(days=400), "window_too_long"),
    ],
)
def test_a_window_that_cannot_work_is_refused(session: Session, opens: timedelta, closes: timedelta, code: str) -> None:
    at = now()
    plan = Plan(applicants.SCHEME, "junior", "theory", applicants.site(session).id, at + opens, at + closes)
    with pytest.raises(Refusal) as refused:
        planning.plan_session(session, REGISTRAR, plan, at)
    assert refused.value.code == code


def test_times_without_a_zone_are_refused(session: Session) -> None:
    at = datetime(2027, 1, 1, 9)  # noqa: DTZ001  # that is the point
    plan = Plan(applicants.SCHEME, "junior", "theory", applicants.site(session).id, at, at + timedelta(hours=3))
    with pytest.raises(Refusal) as refused:
        planning.plan_session(session, REGISTRAR, plan, datetime(2026, 1, 1, tzinfo=UTC))
    assert refused.value.code == "zone_missing"


@pytest.mark.parametrize(("network", "monitoring"), [(False, True), (True, False), (False, False)])
def test_no_practical_where_something_is_lacking(session: Session, network: bool, monitoring: bool) -> None:
    place = applicants.site(session, network=network, monitoring=monitoring)
    opens = now() + timedelta(hours=1)
    plan = Plan(applicants.SCHEME, "junior", "practical", place.id, opens, opens + timedelta(hours=3))
    with pytest.raises(Refusal) as refused:
        planning.plan_session(session, REGISTRAR, plan, now())
    assert refused.value.code == "site_lacking"


@pytest.mark.parametrize(
    ("facts", "code"),
    [(SiteFacts("", 1, True, True), "site_name_invalid"), (SiteFacts("x" * 201, 1, True, True), "site_name_invalid"),
     (SiteFacts("x", 0, True, True), "site_capacity_invalid")],
)  # fmt: skip
def test_a_site_needs_name_and_places(session: Session, facts: SiteFacts, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        sites.create_site(session, REGISTRAR, facts)
    assert refused.value.code == code


def test_two_sites_have_two_names(session: Session) -> None:
    place = applicants.site(session)
    with pytest.raises(Refusal) as refused:
        sites.create_site(session, REGISTRAR, SiteFacts(place.name, 5, True, True))
    assert refused.value.code == "site_name_taken"


def test_all_or_none_are_seated(session: Session) -> None:
    row, good, waiting = planned(session), applicants.admitted(session), applicants.submitted(session)
    assert unfit(session, row, good.id, waiting.id, 999_999) == ["not_admitted", "application_unknown"]
    assert row.seats == []
    seat(session, row, good.id, good.id)
    seat(session, row, good.id)
    assert [one.number for one in row.seats] == [1]


def test_another_level_is_another_session(session: Session) -> None:
    assert unfit(session, planned(session, level="intermediate"), applicants.admitted(session).id) == ["other_level"]


def test_nobody_sits_in_two_places_at_once(session: Session) -> None:
    application = applicants.admitted(session)
    seat(session, planned(session), application.id)
    practical = planned(session, "practical", starts=timedelta(hours=4, minutes=59))
    assert unfit(session, practical, application.id) == ["overlapping"]
    seat(session, planned(session, "practical", starts=timedelta(hours=6)), application.id)


def test_what_is_passed_is_not_sat_again(session: Session) -> None:
    application = certificates.application(session)
    certificates.result(session, application, Part.THEORY, "60")
    assert unfit(session, planned(session), application.id) == ["part_passed"]
    seat(session, planned(session, "practical"), application.id)


def test_who_holds_the_certificate_needs_no_seat(session: Session) -> None:
    application = certificates.issued(session).application
    assert unfit(session, planned(session), application.id) == ["already_certified"]


def test_places_are_shared_by_all_sessions_of_that_time(session: Session) -> None:
    row = planned(session, capacity=1)
    seat(session, row, applicants.admitted(session).id)
    with pytest.raises(Refusal) as refused:
        seat(session, row, applicants.admitted(session).id)
    assert (refused.value.code, refused.value.details) == ("site_full", {"capacity": 1, "taken": 1, "more": 1})
    assert len(row.seats) == 1


def test_a_planned_seat_can_be_taken_back(session: Session) -> None:
    row, application = planned(session), applicants.admitted(session)
    seat(session, row, application.id)
    seating.grant_extra_time(session, REGISTRAR, row.id, row.seats[0].id, 900, "医生证明")
    assert row.seats[0].extra_seconds == 900
    seating.remove_candidate(session, REGISTRAR, row.id, row.seats[0].id)
    assert row.seats == []


@pytest.mark.parametrize(("seconds", "reason"), [(-1, "x"), (6 * 3600 + 1, "x"), (60, " ")])
def test_extra_time_has_bounds_and_a_reason(session: Session, seconds: int, reason: str) -> None:
    row = planned(session)
    seat(session, row, applicants.admitted(session).id)
    with pytest.raises(Refusal):
        seating.grant_extra_time(session, REGISTRAR, row.id, row.seats[0].id, seconds, reason)


@pytest.mark.parametrize(
    ("part", "held", "asked", "code"),
    [
        ("theory", Role.PROCTOR, "examiner", "staff_role_unfitting"),
        ("practical", Role.EXAMINER, "proctor", "staff_role_unfitting"),
        ("theory", Role.EXAMINER, "proctor", "role_not_held"),
        ("theory", Role.PROCTOR, "registrar", "staff_role_unknown"),
    ],
)
def test_staff_fits_the_part(session: Session, part: str, held: Role, asked: str, code: str) -> None:
    user = people.user(session, held)
    with pytest.raises(Refusal) as refused:
        roster.assign_staff(session, REGISTRAR, planned(session, part).id, user.id, asked)
    assert refused.value.code == code


def test_nobody_staffs_their_own_exam_and_the_other_way_round(session: Session) -> None:
    application = applicants.admitted(session)
    user = application.candidate.user

    user.grants.append(RoleGrant(role=Role.PROCTOR))
    row = planned(session)
    seat(session, row, application.id)
    with pytest.raises(Refusal) as refused:
        roster.assign_staff(session, REGISTRAR, row.id, user.id, "proctor")
    assert refused.value.code == "own_session"
    other = planned(session, starts=timedelta(days=2))
    roster.assign_staff(session, REGISTRAR, other.id, user.id, "proctor")
    assert unfit(session, other, application.id) == ["on_staff"]


def test_only_those_present_count(session: Session) -> None:
    row, proctor = planned(session), people.user(session, Role.PROCTOR)
    roster.assign_staff(session, REGISTRAR, row.id, proctor.id, "proctor")
    assert roster.gate_of(session, row).have == 0
    roster.mark_present(session, REGISTRAR, row.id, proctor.id, now())
    assert roster.gate_of(session, row).have == 1
    roster.mark_left(session, REGISTRAR, row.id, proctor.id, now())
    assert roster.gate_of(session, row).have == 0
    roster.mark_present(session, REGISTRAR, row.id, proctor.id, now())
    proctor.active = False
    assert roster.gate_of(session, row).have == 0


def test_nobody_is_present_in_two_rooms(session: Session) -> None:
    one, other, proctor = planned(session), planned(session), people.user(session, Role.PROCTOR)
    for row in (one, other):
        roster.assign_staff(session, REGISTRAR, row.id, proctor.id, "proctor")
    roster.mark_present(session, REGISTRAR, one.id, proctor.id, now())
    with pytest.raises(Refusal) as refused:
        roster.mark_present(session, REGISTRAR, other.id, proctor.id, now())
    assert refused.value.code == "present_elsewhere"
    roster.mark_left(session, REGISTRAR, one.id, proctor.id, now())
    roster.mark_present(session, REGISTRAR, other.id, proctor.id, now())


def test_who_is_not_rostered_cannot_be_present(session: Session) -> None:
    with pytest.raises(NotFound):
        roster.mark_present(session, REGISTRAR, planned(session).id, people.user(session, Role.PROCTOR).id, now())


def test_who_is_present_stays_on_the_roster(session: Session) -> None:
    row, proctor = planned(session), people.user(session, Role.PROCTOR)
    roster.assign_staff(session, REGISTRAR, row.id, proctor.id, "proctor")
    roster.mark_present(session, REGISTRAR, row.id, proctor.id, now())
    with pytest.raises(Refusal):
        roster.remove_staff(session, REGISTRAR, row.id, proctor.id)
    roster.mark_left(session, REGISTRAR, row.id, proctor.id, now())
    roster.remove_staff(session, REGISTRAR, row.id, proctor.id)
    assert row.staff == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.sampled_from(["present", "left"]), st.integers(0, 2)), max_size=12))
def test_the_gate_always_counts_who_is_there(session: Session, steps: list[tuple[str, int]]) -> None:
    row = planned(session, "practical")
    panel = [people.user(session, Role.EXAMINER) for _ in range(3)]
    for user in panel:
        roster.assign_staff(session, REGISTRAR, row.id, user.id, "examiner")
    there: set[int] = set()
    for change, who in steps:
        if change == "present":
            roster.mark_present(session, REGISTRAR, row.id, panel[who].id, now())
            there.add(who)
        else:
            roster.mark_left(session, REGISTRAR, row.id, panel[who].id, now())
            there.discard(who)
        gate = roster.gate_of(session, row)
        assert (gate.have, gate.need, gate.passed) == (len(there), 2, len(there) >= 2)
