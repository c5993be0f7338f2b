"""Stations, turns, the day's changes and assigning by hand, on rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.core.errors import Refusal
from app.models.account import User
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat, StaffAssignment, Tie
from app.models.stations import ChangeKind, StationTurn
from app.practical.marking.heads import head_of
from app.practical.marking.sheets import start_practical
from app.practical.panels import absence, assigning, panels, stations
from app.practical.panels.stations import RulesWanted, StationWanted, turns_of
from app.registration.conflicts import declare_conflict
from app.schemes.scheme import scheme
from tests.factories import panels as factory
from tests.factories import practical
from tests.factories.practical import REGISTRAR

ALL = (*factory.ATTENDED, *factory.ALONE)


def seats_of(session: Session, exam: ExamSession) -> list[Seat]:
    return list(session.scalars(select(Seat).where(Seat.session_id == exam.id).order_by(Seat.number)))


def pairs_of(session: Session, exam: ExamSession) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for duty in practical.duties(session, exam.id):
        sheet = session.get_one(RubricSheet, duty.sheet_id)
        found.setdefault(sheet.seat_id, set()).add(sheet.examiner_id)
    return found


def allocated(session: Session, **how: int) -> ExamSession:
    exam = factory.with_stations(session, **how)
    panels.allocate_session(session, REGISTRAR, exam.id, clock_now())
    return exam


def test_everybody_gets_two_examiners_and_a_turn_for_every_task(session: Session) -> None:
    exam = allocated(session)
    for seat in seats_of(session, exam):
        turns = turns_of(session, seat.id)
        assert sorted(turn.slot for turn in turns) == sorted(ALL)
        assert turns[-1].starts_at + timedelta(minutes=turns[-1].minutes) - turns[0].starts_at <= timedelta(hours=2)
    assert all(len(pair) == 2 for pair in pairs_of(session, exam).values())


def test_without_stations_there_are_no_turns(session: Session) -> None:
    exam = practical.practical_session(session, candidates=2)
    panels.allocate_session(session, REGISTRAR, exam.id, clock_now())
    assert session.scalars(select(StationTurn)).all() == []


def test_allocating_again_changes_nothing(session: Session) -> None:
    exam = allocated(session)
    before = {
        (turn.seat_id, turn.slot): (turn.station_id, turn.starts_at) for turn in session.scalars(select(StationTurn))
    }
    pairs = pairs_of(session, exam)
    panels.allocate_session(session, REGISTRAR, exam.id, clock_now())
    after = {
        (turn.seat_id, turn.slot): (turn.station_id, turn.starts_at) for turn in session.scalars(select(StationTurn))
    }
    assert (before, pairs) == (after, pairs_of(session, exam))


def test_opening_needs_times_for_everybody(session: Session) -> None:
    exam = factory.with_stations(session)
    panels.open_practical(session, REGISTRAR, exam.id, clock_now())
    assert all(turns_of(session, seat.id) for seat in seats_of(session, exam))


def test_a_window_too_short_is_refused_with_what_would_help(session: Session) -> None:
    exam = factory.with_stations(session, candidates=6, examiners=2, desks=1, computers=1)
    exam.closes_at = exam.opens_at + timedelta(minutes=150)
    session.flush()
    with pytest.raises(Refusal) as refused:
        panels.allocate_session(session, REGISTRAR, exam.id, clock_now())
    assert refused.value.code == "timetable_impossible"
    assert refused.value.details["constraint"] in ("examiners_time", "desks_time", "places_time")
    assert refused.value.details["remedies"]


def test_one_examiner_is_too_few(session: Session) -> None:
    exam = factory.with_stations(session, candidates=2, examiners=1)
    with pytest.raises(Refusal) as refused:
        panels.allocate_session(session, REGISTRAR, exam.id, clock_now())
    assert refused.value.details["constraint"] == "too_few_examiners"
    assert refused.value.details["remedies"] == [[{"kind": "examiners", "count": 1}]]


def test_tied_candidates_are_named_by_seat(session: Session) -> None:
    exam = factory.with_stations(session, candidates=3, examiners=2)
    seat = seats_of(session, exam)[1]
    examiner = exam.staff[0].user_id
    declare_conflict(session, REGISTRAR, examiner, seat.application.candidate_id, Tie.KIN)
    with pytest.raises(Refusal) as refused:
        panels.allocate_session(session, REGISTRAR, exam.id, clock_now())
    assert refused.value.details["constraint"] == "ties_leave_too_few"
    assert refused.value.details["seats"] == [2]
    assert seat.application.candidate.name in refused.value.params["candidates"]


@pytest.mark.parametrize(
    "row, code",
    [
        (StationWanted("", ("call",)), "station_name_invalid"),
        (StationWanted("x" * 61, ("call",)), "station_name_invalid"),
        (StationWanted("a", ("nothing",)), "station_tasks_unknown"),
        (StationWanted("a", ()), "station_tasks_unknown"),
        (StationWanted("a", ("call", "chat")), "station_mixed"),
        (StationWanted("a", ("chat",), 0), "station_places_invalid"),
        (StationWanted("a", ("call",), 2), "station_places_invalid"),
    ],
)
def test_stations_that_cannot_be(session: Session, row: StationWanted, code: str) -> None:
    exam = practical.practical_session(session)
    with pytest.raises(Refusal) as refused:
        stations.set_stations(session, REGISTRAR, exam.id, [row], clock_now())
    assert refused.value.code == code


def test_capacity_0_and_rules_out_of_range_are_refused(session: Session) -> None:
    exam = practical.practical_session(session)
    for wanted, code in (
        (RulesWanted(people_at_once=0), "panel_capacity_invalid"),
        (RulesWanted(attend_minutes=0), "panel_rules_invalid"),
        (RulesWanted(rest_minutes=-1), "panel_rules_invalid"),
    ):
        with pytest.raises(Refusal) as refused:
            stations.set_rules(session, REGISTRAR, exam.id, wanted)
        assert refused.value.code == code


def test_stations_stand_once_the_session_is_open(session: Session) -> None:
    exam = factory.with_stations(session)
    panels.open_practical(session, REGISTRAR, exam.id, clock_now())
    with pytest.raises(Refusal) as refused:
        stations.set_stations(session, REGISTRAR, exam.id, [], clock_now())
    assert refused.value.code == "panel_fixed"


def test_an_absent_candidate_changes_nobody_elses_day(session: Session) -> None:
    exam = allocated(session)
    seat, *others = seats_of(session, exam)
    before = {one.id: [(turn.slot, turn.starts_at) for turn in turns_of(session, one.id)] for one in others}
    change = absence.candidate_absent(session, REGISTRAR, exam.id, seat.id, "did not come", clock_now())
    assert {line["seat"] for line in change.lines} == {seat.number}
    assert change.fewest
    assert turns_of(session, seat.id) == []
    assert {one.id: [(turn.slot, turn.starts_at) for turn in turns_of(session, one.id)] for one in others} == before
    came = absence.candidate_came(session, REGISTRAR, exam.id, seat.id, "came by a later train", clock_now())
    assert {line["seat"] for line in came.lines} == {seat.number}
    assert len(turns_of(session, seat.id)) == len(ALL)
    assert (change.kind, came.kind) == (ChangeKind.CANDIDATE_ABSENT, ChangeKind.CANDIDATE_CAME)


def test_another_examiner_takes_over_and_what_has_begun_stays(session: Session) -> None:
    exam = factory.with_stations(session, candidates=4, examiners=6, desks=3)
    panels.open_practical(session, REGISTRAR, exam.id, exam.opens_at)
    duty = practical.duties(session, exam.id)[0]
    begun = session.get_one(RubricSheet, duty.sheet_id).seat_id
    start_practical(session, duty.actor, duty.sheet_id, duty.examiner_id, exam.opens_at)
    before = pairs_of(session, exam)
    change = absence.examiner_absent(session, REGISTRAR, exam.id, duty.examiner_id, "taken ill", exam.opens_at)
    after = pairs_of(session, exam)
    assert after[begun] == before[begun]
    assert all(duty.examiner_id not in pair for seat, pair in after.items() if seat != begun)
    assert change.lines == [] or {line["what"] for line in change.lines} <= {"first", "second", *ALL}


def test_a_station_out_of_order_is_used_no_more(session: Session) -> None:
    exam = factory.with_stations(session, candidates=4, examiners=4, desks=3)
    panels.open_practical(session, REGISTRAR, exam.id, exam.opens_at)
    broken = factory.station(session, exam, "desk 1")
    absence.station_out(session, REGISTRAR, exam.id, broken.id, "no light", exam.opens_at)
    assert session.scalars(select(StationTurn).where(StationTurn.station_id == broken.id)).all() == []
    with pytest.raises(Refusal) as refused:
        absence.station_out(session, REGISTRAR, exam.id, broken.id, "still no light", exam.opens_at)
    assert refused.value.code == "station_unchanged"
    back = absence.station_back(session, REGISTRAR, exam.id, broken.id, "mended", exam.opens_at)
    assert (broken.out_of_order_at, back.kind) == (None, ChangeKind.STATION_BACK)
    with pytest.raises(Refusal) as refused:
        absence.station_back(session, REGISTRAR, exam.id, broken.id, "mended twice", exam.opens_at)
    assert refused.value.code == "station_unchanged"


def test_who_has_left_does_not_leave_again(session: Session) -> None:
    exam = factory.with_stations(session, candidates=1, examiners=4)
    panels.open_practical(session, REGISTRAR, exam.id, exam.opens_at)
    absence.examiner_absent(session, REGISTRAR, exam.id, exam.staff[0].user_id, "taken ill", exam.opens_at)
    with pytest.raises(Refusal) as refused:
        absence.examiner_absent(session, REGISTRAR, exam.id, exam.staff[0].user_id, "taken ill", exam.opens_at)
    assert refused.value.code == "left_already"


def test_the_timetable_keeps_the_schemes_rules_unless_the_session_has_its_own(session: Session) -> None:
    exam = practical.practical_session(session)
    own = scheme(exam.scheme).level(exam.level).practical.timetable
    standing = stations.rules_of(session, exam)
    assert (standing.attend_minutes, standing.rest_minutes) == (own.attend_minutes, own.rest_minutes)
    stations.set_rules(session, REGISTRAR, exam.id, RulesWanted(rest_minutes=15, people_at_once=3))
    standing = stations.rules_of(session, exam)
    assert (standing.attend_minutes, standing.rest_minutes, standing.gap_minutes, standing.people_at_once) == (
        own.attend_minutes, 15, own.gap_minutes, 3,
    )  # fmt: skip


def test_a_declared_tie_moves_the_candidate_to_another(session: Session) -> None:
    exam = factory.with_stations(session, candidates=2, examiners=6, desks=3)
    panels.open_practical(session, REGISTRAR, exam.id, exam.opens_at)
    duty = practical.duties(session, exam.id)[0]
    sheet = session.get_one(RubricSheet, duty.sheet_id)
    seat_id = sheet.seat_id
    change = absence.conflict_found(
        session, duty.actor, exam.id, seat_id, duty.examiner_id, Tie.TRAINER, "", exam.opens_at
    )
    assert change is not None
    assert duty.examiner_id not in pairs_of(session, exam)[seat_id]


def test_a_tie_stays_on_file_though_nobody_else_is_there(session: Session) -> None:
    exam = factory.with_stations(session, candidates=1, examiners=2, desks=1)
    panels.open_practical(session, REGISTRAR, exam.id, exam.opens_at)
    duty = practical.duties(session, exam.id)[0]
    seat = seats_of(session, exam)[0]
    made = absence.conflict_found(session, duty.actor, exam.id, seat.id, duty.examiner_id, Tie.KIN, "", exam.opens_at)
    assert made is None
    with pytest.raises(Refusal) as refused:
        start_practical(session, duty.actor, duty.sheet_id, duty.examiner_id, exam.opens_at)
    assert refused.value.code == "examiner_tied"


@pytest.mark.parametrize("code", ["reason_missing", "absent_already", "candidate_was_there"])
def test_absences_that_are_refused(session: Session, code: str) -> None:
    exam = factory.with_stations(session)
    panels.open_practical(session, REGISTRAR, exam.id, exam.opens_at)
    seat = seats_of(session, exam)[0]
    if code == "absent_already":
        absence.candidate_absent(session, REGISTRAR, exam.id, seat.id, "did not come", exam.opens_at)
    if code == "candidate_was_there":
        duty = practical.duties(session, exam.id)[0]
        start_practical(session, duty.actor, duty.sheet_id, duty.examiner_id, exam.opens_at)
    with pytest.raises(Refusal) as refused:
        absence.candidate_absent(
            session, REGISTRAR, exam.id, seat.id, " " if code == "reason_missing" else "late", exam.opens_at
        )
    assert refused.value.code == code


def test_by_hand_the_tie_is_named(session: Session) -> None:
    exam = allocated(session, candidates=2, examiners=4)
    seat = seats_of(session, exam)[0]
    pair = pairs_of(session, exam)[seat.id]
    other = next(place.user_id for place in exam.staff if place.user_id not in pair)
    declare_conflict(session, REGISTRAR, other, seat.application.candidate_id, Tie.TRAINER)
    with pytest.raises(Refusal) as refused:
        assigning.assign_pair(
            session, REGISTRAR, exam.id, seat.id, (other, next(iter(pair))), reason="swap", now=clock_now()
        )
    assert refused.value.code == "assignment_tied"
    assert refused.value.details["ties"] == [Tie.TRAINER]
    assert session.get_one(User, other).name == refused.value.params["examiner"]


def test_by_hand_nobody_attends_two_at_once(session: Session) -> None:
    exam = allocated(session, candidates=2, examiners=4)
    one, other = seats_of(session, exam)
    pairs = pairs_of(session, exam)
    if turns_of(session, one.id)[0].starts_at == turns_of(session, other.id)[0].starts_at:
        with pytest.raises(Refusal) as refused:
            assigning.assign_pair(
                session, REGISTRAR, exam.id, one.id, (min(pairs[other.id]), max(pairs[other.id])), reason="swap",
                now=clock_now(),
            )  # fmt: skip
        assert refused.value.code == "assignment_breaks_rule"


def test_the_21st_candidate_as_first_is_refused(session: Session) -> None:
    exam = practical.practical_session(session, candidates=21, examiners=3)
    panels.allocate_session(session, REGISTRAR, exam.id, clock_now())
    by_first: dict[int, list[int]] = {}
    for duty in practical.duties(session, exam.id):
        sheet = session.get_one(RubricSheet, duty.sheet_id)
        if sheet.order == "first":
            by_first.setdefault(sheet.examiner_id, []).append(sheet.seat_id)
    chosen, second = (place.user_id for place in exam.staff[:2])
    others = [seat.id for seat in seats_of(session, exam) if seat.id not in by_first.get(chosen, [])]

    def assign(seat_id: int) -> None:
        assigning.assign_pair(session, REGISTRAR, exam.id, seat_id, (chosen, second), reason="one", now=clock_now())

    for seat_id in others[:-1]:
        assign(seat_id)
    with pytest.raises(Refusal) as refused:
        assign(others[-1])
    assert refused.value.code == "examiner_at_limit"


@pytest.mark.parametrize("pair", [(0, 0), (0, 10**6)])
def test_a_pair_is_two_of_the_panel(session: Session, pair: tuple[int, int]) -> None:
    exam = allocated(session, candidates=1, examiners=2)
    known = [place.user_id for place in exam.staff]
    named = tuple(known[number] if number < len(known) else number for number in pair)
    with pytest.raises(Refusal) as refused:
        assigning.assign_pair(
            session, REGISTRAR, exam.id, seats_of(session, exam)[0].id, (named[0], named[1]), reason="x",
            now=clock_now(),
        )  # fmt: skip
    assert refused.value.code == "pair_unknown"


def test_one_head_at_most(session: Session) -> None:
    exam = practical.practical_session(session, examiners=3)
    one, other, _ = (place.user_id for place in exam.staff)
    assigning.set_head(session, REGISTRAR, exam.id, one)
    assigning.set_head(session, REGISTRAR, exam.id, other)
    assert head_of(session, exam.id) == other
    assigning.set_head(session, REGISTRAR, exam.id, None)
    assert head_of(session, exam.id) is None
    with pytest.raises(Refusal) as refused:
        assigning.set_head(session, REGISTRAR, exam.id, 10**9)
    assert refused.value.code == "head_not_rostered"
    assert session.scalars(select(StaffAssignment).where(StaffAssignment.head)).all() == []
