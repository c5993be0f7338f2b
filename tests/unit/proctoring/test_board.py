"""The picture agrees with the database, whatever happened in the room."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.models.exam import Attempt, AttemptState, Response
from app.models.registration import ExamSession
from proctoring import board, duty, incidents, interventions
from proctoring.board_drawing import Snapshot
from proctoring.board_shapes import Board
from proctoring.duty import Watcher
from proctoring.incidents import Report
from proctoring.presence import Presence, Sign
from proctoring.volatile import Volatile
from tests.factories import rooms
from tests.factories.absent_store import Gone
from tests.factories.rooms import Room

NOBODY_KNOWS = Presence(Volatile(Gone()))
ACTS = ("pause", "resume", "extend", "void", "incident", "takeover", "answer", "flag")


class Seen(Presence):
    """A store that saw exactly these."""

    def __init__(self, seen: dict) -> None:
        self.known = seen

    def signs(self, attempt_ids):
        return {one: Sign(self.known[one]) for one in attempt_ids if one in self.known}


def picture(session: Session, here: Room, **how) -> Board:
    session.expire_all()
    exam = session.get_one(ExamSession, here.session_id)
    return board.picture(session, exam, how.get("present", NOBODY_KNOWS), how.get("now") or clock_now())


def do(session: Session, here: Room, act: str, attempt_id: int) -> None:
    now, seat = clock_now(), here.attempt_ids.index(attempt_id) + 1
    state = rooms.state_of(session, attempt_id)
    if act == "pause" and state == AttemptState.IN_PROGRESS:
        interventions.pause(session, here.actor, attempt_id, "why", now)
    elif act == "resume" and state == AttemptState.PAUSED:
        interventions.resume(session, here.actor, attempt_id, "why", now)
    elif act == "extend" and state != AttemptState.VOIDED:
        interventions.extend(session, here.actor, attempt_id, 60, reason="why", now=now)
    elif act == "void" and state != AttemptState.VOIDED:
        interventions.void(session, here.actor, attempt_id, "why", now)
    elif act in ("incident", "takeover"):
        category = "takeover" if act == "takeover" else "health"
        report = Report(category, "seen", blocking=act == "incident", seat=seat)
        incidents.record(session, Watcher(here.actor), here.session_id, report, now)
    elif act in ("answer", "flag"):
        last = session.scalar(select(func.max(Response.position)).where(Response.attempt_id == attempt_id)) or 0
        answer = ["A"] if act == "answer" else []
        session.execute(insert(Response).values(attempt_id=attempt_id, position=last + 1, answer=answer,
                                                flagged=act == "flag", seq=last + 1, saved_at=now))  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), max_size=12))
def test_the_counts_equal_the_database(session: Session, acts: list[tuple[str, int]]) -> None:
    here = rooms.room(session, candidates=3, started=2)
    for act, place in acts:
        do(session, here, act, here.attempt_ids[place])
    shown = picture(session, here)
    assert sorted(one.seat for one in shown.candidates) == [1, 2, 3]
    states = Counter(session.scalars(select(Attempt.state).where(Attempt.session_id == here.session_id)))
    assert shown.counts == states == Counter(one.state for one in shown.candidates)
    for one in shown.candidates:
        begun = one.started_at is not None  # nobody answers before that
        mine = [act for act, place in acts if place == one.seat - 1 and (begun or act not in ("answer", "flag"))]
        assert one.answered == mine.count("answer")
        assert one.flagged == mine.count("flag")
        assert one.takeovers == mine.count("takeover")
        assert one.incidents == mine.count("takeover") + mine.count("incident")
        assert one.blocking_incidents == mine.count("incident")
        assert one.items == 90
    urgency = [board.attention.urgency(one.attention) for one in shown.candidates]
    assert urgency == sorted(urgency)


def test_the_silent_come_first_and_heartbeats_count(session: Session) -> None:
    here = rooms.room(session, candidates=3)
    now = clock_now() + timedelta(minutes=5)
    present = Seen({here.attempt_ids[0]: now, here.attempt_ids[2]: now - timedelta(seconds=10)})
    shown = picture(session, here, present=present, now=now)
    assert [one.seat for one in shown.candidates] == [2, 1, 3]
    assert [one.attention for one in shown.candidates] == [["silent"], [], []]
    assert [one.seconds_since_sign for one in shown.candidates][1:] == [0, 10]
    assert shown.signs_known


def test_without_the_store_nobody_is_called_silent(session: Session) -> None:
    here = rooms.room(session)
    shown = picture(session, here, now=clock_now() + timedelta(minutes=50))
    assert not shown.signs_known
    assert not any(one.attention for one in shown.candidates)


def test_looking_closes_what_is_past_its_time(session: Session) -> None:
    here = rooms.room(session)
    shown = picture(session, here, now=clock_now() + timedelta(hours=3))
    assert {one.state for one in shown.candidates} == {"expired"}, "marked, but that is no business of the room"
    assert rooms.state_of(session, here.attempt_ids[0]) == AttemptState.MARKED


def test_the_staff_is_counted_on_who_is_there(session: Session) -> None:
    here = rooms.room(session)
    assert (picture(session, here).staffing.have, picture(session, here).staffing.need) == (1, 1)
    rooms.leave(session, here)
    assert picture(session, here).staffing.have == 0


def test_the_same_picture_later_has_the_same_tag(session: Session) -> None:
    here, now = rooms.room(session), clock_now()
    early, later = picture(session, here, now=now), picture(session, here, now=now + timedelta(seconds=9))
    assert early.candidates[0].time_left_seconds != later.candidates[0].time_left_seconds
    assert Snapshot.of(early).etag == Snapshot.of(later).etag
    interventions.pause(session, here.actor, here.attempt_ids[0], "why", now)
    assert Snapshot.of(picture(session, here, now=now)).etag != Snapshot.of(early).etag


def test_who_may_look(session: Session) -> None:
    here, elsewhere = rooms.room(session), rooms.room(session)
    for watcher in (Watcher(here.actor), Watcher(Actor(None, "registrar"), registrar=True)):
        assert duty.watched_session(session, watcher, here.session_id).id == here.session_id
    for watcher in (Watcher(elsewhere.actor), Watcher(Actor(None, "nobody"))):
        with pytest.raises(duty.NotFound):
            duty.watched_session(session, watcher, here.session_id)
