"""The desk: one press marks, compares and lets in; corrections leave what stood before in the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.core.errors import NotFound, Refusal
from app.delivery import direct, quick_start, starting
from app.delivery.starting import Sitter
from app.models.account import User
from app.models.attendance import Attendance, DeskPhoto
from app.models.audit import AuditLine
from app.models.exam import Attempt
from app.models.registration import ExamSession, Seat, SessionState
from app.registration import admission_code
from proctoring import attendance, attendance_list, desk_photos, doors, incidents, interventions
from proctoring.attendance import Check
from proctoring.duty import Watcher
from proctoring.incidents import Report
from proctoring.interventions import Wish
from proctoring.record_content import content_of
from proctoring.targets import Targets
from tests.factories import applicants, desk, people, rooms
from tests.factories.rooms import Room


@pytest.fixture
def here(session: Session) -> Room:
    return rooms.room(session, candidates=4, started=1)


def seat(session: Session, here: Room, number: int) -> Seat:
    session.expire_all()
    return session.scalars(select(Seat).where(Seat.session_id == here.session_id, Seat.number == number)).one()


def log(session: Session, tag: str) -> list[AuditLine]:
    return list(session.scalars(select(AuditLine).where(AuditLine.tag == tag).order_by(AuditLine.id)))


def test_a_match_marks_keeps_the_photo_and_lets_in(session: Session, here: Room) -> None:
    now, opened = clock_now(), session.get_one(ExamSession, here.session_id).opened_at
    assert opened is not None
    row = attendance.check(session, here.actor, here.session_id, 2, Check(), opened, applicants.picture(900, 1200))
    assert (row.arrival, row.comparison, row.document, row.checked_by) == (
        "present", "matches", "passport", here.proctor.id,
    )  # fmt: skip
    assert seat(session, here, 2).let_in_at == opened
    assert desk_photos.latest(session, seat(session, here, 2).id).startswith(b"\xff\xd8")
    late = attendance.check(session, here.actor, here.session_id, 3, Check(), now + timedelta(minutes=6))
    assert late.arrival == "late"
    assert [line.data["seat"] for line in log(session, "attendance:checked")] == [2, 3]


def test_somebody_else_is_not_let_in_and_a_correction_is_in_the_log(session: Session, here: Room) -> None:
    now = clock_now()
    attendance.check(session, here.actor, here.session_id, 2, Check(), now)
    attendance.check(session, here.actor, here.session_id, 2, Check("different", note="another face"), now)
    assert seat(session, here, 2).let_in_at is None
    (line,) = log(session, "attendance:corrected")
    assert line.data["before"]["comparison"] == "matches"
    assert (line.data["comparison"], line.data["note"]) == ("different", "another face")
    attendance.check(session, here.actor, here.session_id, 2, Check("doubtful", note="older photo"), now)
    assert seat(session, here, 2).let_in_at is not None
    attendance.check(session, here.actor, here.session_id, 2, Check(arrival="absent"), now)
    assert seat(session, here, 2).let_in_at is None


def test_the_absent_are_marked_together_but_nobody_who_is_at_work(session: Session, here: Room) -> None:
    now = clock_now()
    assert attendance.mark_absent(session, here.actor, here.session_id, [3, 4, 4], now) == 2
    assert attendance.mark_absent(session, here.actor, here.session_id, [1], now) == 0
    with pytest.raises(Refusal) as refused:
        attendance.check(session, here.actor, here.session_id, 1, Check(arrival="absent"), now)
    assert refused.value.code == "absent_but_started"
    found = attendance_list.lines(session, desk.place(session, here))
    assert attendance_list.counts(found) == {
        "expected": 4, "present": 0, "late": 0, "absent": 2, "turned_away": 0, "unchecked": 2,
    }  # fmt: skip
    assert [line.seat for line in found if line.unchecked_at_work] == [1]


def test_who_was_turned_away_has_not_come(session: Session, here: Room) -> None:
    opened = session.get_one(ExamSession, here.session_id).opened_at
    assert opened is not None
    attendance.check(session, here.actor, here.session_id, 2, Check(), opened)
    other = Check("different", note="another face")
    attendance.check(session, here.actor, here.session_id, 3, other, opened + timedelta(minutes=6))
    place = desk.place(session, here)
    assert attendance_list.counts(attendance_list.lines(session, place)) == {
        "expected": 4, "present": 1, "late": 0, "absent": 0, "turned_away": 1, "unchecked": 2,
    }  # fmt: skip
    told = content_of(session, place)["candidates"]
    assert (told["present"], told["late"], [one[0] for one in told["different"]]) == (1, [], [3])


def test_whom_a_colleague_compared_meanwhile_stays_present(session: Session, here: Room) -> None:
    now = clock_now()
    attendance.check(session, here.actor, here.session_id, 2, Check(), now)
    assert attendance.mark_absent(session, here.actor, here.session_id, [2, 3], now) == 1
    arrivals = {line.seat: line.arrival for line in attendance_list.lines(session, desk.place(session, here))}
    assert arrivals == {1: "", 2: "present", 3: "absent", 4: ""}
    assert seat(session, here, 2).let_in_at == now


def test_somebody_else_begins_nothing_until_a_check_finds_the_right_person(session: Session, here: Room) -> None:
    now, second = clock_now(), here.attempt_ids[1]
    attempt = session.get_one(Attempt, second)
    login = people.login(session, session.get_one(User, attempt.user_id))
    session.commit()
    sitter = Sitter(Actor(attempt.user_id, "", "test"), login.id, login.created_at)
    attendance.check(session, here.actor, here.session_id, 2, Check("different", note="another face"), now)
    everybody = interventions.act_on(
        session, here.actor, here.session_id, Targets(everybody=True), Wish("let_in", "late bus"), now
    )
    assert [one.refusal.code for one in everybody if one.refusal] == ["turned_away"]
    assert seat(session, here, 2).let_in_at is None
    with pytest.raises(Refusal) as refused:
        doors.let_in(session, here.actor, second, now)
    assert refused.value.code == "turned_away"
    session.commit()
    wish = quick_start.wish(second, login.id, "", "api")
    assert direct.line().run(lambda cursor: quick_start.begin(cursor, [wish])) == {}
    with pytest.raises(Refusal) as refused:
        starting.start(session, sitter, second, now)
    assert refused.value.code == "turned_away"
    attendance.check(session, here.actor, here.session_id, 2, Check(), now)
    assert starting.start(session, sitter, second, now).state == "in_progress"


def test_a_late_correction_makes_nobody_late(session: Session, here: Room) -> None:
    opened = session.get_one(ExamSession, here.session_id).opened_at
    assert opened is not None
    attendance.check(session, here.actor, here.session_id, 2, Check(), opened)
    attendance.check(session, here.actor, here.session_id, 3, Check(arrival="absent"), opened)
    later = opened + timedelta(minutes=20)
    doubt = Check("doubtful", note="an older photo")
    assert attendance.check(session, here.actor, here.session_id, 2, doubt, later).arrival == "present"
    assert attendance.check(session, here.actor, here.session_id, 3, Check(), later).arrival == "late"


def test_somebody_who_was_marked_absent_and_begins_is_seen(session: Session, here: Room) -> None:
    now = clock_now()
    attendance.mark_absent(session, here.actor, here.session_id, [2], now)
    attempt = session.get_one(Attempt, here.attempt_ids[1])
    attempt.state, attempt.started_at, attempt.deadline = "in_progress", now, now + timedelta(hours=1)
    session.flush()
    place = desk.place(session, here)
    assert [line.seat for line in attendance_list.lines(session, place) if line.unchecked_at_work] == [1, 2]
    told = content_of(session, place)["candidates"]
    assert [one[0] for one in told["absent"]] == [2]
    assert [(one[0], one[2]) for one in told["unchecked"]] == [(1, True), (2, True), (3, False), (4, False)]


@pytest.mark.parametrize(
    "check, code",
    [
        (Check("maybe"), "comparison_unknown"), (Check(document="library"), "document_unknown"),
        (Check(arrival="soon"), "arrival_unknown"), (Check("doubtful"), "note_missing"),
        (Check("different", note="  "), "note_missing"), (Check(note="x" * 501), "reason_too_long"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(session: Session, here: Room, check: Check, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        attendance.check(session, here.actor, here.session_id, 2, check, clock_now())
    assert refused.value.code == code


def test_only_on_duty_in_a_prepared_session_with_a_real_picture(session: Session, here: Room) -> None:
    with pytest.raises(Refusal) as refused:
        attendance.check(session, here.actor, here.session_id, 2, Check(), clock_now(), b"no picture")
    assert refused.value.code == "photo_unreadable"
    with pytest.raises(Refusal) as refused:
        attendance.check(session, here.actor, here.session_id, 99, Check(), clock_now())
    assert refused.value.code == "seat_unknown"
    session.get_one(ExamSession, here.session_id).state = SessionState.PLANNED
    session.flush()
    with pytest.raises(Refusal) as refused:
        attendance.check(session, here.actor, here.session_id, 2, Check(), clock_now())
    assert refused.value.code == "session_not_prepared"
    rooms.leave(session, here)
    with pytest.raises(Refusal) as refused:
        attendance.check(session, here.actor, here.session_id, 2, Check(), clock_now())
    assert refused.value.code == "not_on_duty"
    assert not session.scalars(select(Attendance)).all()


def test_a_person_is_found_by_seat_admission_number_and_name(session: Session, here: Room) -> None:
    found = attendance_list.lines(session, desk.place(session, here))
    third = found[2]
    for words in ("3", third.admission, third.admission.replace(" ", ""), third.name.upper(), "  "):
        assert third in attendance_list.sought(found, words), words
    assert attendance_list.sought(found, "nobody") == []
    assert attendance_list.sought(found, admission_code.number_of(10**6)) == []


def test_the_next_one_comes_up_until_all_are_marked(session: Session, here: Room) -> None:
    place = desk.place(session, here)
    order = []
    for _ in range(4):
        following = attendance_list.next_after(attendance_list.lines(session, place), order[-1] if order else 2)
        assert following is not None
        order.append(following.seat)
        attendance.check(session, here.actor, here.session_id, following.seat, Check(), clock_now())
    assert order == [3, 4, 1, 2]
    assert attendance_list.next_after(attendance_list.lines(session, place), 2) is None


def test_entry_is_over_when_nobody_can_start_any_more(session: Session, here: Room) -> None:
    place, now = desk.place(session, here), clock_now()
    assert not attendance.entry_over(place, now)
    assert attendance.entry_over(place, now + timedelta(minutes=32))
    place.exam.state = SessionState.CLOSED
    assert attendance.entry_over(replace(place), now)


def photographed(session: Session, here: Room) -> None:
    attendance.check(session, here.actor, here.session_id, 2, Check(), clock_now(), applicants.picture())
    session.commit()


def test_photos_go_when_their_time_is_over_and_an_open_incident_keeps_them(session: Session, here: Room) -> None:
    photographed(session, here)
    report = Report("identity", "whose face is it", blocking=False, seat=2)
    doubt = incidents.record(session, Watcher(here.actor), here.session_id, report, clock_now())
    assert desk_photos.delete_due(session, clock_now()) == 0
    desk.released(session, here, desk.long_ago(31))
    assert desk_photos.delete_due(session, clock_now()) == 0, "an incident is open"
    doubt.resolved_at = clock_now()
    session.flush()
    assert desk_photos.delete_due(session, clock_now() - timedelta(days=2)) == 0, "not yet"
    assert desk_photos.delete_due(session, clock_now()) == 1
    assert desk_photos.delete_due(session, clock_now()) == 0
    session.expire_all()
    (kept,) = session.scalars(select(DeskPhoto)).all()
    assert (kept.content, kept.deleted_at is not None, len(kept.sha256)) == (None, True, 64)
    assert log(session, "attendance:photo:deleted")[0].data == {"photo": kept.sha256}
    with pytest.raises(NotFound):
        desk_photos.latest(session, kept.seat_id)
