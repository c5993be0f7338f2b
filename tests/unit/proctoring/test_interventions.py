"""Who may step in, and that it is in force at once and leaves its reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.core.db import db
from app.core.errors import Refusal
from app.delivery import sessions
from app.models.account import Role
from app.models.audit import AuditLine
from app.models.certificate import PartResult
from app.models.exam import Attempt, AttemptState
from app.results.release import Release, release_session
from proctoring import interventions
from proctoring.interventions import MOST_SECONDS
from tests.factories import people, rooms, theory

WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")


def test_a_pause_stops_the_clock_and_a_resume_gives_it_back(session: Session) -> None:
    here, now = rooms.room(session), clock_now()
    attempt_id = here.attempt_ids[0]
    before = session.get_one(Attempt, attempt_id).deadline
    assert before is not None
    interventions.pause(session, here.actor, attempt_id, " alarm ", now)
    assert rooms.state_of(session, attempt_id) == AttemptState.PAUSED
    interventions.resume(session, here.actor, attempt_id, "alarm over", now + timedelta(minutes=7))
    assert session.get_one(Attempt, attempt_id).deadline == before + timedelta(minutes=7)
    lines = session.scalars(select(AuditLine).where(AuditLine.subject_id == str(attempt_id)).order_by(AuditLine.id))
    told = [(line.tag, line.actor_id, line.data["reason"]) for line in lines if "reason" in line.data]
    assert told == [
        ("attempt:paused", here.proctor.id, "alarm"), ("attempt:resumed", here.proctor.id, "alarm over"),
    ]  # fmt: skip


def test_extra_time_moves_only_this_deadline(session: Session) -> None:
    here, now = rooms.room(session), clock_now()
    one, other = here.attempt_ids
    before = {number: session.get_one(Attempt, number).deadline for number in here.attempt_ids}
    interventions.extend(session, here.actor, one, 600, reason="screen was dark", now=now)
    session.expire_all()
    assert before[one] is not None
    assert session.get_one(Attempt, one).deadline == before[one] + timedelta(seconds=600)
    assert session.get_one(Attempt, other).deadline == before[other]


def test_a_void_ends_the_attempt(session: Session) -> None:
    here = rooms.room(session)
    interventions.void(session, here.actor, here.attempt_ids[0], "another person at the seat", clock_now())
    assert rooms.state_of(session, here.attempt_ids[0]) == AttemptState.VOIDED


@pytest.mark.parametrize("action", ["pause", "resume", "void"])
def test_only_who_is_assigned_and_present(session: Session, action: str) -> None:
    here, elsewhere = rooms.room(session), rooms.room(session)
    act = getattr(interventions, action)
    for actor in (elsewhere.actor, Actor(people.user(session, Role.PROCTOR).id, "x"), Actor(None, "nobody")):
        with pytest.raises(Refusal) as refused:
            act(session, actor, here.attempt_ids[0], "because", clock_now())
        assert refused.value.status == 404
    rooms.leave(session, here)
    with pytest.raises(Refusal) as refused:
        act(session, here.actor, here.attempt_ids[0], "because", clock_now())
    assert (refused.value.code, refused.value.status) == ("not_on_duty", 409)
    assert rooms.state_of(session, here.attempt_ids[0]) == AttemptState.IN_PROGRESS


@pytest.mark.parametrize("reason", ["", "   \n", "x" * 501])
def test_a_reason_is_always_given(session: Session, reason: str) -> None:
    here, now = rooms.room(session), clock_now()
    for act in (interventions.pause, interventions.void):
        with pytest.raises(Refusal, match="reason"):
            act(session, here.actor, here.attempt_ids[0], reason, now)
    with pytest.raises(Refusal, match="reason"):
        interventions.extend(session, here.actor, here.attempt_ids[0], 60, reason=reason, now=now)


@pytest.mark.parametrize("seconds", [0, -1, MOST_SECONDS + 1])
def test_extra_time_has_bounds(session: Session, seconds: int) -> None:
    here = rooms.room(session)
    with pytest.raises(Refusal) as refused:
        interventions.extend(session, here.actor, here.attempt_ids[0], seconds, reason="why", now=clock_now())
    assert refused.value.code == "seconds_out_of_range"


def test_an_attempt_that_is_over_is_beyond_reach(session: Session) -> None:
    here = rooms.room(session)
    late = clock_now() + timedelta(hours=3)
    with pytest.raises(Refusal) as refused:
        interventions.extend(session, here.actor, here.attempt_ids[0], 60, reason="too late", now=late)
    assert refused.value.code == "attempt_closed"


def test_what_is_voided_while_the_results_are_released_is_no_result(store: Flask, session: Session) -> None:
    here = rooms.room(session, candidates=1)
    sessions.close_session(session, theory.REGISTRAR, here.session_id, clock_now())
    session.commit()

    def release() -> Release:
        with store.app_context():
            done = release_session(db.session(), theory.REGISTRAR, here.session_id, clock_now())
            db.session.commit()
            return done

    with ThreadPoolExecutor(1) as pool:
        interventions.void(session, here.actor, here.attempt_ids[0], "phone found", clock_now())
        released = pool.submit(release)
        while not session.scalar(WAITING) and not released.done():
            pass
        session.commit()
        assert (released.result().results, released.result().without) == (0, 1)
    assert session.scalar(select(sa.func.count()).select_from(PartResult)) == 0
    assert rooms.state_of(session, here.attempt_ids[0]) == AttemptState.VOIDED
